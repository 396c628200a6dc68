"""Percent-encoded text is encoded again the way it came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.scrub.percent import rewrite


def swap(text: str) -> str:
    return text.translate(str.maketrans("abé", "xyü"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a%2Fb", "x%2Fy"),
        ("a%2fb", "x%2fy"),
        ("%61", "%78"),
        ("a%ZZb%", "x%ZZy%"),
        ("a%FFb", "x%FFy"),
        ("%C3%A9", "%C3%BC"),
        ("a+b", "x+y"),
        ("z", "z"),
        ("a\udcffb", "x\udcffy"),
    ],
)
def test_escapes_stay_as_they_are(raw: str, expected: str) -> None:
    assert rewrite(raw, swap, plus=True) == expected


def test_surrogates_that_are_no_bytes_stay() -> None:
    assert rewrite("a\ud800b", swap) == "x\ud800y"


@pytest.mark.parametrize(
    ("raw", "new", "expected"),
    [
        ("A", "\x7f", "%7F"),
        ("a", "~", "~"),
        ("A", "/", "%2F"),
        ("a", "%", "%25"),
        ("ab", "\x80", "\x80"),  # two bytes of UTF-8, as they would have been sent
        ("%61b", "\x80", "%C2\udc80"),
    ],
)
def test_what_may_stand_as_it_is(raw: str, new: str, expected: str) -> None:
    assert rewrite(raw, lambda text: new) == expected


def test_another_length_is_quoted_like_the_rest() -> None:
    assert rewrite("a%40b", lambda text: "cc@d") == "cc%40d"
    assert rewrite("a%2f@b", lambda text: "cc/@d") == "cc%2f@d"
    assert rewrite("a+b", lambda text: "c d e", plus=True) == "c+d+e"


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_taken(raw: str, new: str) -> None:
    rewrite(raw, lambda text: new)
    assert rewrite(raw, lambda text: text) == raw
