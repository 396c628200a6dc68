"""Base64 is changed in its place, whatever was done to it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.base64_decoding import decode_base64
from passlens.scrub.base64_text import rewrite

VALUES = [
    "Zm9vYmFy", "Zm9vYg==", "Zm9vYg", '"Zm9vYmFy"', " Zm9vYmFy\t", "Zm9v\r\n YmFy", "Zm 9vYmFy", "Zm9vYg%3D%3D",
    "Zm9vYg%3d%3d", "Zm9vYg===", "Zm9vYg==Zm9v", "Pz8_Pj4-", "Pz8/Pj4+", "Pz8%2FPj4%2b",
    "Zm9vYh==", "Zm9vYmE_", "Zm9vYmF=", "Zm9vYn",
]  # fmt: skip


@pytest.mark.parametrize("raw", VALUES)
def test_the_same_liberties_are_taken(raw: str) -> None:
    made = rewrite(raw, lambda data: data.replace(b"f", b"g").replace(b"o", b"p").replace(b"?>", b">?"))
    assert made is not None
    assert made != raw
    before, after = decode_base64(raw), decode_base64(made)
    assert [deviation.kind for deviation in after.deviations] == [deviation.kind for deviation in before.deviations]
    assert after.data != before.data


@pytest.mark.parametrize("raw", ["", "====", "A", "Zm9!", "%%%", "Zm9vY", "caf\u00e9"])
def test_what_is_no_base64_is_not_changed(raw: str) -> None:
    assert rewrite(raw, lambda data: b"x") is None


@pytest.mark.parametrize("new", [b"", b"x", b"longer than before", b"foobaR?"])
def test_another_length_keeps_the_padding_right(new: bytes) -> None:
    made = rewrite("Zm9vYg==", lambda data: new)
    assert made is not None
    if new:
        assert base64.b64decode(made, validate=True) == new
    assert rewrite("Zm9vYg==", lambda data: None) is None
    assert rewrite("Zm9vYg==", lambda data: data) == "Zm9vYg=="


def test_the_alphabet_is_told_by_the_text_or_the_caller() -> None:
    assert rewrite("Zm9v", lambda data: b"??>") == "Pz8+"
    assert rewrite("Zm9v", lambda data: b"??>", url_safe=True) == "Pz8-"


@given(st.text(max_size=30), st.binary(max_size=10))
def test_any_text_is_taken(raw: str, new: bytes) -> None:
    rewrite(raw, lambda data: new)
