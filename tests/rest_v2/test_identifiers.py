"""AP-Device-Identifier: a type, one blank, Base64."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.rest_v2.identifiers import decode_device_identifier


def test_a_plain_identifier() -> None:
    found = decode_device_identifier(forge.device_identifier())
    assert (found.type, found.single_space) == ("fingerprint", True)
    assert found.encoded is not None
    assert found.encoded.data
    assert found.encoded.deviations == ()


def test_two_blanks_are_seen() -> None:
    assert not decode_device_identifier("fingerprint  YWJj").single_space


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_around_it_are_a_deviation_and_no_part_of_it(quote: str) -> None:
    found = decode_device_identifier(f" {quote}fingerprint YWJj{quote} ")
    assert (found.type, found.single_space) == ("fingerprint", True)
    assert found.encoded is not None
    assert (found.encoded.data, [one.kind for one in found.encoded.deviations]) == (b"abc", ["quotes"])
    assert decode_device_identifier(quote).type is None
    half = decode_device_identifier(f"{quote}fingerprint YWJj")
    assert half.type == f"{quote}fingerprint"


def test_one_word_has_no_type() -> None:
    found = decode_device_identifier("YWJj")
    assert (found.type, found.encoded) == (None, None)


@given(st.text())
def test_any_text_is_taken(raw: str) -> None:
    assert decode_device_identifier(raw).raw == raw
