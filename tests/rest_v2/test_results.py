"""Texts and times of results."""

import pytest

from passlens.rest_v2.results import MAX_CHARS, text, time


def test_a_text_is_cut_and_says_so() -> None:
    assert text("x" * MAX_CHARS) == "x" * MAX_CHARS
    assert text("x" * (MAX_CHARS + 1)) == "x" * (MAX_CHARS - 1) + "…"


@pytest.mark.parametrize("value", [None, 1, True, ["x"], {"x": "y"}])
def test_what_is_no_text_is_none(value: object) -> None:
    assert text(value) is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1767323044750, "2026-01-02T03:04:04Z"),
        (1767323044, "2026-01-02T03:04:04Z"),
        (10**12, "2001-09-09T01:46:40Z"),
        (10**13 - 1, "2286-11-20T17:46:39Z"),
        (10**13, None),
        (10**12 - 1, None),
        (10**9 - 1, None),
        (10**10, None),
        (-1, None),
        (10**40, None),
        ("1767323044750", None),
        (1767323044750.0, None),
        (True, None),
        (None, None),
    ],
)
def test_times_are_integers_of_13_digits_or_10(value: object, moment: str | None) -> None:
    assert time(value) == moment
