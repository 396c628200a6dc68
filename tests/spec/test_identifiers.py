"""AP-Device-Identifier: a type, one blank, Base64."""

from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.spec.identifiers import decode_device_identifier


def test_a_plain_identifier() -> None:
    found = decode_device_identifier(forge.device_identifier())
    assert (found.type, found.single_space) == ("fingerprint", True)
    assert found.encoded is not None
    assert found.encoded.data
    assert found.encoded.liberties == ()


def test_two_blanks_are_seen() -> None:
    assert not decode_device_identifier("fingerprint  YWJj").single_space


def test_one_word_has_no_type() -> None:
    found = decode_device_identifier("YWJj")
    assert (found.type, found.encoded) == (None, None)


@given(st.text())
def test_any_text_is_taken(raw: str) -> None:
    assert decode_device_identifier(raw).raw == raw
