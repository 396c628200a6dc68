"""``passlens decode``: which header a value belongs to, what it says, and what is wrong with it."""

import json
import re
from contextlib import suppress

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import forge
from passlens.cli.decode import HEADERS, explain_value, guess


def shown(value: str, header: str | None = None, *, reveal: bool = False) -> str:
    return explain_value(*guess(value, header), forge.CLOCK, reveal=reveal)


@pytest.mark.parametrize(
    ("value", "header"),
    [
        (forge.device_info(), "X-Device-Info"),
        (f"x-device-info:  {forge.device_info()}", "X-Device-Info"),
        (forge.partner_status(), "AP-Partner-Framework-Status"),
        (forge.bearer(), "Authorization"),
        (forge.access_token(), "Authorization"),
        (forge.device_identifier(), "AP-Device-Identifier"),
        (forge.temppass_identity(), "AP-TempPass-Identity"),
        ("Accept: text/html", "Accept"),
        ("rubbish", "X-Device-Info"),
    ],
)
def test_the_header_is_guessed(value: str, header: str) -> None:
    assert guess(value)[0] == header
    assert shown(value).splitlines()[0] == header


def test_device_information_is_shown_with_its_findings() -> None:
    text = shown(forge.device_info(osName="Roku", version=None))
    assert '    "model": "AppleTV",' in text
    assert "PL230 header:X-Device-Info#/version" in text
    assert "PL231 header:X-Device-Info#/osName" in text
    assert "PL201" not in text


def test_a_complete_value_has_no_findings() -> None:
    for value in (forge.device_info(), forge.partner_status(), forge.bearer(), forge.device_identifier()):
        assert "PL" not in shown(value)


def test_broken_json_is_salvaged_and_the_place_is_named() -> None:
    text = shown(forge.broken_device_info())
    assert "not valid JSON: a comma is missing at line 6 column 3 (char 113)" in text
    assert '"osVendor": "Apple"' in text
    assert "PL220" in text


def test_the_name_of_the_header_is_not_repeated() -> None:
    for value in ("X-Device-Info: %%%", "%%%"):
        assert "PL210 header:X-Device-Info: the character '%' at position 0 is not Base64" in shown(value)


def test_partner_status_of_an_old_structure_says_so() -> None:
    assert "PL247" in shown(forge.old_partner_status(), "AP-Partner-Framework-Status")


def test_times_of_a_token_are_read_and_its_subject_hidden() -> None:
    text = shown(forge.bearer(sub="planted"))
    assert "  exp 2026-01-02T" in text
    assert '"scopes": "api:client:v2"' in text
    assert "planted" not in text
    assert "planted" in shown(forge.bearer(sub="planted"), reveal=True)
    assert "PL251" in shown(forge.bearer(age=24 * forge.HOUR))


def test_an_identifier_says_its_type() -> None:
    assert "type fingerprint, identifier sha256:" in shown(forge.device_identifier())
    assert "type fingerprint, identifier sha256:" in shown(forge.device_identifier(hashed=True))
    assert "type none, identifier not readable" in shown("YWJjZGVm", "AP-Device-Identifier")


def test_other_tokens_are_shown_by_their_claims() -> None:
    text = shown(forge.service_token(), "AD-Service-Token")
    assert '"aud": "Adobe"' in text
    assert "PL271" not in text
    assert forge.uuid("viewer") not in text
    assert shown("opaque", "Adobe-Subject-Token").splitlines()[1].startswith("  sha256:")


def test_what_cannot_be_decoded_says_so() -> None:
    text = shown("%%%", "X-Device-Info")
    assert "  cannot be decoded" in text
    assert "PL210" in text


def test_control_characters_stay_inside() -> None:
    text = shown(forge.b64(json.dumps({"model": "\x1b[2J\u202e"})), reveal=True)
    assert "\x1b" not in text
    assert "\u202e" not in text


@given(st.text(), st.sampled_from(HEADERS), st.booleans())
@example("A0:", HEADERS[0], False)
def test_arbitrary_text_never_raises(value: str, header: str, reveal: bool) -> None:
    text = explain_value(*guess(value, header), forge.CLOCK, reveal=reveal)
    with suppress(click.UsageError):  # what reads like the name of a header that holds nothing to decode
        guess(value)
    assert all(char == "\n" or char.isprintable() or ord(char) >= 0xA0 for char in text)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("User-Agent: x", "passlens decodes no header 'User-Agent'; known are "),
        ("X-Devce-Info: abc", "passlens decodes no header 'X-Devce-Info'; did you mean X-Device-Info?"),
        ("Cookie:a=b", "passlens decodes no header 'Cookie'; known are "),
    ],
)
def test_a_header_with_nothing_to_decode_is_refused_by_its_name(value: str, words: str) -> None:
    with pytest.raises(click.UsageError, match=re.escape(words)):
        guess(value)


def test_a_value_with_a_colon_is_no_header() -> None:
    assert guess('{"osName": "tvOS"}') == ("X-Device-Info", '{"osName": "tvOS"}')
    assert guess("User-Agent: x", "Accept") == ("Accept", "User-Agent: x")


@pytest.mark.parametrize("value", ["Authorization: Bearer ***", "X-Device-Info: [redacted]", "<redacted>"])
def test_a_masked_value_is_said_to_be_one(value: str) -> None:
    text = shown(value)
    assert "is masked" in text
    assert "cannot be decoded" not in text
