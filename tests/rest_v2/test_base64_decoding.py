"""Base64, read tolerantly and exactly: every liberty named, nothing raised."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.base64_decoding import decode_base64


@pytest.mark.parametrize("raw", ["YT-i", "YT_i", "Y-_i"])
def test_one_sign_of_the_url_safe_alphabet_is_enough(raw: str) -> None:
    decoded = decode_base64(raw)
    assert [deviation.kind for deviation in decoded.deviations] == ["url-safe-alphabet"]
    assert decoded.data == base64.urlsafe_b64decode(raw)


@pytest.mark.parametrize(
    ("raw", "data", "words"),
    [
        ("Zm8=", b"fo", None),
        ("Zm8", b"fo", "1 of 1 padding signs"),
        ("Zg=", b"f", "1 of 2 padding signs"),
        ("Zg", b"f", "2 of 2 padding signs"),
        ("Zg===", b"f", "1 padding signs (=) too many"),
        ("Zm9v=", b"foo", "1 padding signs (=) too many"),
        ("Zm9vY", None, "5 Base64 characters are no whole number"),
        ('"Zg=="', b"f", "in quotes"),
        ('"', None, "is not Base64"),
    ],
)
def test_padding_and_quotes_are_counted(raw: str, data: bytes | None, words: str | None) -> None:
    decoded = decode_base64(raw)
    assert decoded.data == data
    assert [words in deviation.detail for deviation in decoded.deviations] == ([] if words is None else [True])


def test_nothing_in_quotes_is_empty() -> None:
    quotes, empty = decode_base64('""').deviations
    assert (quotes.kind, empty.detail) == ("quotes", "the value is empty")


@pytest.mark.parametrize("raw", ["Apple TV (tvOS)", "", "a", "abcde", "ключ", "{", "a=b=c!"])
def test_what_is_not_base64_is_not_decoded(raw: str) -> None:
    decoded = decode_base64(raw)
    assert decoded.data is None
    assert decoded.deviations[-1].kind == "not-base64"


@given(st.binary(min_size=1))
def test_standard_base64_comes_back_without_a_liberty(data: bytes) -> None:
    assert decode_base64(base64.b64encode(data).decode()) == (data, ())
