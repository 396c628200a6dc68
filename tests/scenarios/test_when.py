"""The when side: what can be written and what it adds up to."""

import pytest

from passlens.errors import RuleFileError
from passlens.scenarios.when import operations_in_words
from scenarios.made import rule


def test_comparisons_by_field() -> None:
    when = rule("when: {mvpd: a, form: {redirectUrl: b}, headers: {X-A: c}, token: {sub: d}}\nthen: {delay: 1}").when
    assert {field: comparison.equal_to for field, comparison in when.comparisons.items()} == {
        "mvpd": "a",
        "form.redirectUrl": "b",
        "headers.X-A": "c",
        "token.sub": "d",
    }


def test_operations_in_words() -> None:
    assert operations_in_words(rule("then: {delay: 1}").when) == "any operation"
    when = rule("when: {operation: [logout, authorize]}\nthen: {delay: 1}").when
    assert operations_in_words(when) == "logout or authorize"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("{mvpd: {absent: true, equal_to: a}}", "what is absent cannot be compared with equal_to too"),
        ("{mvpd: {case_insensitive: true}}", "compares with nothing"),
        ("{mvpd: {one_of: []}}", "is an empty list"),
        ("{mvpd: {before: soon}}", "'soon' is no time"),
        ("{token: {a..b: 1}}", "has an empty step"),
        ("{headers: {a b: 1}}", "cannot be the name of a header"),
        ("{occurrence: {}}", "counts nothing"),
        ("{occurrence: {first: 0}}", "is 0, expected at least 1"),
        ("{chance: 1.5}", "is 1.5, expected a number from 0 to 1"),
        ("{operation: []}", "is an empty list"),
        ("{state: ''}", "must be of 1 to 80"),
    ],
)
def test_what_is_refused(when: str, words: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        rule(f"when: {when}\nthen: {{delay: 1}}")
    assert words in str(caught.value)
