"""Regular expressions: useful ones are taken, those that could run away are refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.scenarios.patterns import compiled, fits


@pytest.mark.parametrize(
    "pattern",
    [
        r"1[0-8]\..*",
        "Demo.*",
        "(tvOS|iOS)",
        r"[A-Z0-9]{7}",
        r"(?i)appletv\d+,\d+",
        "(?:a|b)+",
        r"(\d{1,3}\.){3}\d{1,3}",
    ],
)
def test_useful_expressions(pattern: str) -> None:
    assert compiled(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+", "(a*)*b", "(a|ab)*c", "((a{1,9})x?)*", ".*.*.*.*", r"(a+)\1\1\1", "(", "a{2,1}", "x" * 501,
        "(?=(a+)+)b", "(?:(a)|b?){9,}",
    ],
)  # fmt: skip
def test_expressions_that_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"is|has|longer"):
        compiled(pattern)


@pytest.mark.parametrize(("pattern", "value"), [("a*a*a*b", "a"), (".*a.*a", "a"), (r"(?:\w\w?)?\w*x", "w")])
def test_the_worst_that_is_taken_ends_soon(pattern: str, value: str) -> None:
    started = time.perf_counter()
    assert [fits(pattern, value * length + "!") for length in (511, 4095)].count(True) == 0
    assert time.perf_counter() - started < 5


def test_a_value_that_is_too_long_is_not_judged() -> None:
    assert fits("a*", "a" * 4096) is True
    assert fits("a*", "a" * 4097) is None
    assert fits("a*b*c*", "a" * 513) is None


@given(st.text(alphabet="ab(|)*+?{2,}[]\\d.^$", max_size=20))
def test_arbitrary_expressions(pattern: str) -> None:
    try:
        words = compiled(pattern).pattern
    except ValueError as error:
        words = str(error)
    assert words or not pattern
