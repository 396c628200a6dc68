"""Templates of a rule file that somebody else wrote: none leaves Jinja's sandbox, runs for long or allocates much."""

import random
import tracemalloc
from pathlib import Path

import pytest

from fuzz import limits
from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.scenarios.budget import MAX_SECONDS
from passlens.scenarios.template import render
from passlens.scenarios.template_engine import LARGEST, MAX_CHARS, MAX_TEMPLATE_CHARS, check
from passlens.scenarios.template_values import context
from scenarios.made import NOW, exchange

SEEN = context(Decoded(exchange("P1")), NOW, random.Random(1))


def told(text: str) -> str:
    """Why a template is refused, at the latest when it is filled in; nothing if it is not."""
    try:
        check(text)
        render(text, SEEN)
    except TemplateError as error:
        return str(error)
    return ""


ROOTS = (
    "''", "()", "1", "now", "random", "form", "headers", "device_info", "range", "loop", "self", "token", "request",
    "config", "lipsum", "cycler", "joiner", "namespace", "dict", "_turn", "_joined", "caller",
)  # fmt: skip
STEPS = (
    ".__class__.__mro__[1].__subclasses__()",
    "['__class__']",
    "['_' ~ '_class_' ~ '_']",
    "|attr('__class__')",
    ".__init__.__globals__",
    ".__init__.__globals__.__builtins__",
    "['__globals__']['os'].popen('id').read()",
    ".__self__",
    ".__func__",
    ".__code__",
    ".__dict__",
    ".__getattribute__('__class__')",
    ".format(a=1)",
    ".format_map({})",
    ".mro()",
    ".environment",
    "._source",
    "._TemplateReference__context",
    "._module.__builtins__",
    ".gi_frame.f_back",
    ".__reduce_ex__(2)",
    ".encode().decode('unicode_escape')",
    "|map('attr', '__class__')|list",
    "|map(attribute='__class__')",
    "|groupby('__class__')",
    "|sort(attribute='__class__')|tojson",
    "|unique(attribute='__class__')|tojson",
    "|select('callable')",
    "|xmlattr",
    "|pprint",
    "|string|safe",
)


@pytest.mark.parametrize("step", STEPS)
def test_no_way_leads_out_of_the_sandbox(step: str) -> None:
    for root in ROOTS:
        # What is empty can be sorted by anything.
        assert told("{{ " + root + step + " }}") or (root in ("()", "''") and step[:5] == "|sort"), root


@pytest.mark.parametrize("root", ROOTS[8:10] + ROOTS[12:])
def test_nothing_but_the_values_of_the_request_can_be_named(root: str) -> None:
    with pytest.raises(TemplateError):
        render("{{ " + root + " }}", SEEN)


TEXT = "{% set a = 'xxxxxxxxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 11  # 32,768 characters
OTHER = "{% set b = 'yyyyyyyyyyyyyyyy' %}" + "{% set b = b ~ b %}" * 11 + "{% set b = b ~ 'x' %}"
LOOPS = "{% for n in range(1000) %}{% for m in range(9) %}", "{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    "work",
    [
        "{% if a|sort == 1 %}{% endif %}",
        "{% if a|upper|lower|capitalize == 1 %}{% endif %}",
        "{% if a|trim(b) == 1 %}{% endif %}" * 20,
        "{% if a.strip(b) == 1 %}{% endif %}" * 20,
        "{% if headers|tojson|sort|length == 1 %}{% endif %}",
        "{% if (a ~ n)|length == 1 %}{% endif %}" * 20,
        "{% if range(1000)|sort|reverse|first == 1 %}{% endif %}",
    ],
)
def test_no_template_runs_for_long(work: str) -> None:
    def run(data: bytes) -> None:
        start = TEXT + OTHER + "{% set n = 1 %}"
        for text in (start + LOOPS[0] + work + LOOPS[1], start + work * (9_000 // len(work))):
            why = told(text)
            assert not why or "it takes more than 0.25 seconds" in why

    limits.within_time(run, b"", 1.5)


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 60,
        "{% set a = 'x' %}" + "{% set a = a + a %}" * 60,
        "{% for n in range(1000) %}" + "x" * 9_000 + "{% endfor %}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 'x' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ range(999999999)|sort }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 1 if 1 else 9 ** 99999999 }}{{ 10 ** 10 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'a'.center(999999999) }}",
        "{{ 'a'.ljust(999999999) }}",
        "{{ 'a'.join(range(1000)) }}",
        "{{ 'a'|center(999999999) }}",
        "{{ 'a'|indent(999999999) }}",
        "{{ 'a'|format(999999999) }}",
        "{% set a = [1, 2] %}",
        "{{ '" + "x" * MAX_CHARS + "' }}",
    ],
)
def test_no_template_allocates_much(text: str) -> None:
    limits.forget()
    tracemalloc.start()
    try:
        with pytest.raises(TemplateError):
            render(text, SEEN)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 * LARGEST


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
        "{{ " + "not " * 3_000 + "1 }}",
        "{{ " + "-" * 9_000 + "1 }}",
        "{{ " + "[" * 5_000 + "]" * 5_000 + " }}",
        "{{ a" + ".a" * 7_000 + " }}",
        "{{ a" + "|upper" * 2_500 + " }}",
        "{{ 1" + " + 1" * 4_000 + " }}",
        "{{ 1" + " ~ 1" * 4_000 + " }}",
        "{% if a %}" * 700 + "{% endif %}" * 700,
        "{{ " + "9" * 9_000 + " }}",
        "{{ 1e99999 }}",
        "{{ '" + "\\ud800" + "' }}",
        "{% raw %}{{",
        "{% set x.y = 1 %}",
        "{% for a, (b, c) in [[1, [2]]] %}{% endfor %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% trans %}a{% endtrans %}",
        "{% do a %}",
    ],
)
def test_templates_that_break_parsers_are_refused_or_taken_in_one_clause(text: str) -> None:
    why = told(text)
    assert "\n" not in why
    assert len(why) < 400


def test_the_bounds_are_those_that_the_documentation_names() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
    assert "may have 16 KiB, put together texts of 64 KiB, make 1 MiB and take a quarter of a second" in page
    assert (MAX_CHARS, MAX_TEMPLATE_CHARS, LARGEST, MAX_SECONDS) == (16 << 10, 64 << 10, 1 << 20, 0.25)
