"""Many small pieces that each keep within their own limit: a file is read, and a decision carried out, within one."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from fuzz.limits import within
from passlens.errors import RuleFileError, TemplateError
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response
from passlens.recordings.filters import parse
from passlens.scenarios import apply, reader
from passlens.scenarios.budget import MAX_MADE_CHARS, MAX_SECONDS, READING, limited, made
from passlens.scenarios.engine import Engine
from passlens.scenarios.patterns import MAX_VALUE_CHARS, fits
from passlens.scenarios.reader import read_file, read_text
from passlens.scenarios.rewrite import edit_response
from passlens.scenarios.rule_files import LARGEST_BODIES, LARGEST_BODY
from passlens.scenarios.template_values import context
from scenarios.made import NOW, exchange, scenario

SLACK = 0.75
"""Seconds of CPU: one step more than the limit."""

SHORT = 0.05
"""A limit that what is to run into it runs into on the fastest machine."""

SLOW = "{% for a in range(100) %}{% for b in range(90) %}{{ 'a' | urlencode | length }}{% endfor %}{% endfor %}"


def rule_with(expressions: int) -> str:
    words = [rf"(?i)\w{{{100 + number % 60}}}{number}" for number in range(expressions)]
    rules = [
        f"  - {{name: r{number}, when: {{code: {{matches: '{word}'}}}}, then: {{delay: 1}}}}"
        for number, word in enumerate(words)
    ]
    return "rules:\n" + "\n".join(rules)


def test_expressions_of_a_file_are_read_within_its_time() -> None:
    scenario(rule_with(1))
    within(READING + SLACK, lambda: is_refused(rule_with(200), "the file's expressions take more than"))


def is_refused(text: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        read_text(text.encode(), Path("a.yaml"), check_filter=parse)


def read_in_time(text: str, words: str) -> None:
    """A file that is refused with these words, and soon."""
    # What YAML itself costs is bounded by the size of a file.
    within(READING + SLACK, lambda: is_refused(text, words))


def test_a_short_expression_cannot_stand_for_a_long_one() -> None:
    rule = "rules:\n  - {name: a, when: {code: {matches: '(?:[ab]{0,400}){0,200}[cd]'}}, then: {delay: 1}}\n"
    read_in_time(rule, r"matches: the expression repeats more than 2000 signs; use lower counts")
    value = "a" * MAX_VALUE_CHARS
    assert within(MAX_SECONDS + SLACK, lambda: fits("(?:[ab]{0,40}){0,49}[cd]", value)) is False


@pytest.mark.parametrize("filter_", ["((((((((~q ))))))))", "!!!!!!!!!!!!!!!!~q", "!(!(!(!(~q ))))", "!" * 900 + "~q"])
def test_a_filter_is_read_in_no_time_or_not_at_all(filter_: str) -> None:
    rule = f"rules:\n  - {{name: a, when: {{filter: '{filter_}'}}, then: {{delay: 1}}}}\n"
    read_in_time(rule, "is nested too deep for mitmproxy's filter expressions; use fewer brackets and !")


def test_filters_of_a_file_share_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "READING", SHORT / 5)
    rules = (f"  - {{name: r{n}, when: {{filter: '!(!(~u a{n} ))'}}, then: {{delay: 1}}}}\n" for n in range(200))
    read_in_time("rules:\n" + "".join(rules), "the file's expressions take more than")


@pytest.mark.parametrize("wrong", ["", "statu: 1, "])
def test_templates_of_a_file_share_one_time(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "READING", SHORT)
    texts = ", ".join(f"'{{{{ code ~ {number} }}}}'" for number in range(4000))
    rule = f"rules:\n  - {{name: a, then: {{respond: {{{wrong}json: [{texts}]}}}}}}\n"
    read_in_time(rule, "the file's expressions and templates take more than")


def test_copies_of_one_template_are_no_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "READING", SHORT)
    rule = f"rules:\n  - {{name: a, then: {{respond: {{json: [&a '{'{{ code }}' * 1600}',{'*a, ' * 60}]}}}}}}\n"
    read_in_time(rule, "the file's expressions and templates take more than")


def test_a_long_list_costs_no_more_than_its_length() -> None:
    values = ", ".join(f"c{number}" for number in range(9000))
    rule = f"rules:\n  - {{name: a, when: {{code: {{one_of: [{values}], contains: x}}}}, then: {{delay: 1}}}}\n"
    chosen = within(READING + 2 * SLACK, lambda: scenario(rule))
    assert "no value of code can fit all that it asks for" in chosen.warnings[0]


def test_many_rules_are_compared_soon() -> None:
    rules = "".join(f"  - {{name: r{n}, when: {{code: c{n}}}, then: {{delay: 1}}}}\n" for n in range(500))
    assert not within(READING + SLACK, lambda: scenario("rules:\n" + rules)).warnings


def copies(count: int) -> str:
    members = "\n".join(f'            a{number}: "{SLOW}"' for number in range(count))
    return f"rules:\n  - name: a\n    then:\n      respond:\n        json:\n{members}\n"


def test_copies_of_a_template_share_one_time() -> None:
    chosen = scenario(copies(100))
    ex = exchange("P1")
    decided = Engine(chosen, random.Random(1)).decide(Decoded(ex), NOW)
    respond = chosen.rules[0].then.respond
    assert respond is not None

    def respond_to_it() -> None:
        with pytest.raises(TemplateError, match="it takes more than"):
            apply.response(respond, Decoded(ex), decided, NOW)

    within(MAX_SECONDS + SLACK, respond_to_it)


def test_templates_of_a_decision_share_one_size() -> None:
    with limited():
        made(MAX_MADE_CHARS)
        with pytest.raises(Exception, match="longer than"):
            made(1)


def test_copies_of_a_patch_do_not_double_for_ever() -> None:
    steps = "\n".join(f"          - {{op: copy, from: '', path: /a{number}}}" for number in range(300))
    text = f"rules:\n  - name: a\n    then:\n      rewrite_response:\n        patch:\n{steps}\n"
    rewrite = scenario(text).rules[0].then.rewrite_response
    assert rewrite is not None

    def rewrite_it() -> None:
        with pytest.raises(TemplateError, match="costs too much"):
            edit_response(rewrite, Response((), b'{"b": 1}', status=200))

    within(MAX_SECONDS + SLACK, rewrite_it)


def test_members_of_a_merge_share_one_time() -> None:
    members = ", ".join(f"new{number}: {number}" for number in range(60))
    text = f"rules:\n  - {{name: a, then: {{rewrite_response: {{merge: {{{members}}}}}}}}}\n"
    rewrite = scenario(text).rules[0].then.rewrite_response
    assert rewrite is not None
    body = json.dumps({f"member{number}": [number] * 3 for number in range(9_000)}).encode()

    def rewrite_it() -> None:
        with pytest.raises(TemplateError, match="costs too much"):
            edit_response(rewrite, Response((), body, status=200))

    within(MAX_SECONDS + SLACK, rewrite_it)


def test_a_long_form_costs_no_more_than_its_length() -> None:
    ex = replace(
        exchange("C1"), request=replace(exchange("C1").request, body=b"&".join(b"a%d=b" % n for n in range(4000)))
    )
    form = within(0.1, lambda: context(Decoded(ex), NOW, random.Random(1))["form"])
    assert len(form) > 900


@pytest.mark.parametrize("more", [0, 1])
def test_body_files_share_one_size(tmp_path: Path, more: int) -> None:
    rules = ""
    for number in range(LARGEST_BODIES // LARGEST_BODY):
        (tmp_path / f"b{number}").write_bytes(b"x" * LARGEST_BODY)
        rules += f"  - {{name: r{number}, then: {{respond: {{body_file: b{number}}}}}}}\n"
    (tmp_path / "last").write_bytes(b"x" * more)
    rules += "  - {name: last, then: {respond: {body_file: last}}}\n"
    path = tmp_path / "a.yaml"
    path.write_text("rules:\n" + rules)
    if more:
        with pytest.raises(RuleFileError, match="is larger than"):
            read_file(path)
    else:
        assert len(read_file(path).rules) == LARGEST_BODIES // LARGEST_BODY + 1
