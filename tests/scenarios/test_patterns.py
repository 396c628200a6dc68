"""Regular expressions: useful ones are taken, those that need more than linear time are refused, none runs away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.limits import within
from passlens.scenarios.patterns import MAX_COPIES, MAX_VALUE_CHARS, compiled, fits


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        (r"1[0-8]\..*", "18.5", "19.5"),
        ("Demo.*", "DemoTV", "A DemoTV"),
        ("(tvOS|iOS)", "iOS", "iOS 18"),
        (r"[A-Z0-9]{7}", "HFL7S0D", "HFL7S0D1"),
        (r"(?i)appletv\d+,\d+", "AppleTV14,1", "AppleTV"),
        ("(?:a|b)+", "abba", "abc"),
        (r"(\d{1,3}\.){3}\d{1,3}", "192.0.2.7", "192.0.2"),
        ("a|b", "b", "ab"),
        ("", "", "a"),
        (r"caf\x{e9}|caf.", "caf\udcff", "caf"),
        (".", "a", "\n"),
    ],
)
def test_useful_expressions(pattern: str, fitting: str, other: str) -> None:
    assert fits(pattern, fitting) is True
    assert fits(pattern, other) is False


@pytest.mark.parametrize(
    "pattern",
    ["(", "a{2,1}", "x" * 501, "(?=(a+)+)b", r"(a+)\1", "(?<!a)b", ")|(?:", "a{1000}{1000}"],
)
def test_expressions_that_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^(is no regular expression|the expression is longer)") as caught:
        compiled(pattern)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("(a+)+b", "a"),
        ("(a|aa)+b", "a"),
        ("a?" * 120 + "b", "a"),
        ("a{0,8}" * 80 + "b", "a"),
        (".*.*.*.*.*.*.*.*b", "a"),
        (r"(?:\w\w?)*\w*x", "w"),
        (r"([\w.-]+)+@([\w-]+\.)+[a-z]+", "a."),
        (r"(?:a{0,200}b?){0,9}[cd]", "a"),
    ],
)
def test_no_value_makes_an_expression_run_away(pattern: str, value: str) -> None:
    text = value * (MAX_VALUE_CHARS // len(value))
    assert within(2.5, lambda: fits(pattern, text)) is False


@pytest.mark.parametrize(
    ("expression", "copies"),
    [("[ab]{0,2000}", 2000), ("(?:[ab]{0,40}){0,50}", 2000), ("(?:[ab]{0,40}){0,49}[^]a]{20}(?i:[[a])]{20})", 2000)],
)
def test_an_expression_repeats_so_many_signs_at_most(expression: str, copies: int) -> None:
    assert copies == MAX_COPIES
    assert compiled(expression)
    with pytest.raises(ValueError, match=r"repeats more than 2000 signs"):
        compiled(f"{expression}a")


@pytest.mark.parametrize("expression", ["(?x)(?:[ab]{0,99}#)(\n){0,90}c", "(?ix:a)"])
def test_an_expression_has_no_comments(expression: str) -> None:
    with pytest.raises(ValueError, match="flag x"):
        compiled(expression)


def test_a_value_that_is_too_long_is_not_judged() -> None:
    assert fits("a*", "a" * 4096) is True
    assert fits("a*", "a" * 4097) is None


def test_an_expression_has_500_characters_at_most() -> None:
    assert fits("x" * 500, "x" * 500)
    with pytest.raises(ValueError, match="longer than 500 characters"):
        compiled("x" * 501)


@given(st.text(alphabet="ab(|)*+?{2,}[]\\d.^$", max_size=20), st.text(alphabet="ab2d\udc80", max_size=20))
def test_arbitrary_expressions(pattern: str, value: str) -> None:
    try:
        words = str(fits(pattern, value))
    except ValueError as error:
        words = str(error)
    assert words in ("True", "False") or words.startswith(("is no regular expression", "the expression repeats"))
