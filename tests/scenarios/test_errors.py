"""One sentence about a rule file: places, nearest words, nothing unprintable."""

from pathlib import Path

import pytest
from mitmproxy import flowfilter

from passlens.errors import RuleError, RuleFileError
from passlens.scenarios.errors import MAX_COUNT, in_words, keys_at, rule_file_error
from passlens.scenarios.model import RuleFile
from passlens.scenarios.reader import read_text
from scenarios.made import scenario


def test_places_in_words() -> None:
    assert in_words(("rules", 0, "when", "form", "mvpd")) == "rules[0].when.form.mvpd"


def test_a_long_step_is_cut() -> None:
    assert in_words(("rules", "x" * 80)) == "rules." + "x" * 80
    assert in_words(("rules", "x" * 81)) == "rules." + "x" * 77 + "..."


def test_known_keys_follow_the_models() -> None:
    assert keys_at(RuleFile, ()) == ["description", "seed", "rules", "expect"]
    assert "body_file" in keys_at(RuleFile, ("rules", 0, "then", "respond"))
    assert "json" in keys_at(RuleFile, ("rules", 0, "then", "respond"))
    assert "contains" in keys_at(RuleFile, ("rules", 0, "when", "form", "mvpd"))
    assert "contains" in keys_at(RuleFile, ("rules", 0, "when", "form", "matches"))
    assert keys_at(RuleFile, ("rules", 0, "name", "x")) == []
    assert "from" in keys_at(RuleFile, ("rules", 0, "then", "rewrite_response", "patch", 0))


def test_the_sentence_can_be_shown_anywhere() -> None:
    error = rule_file_error(Path("a\n.yaml"), RuleError("has \x1b[31m in it", ("rules",), 3, 4))
    assert str(error) == "a\ufffd.yaml:3:4: rules: has \ufffd[31m in it."
    assert (error.line, error.column, error.key) == (3, 4, "rules")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("when: {operation: 7}, then: {delay: 1}", "operation: is the number 7, expected a text or a list of texts."),
        ("when: {mvpd: [A]}, then: {delay: 1}", "mvpd: is a list, expected a text, a number, true or false, or keys"),
        ("then: {outcome: 429}", "outcome: is the number 429, expected the name of an answer such as P3"),
        ("then: {delay: 3s}", "delay: is the text 3s, expected a number of milliseconds, or keys with values."),
        ("then: {delay: {uniform: [1, 2]}}", "uniform: is a list, expected keys with values, such as lower and upper."),
        (
            "then: {respond: 404}",
            "respond: is the number 404, expected keys with values, such as status, headers and body.",
        ),
        ("then: {fault: [cut_body]}", "fault: is a list, expected connection_reset, no_answer, .* or slow_drip."),
        ("then: {respond: {body: {a: 1}}}", "body: is keys with values, expected a text."),
        ("then: {state: 4}", r"state: is the number 4, expected a text \(put it in quotes\)."),
    ],
)
def test_what_is_of_another_kind_is_told_with_all_that_it_can_be(rule: str, words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        scenario(f"rules:\n  - {{name: a, {rule}}}\n")


def test_a_misspelt_key_goes_before_what_is_missing_because_of_it() -> None:
    with pytest.raises(RuleFileError, match=r"rules\[0\].nam: is no known key; did you mean name\?"):
        scenario("rules:\n  - nam: a\n    then: {delay: 1}\n")


def test_a_wrong_value_goes_before_what_is_missing() -> None:
    with pytest.raises(RuleFileError, match=r"priority: is 0, expected at least 1"):
        scenario("rules:\n  - {name: a}\n  - {name: b, priority: 0, then: {delay: 1}}\n")


ALL = """
rules:
  - nam: first
    when: {operaton: partner-session}
    then: {delay: 700000}
  - name: second
    then: {outcome: P33}
  - name: second
    when: {filter: "~~"}
    then: {respond: {json: {a: "{{ servise_provider }}", b: "{{ random.cod() }}"}}}
  - name: fourth
    priority: 5
    priority: 0o7
    then: {respond: {status: 010}}
"""


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    with pytest.raises(RuleFileError) as caught:
        read_text(ALL.encode(), Path("all.yaml"), check_filter=flowfilter.parse)
    said = [sentence.removeprefix("all.yaml:") for sentence in caught.value.sentences]
    assert said == [
        "3:5: rules[0].nam: is no known key; did you mean name?",
        "4:12: rules[0].when.operaton: is no known key; did you mean operation?",
        "5:12: rules[0].then.delay: is 700000.0, expected milliseconds from 0 to 600000.",
        *said[3:],
    ]
    assert [sentence.partition(": ")[0] for sentence in said[3:]] == [
        "7:12", "8:5", "9:12", "10:29", "10:58", "13:5", "14:30",
    ]  # fmt: skip
    assert "'P33' is no outcome of any operation; did you mean P3?" in said[3]
    assert said[6].endswith("names 'servise_provider', which is not there; did you mean service_provider?")
    assert said[7].endswith("names 'random.cod', which is not there; did you mean code?")
    assert str(caught.value).count("\n") == len(said) - 1


def test_as_many_as_can_be_read_are_told_and_the_rest_is_counted() -> None:
    for count, lines in ((MAX_COUNT, MAX_COUNT), (MAX_COUNT + 1, MAX_COUNT + 1)):
        rules = (f"{{x{number}: 1, name: n{number}, then: {{state: a}}}}" for number in range(count))
        text = f"rules: [{', '.join(rules)}]"
        with pytest.raises(RuleFileError) as caught:
            read_text(text.encode(), Path("all.yaml"))
        assert len(caught.value.sentences) == lines
    assert caught.value.sentences[-1] == "all.yaml: 1 more error."
