"""Paths into decoded JSON, dotted and as JSON pointers."""

import pytest

from passlens.scenarios.paths import MISSING, find, index, split

VALUE = {"a": {"b.c": [1, {"d": None}]}, "/": 2, "e": "text"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("e", "text"),
        ("/a/b.c/0", 1),
        ("/a/b.c/1/d", None),
        ("/~1", 2),
        ("a.b", MISSING),
        ("/a/b.c/2", MISSING),
        ("/a/b.c/-", MISSING),
        ("/a/b.c/01", MISSING),
        ("e.0", MISSING),
    ],
)
def test_find(path: str, found: object) -> None:
    assert find(VALUE, path) is found or find(VALUE, path) == found


def test_an_empty_step_is_refused() -> None:
    for path in ("", "a..b", ".a"):
        with pytest.raises(ValueError, match="empty step"):
            split(path)


@pytest.mark.parametrize(
    ("step", "found"),
    [("999999", 999_999), ("1000000", 1_000_000), ("1000001", 1_000_000), ("9999999", 1_000_000), ("10000000", None)],
)
def test_an_index_has_seven_digits_and_goes_up_to_a_million(step: str, found: int | None) -> None:
    assert index(step) == found


def test_index() -> None:
    assert [index(step) for step in ("0", "12", "012", "-1", "²", "")] == [0, 12, None, None, None, None]
