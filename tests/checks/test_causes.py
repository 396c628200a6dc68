"""What a request shows of why it was refused: each cause with a request that has it and one near it that has not."""

import json
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.checks import causes
from passlens.checks.diagnosis import diagnose
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from samples.errors import error_body
from support.examples import CLOCK, answered, codes, exchange, form

CUT = b"mvpd=Cox&domainName=tv.example&redirectUrl=https%3A%2F%2Ftv.example%3Fa=1&b=2&c=3"


def refused(ex: Exchange, code: str, status: int = 400) -> str:
    """What passlens says of an error answer to this request."""
    found = diagnose(Decoded(answered(ex, error_body(code, "none", status), status=status))).cause
    assert found is not None
    return found


def unauthorized(ex: Exchange) -> Any:
    """The diagnosis of a 401 without a body."""
    assert ex.response is not None
    return diagnose(Decoded(replace(ex, response=replace(ex.response, status=401, body=b""))))


# ---- an ampersand that was not escaped


def test_an_ampersand_in_the_redirect_url_is_the_cause() -> None:
    ex = exchange("C1", form=CUT)
    assert causes.unescaped_ampersand(Decoded(ex)) == (
        "The redirectUrl has an & that is not escaped (%26): b and c went to the server as parameters of their own."
    )
    for code in ("invalid_parameter_redirect_url", "invalid_parameter_mvpd"):
        assert "an & that is not escaped (%26): b and c" in refused(ex, code)
    assert "&" not in refused(ex, "invalid_header_device_info")


@pytest.mark.parametrize(
    "body",
    [
        b"mvpd=Cox&domainName=tv.example&redirectUrl=https%3A%2F%2Ftv.example%3Fa=1%26b=2",
        b"mvpd=Cox&redirectUrl=https%3A%2F%2Ftv.example%3Fa=1&domainName=tv.example",
        b"redirectUrl=https%3A%2F%2Ftv.example&device_info=x",
        b"b=2&redirectUrl=https%3A%2F%2Ftv.example%3Fa=1",
    ],
)
def test_other_parameters_beside_a_redirect_url_are_none(body: bytes) -> None:
    assert causes.unescaped_ampersand(Decoded(exchange("C1", form=body))) is None


def test_an_answer_that_names_missing_parameters_is_told_the_ampersand() -> None:
    found = diagnose(Decoded(exchange("C2", form=CUT)))
    assert found.cause is not None
    assert found.cause.startswith("The redirectUrl has an & that is not escaped")
    assert found.next == ("resume-session",)


# ---- a plus sign that was not escaped


@pytest.mark.parametrize(("raw", "found"), [(b"PHNhbWw+PC9+", True), (b"PHNhbWw%2BPC9%2B", False), (b"PHNhbWw", False)])
def test_a_plus_sign_in_a_saml_response(raw: bytes, found: bool) -> None:
    ex = exchange("partner-profile", form=b"SAMLResponse=" + raw)
    assert (causes.unescaped_plus(Decoded(ex)) is not None) is found
    words = refused(ex, "invalid_parameter_saml_response")
    assert ("+ signs that are not escaped (%2B)" in words) is found
    assert diagnose(
        Decoded(answered(ex, error_body("invalid_parameter_saml_response", "none", 400), status=400))
    ).next == ("partner-session",)


# ---- tokens


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"nbf": int(CLOCK + 61)}, "a clock is wrong"),
        ({"nbf": int(CLOCK + 600)}, "600 s after the request: a clock is wrong"),
        ({"exp": int(CLOCK - 61)}, "The access token expired at 2026-01-02T03:03:04Z."),
        ({"scopes": "api:client:v1"}, "does not have the scope api:client:v2"),
    ],
)
def test_a_token_that_is_refused_shows_why(claims: dict[str, Any], words: str) -> None:
    found = unauthorized(exchange("C1", headers={"Authorization": f"Bearer {forge.access_token(**claims)}"}))
    assert words in found.cause
    assert found.next == ("dcr-token",)


@pytest.mark.parametrize("claims", [{"nbf": int(CLOCK + 60)}, {"exp": int(CLOCK - 60)}])
def test_clocks_may_differ_by_a_minute(claims: dict[str, Any]) -> None:
    ex = exchange("C1", headers={"Authorization": f"Bearer {forge.access_token(**claims)}"})
    assert causes.token(Decoded(ex)) is None
    assert not {"PL251", "PL252"} & {*codes(ex)}


def test_a_token_in_order_shows_nothing_and_none_is_named() -> None:
    assert causes.token(Decoded(exchange("C1"))) is None
    assert unauthorized(exchange("C1")).cause == (
        "The access token was not taken. Get a new one before repeating the call."
    )
    assert "The request has no Authorization." in unauthorized(exchange("C1", headers={"Authorization": None})).cause


# ---- partner status


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (True, "is true, a boolean;"),
        (False, "is false, a boolean;"),
        (1, "is of type number;"),
        (None, "is of type null;"),
        (["granted"], "is of type array;"),
    ],
)
def test_an_access_status_that_is_no_word(sent: Any, words: str) -> None:
    status = {"frameworkPermissionInfo": {"accessStatus": sent}, "frameworkProviderInfo": {"id": "x"}}
    ex = exchange("P3", headers={"AP-Partner-Framework-Status": forge.b64(json.dumps(status))})
    found = diagnose(Decoded(ex)).cause
    assert found is not None
    assert words in found
    assert "granted, denied, restricted and notDetermined" in found


def test_an_access_status_that_is_a_word_or_missing_is_told_otherwise() -> None:
    for status in (forge.denied_status(), forge.partner_status(access=None), forge.partner_status()):
        assert causes.access_status(Decoded(exchange("P3", headers={"AP-Partner-Framework-Status": status}))) is None


@pytest.mark.parametrize("word", ["none", "None", "null", "undefined", "nil", "true", "granted", '"none"', "(null)"])
def test_a_word_in_the_place_of_the_partner_status(word: str) -> None:
    found = diagnose(Decoded(exchange("P3", headers={"AP-Partner-Framework-Status": word}))).cause
    assert found is not None
    assert f"AP-Partner-Framework-Status is the word {word}," in found
    assert f"is the word {word}," in refused(
        exchange("partner-profile", headers={"AP-Partner-Framework-Status": word}),
        "invalid_header_pfs_permission_access_not_present",
    )


def test_what_is_encoded_is_no_word() -> None:
    assert causes.header_word(forge.partner_status()) is None
    assert causes.header_word("nonesuch") is None


# ---- device headers, redirectUrl


@pytest.mark.parametrize(
    ("headers", "code", "words"),
    [
        ({"AP-Device-Identifier": None}, "invalid_header_device_identifier", "has no AP-Device-Identifier"),
        ({"AP-Device-Identifier": "abc"}, "invalid_header_device_identifier", "is not fingerprint, one blank"),
        ({"AP-Device-Identifier": "uuid YWJj"}, "invalid_header_device_identifier", "type of AP-Device-Identifier"),
        ({"AP-Device-Identifier": "fingerprint YWI"}, "invalid_header_device_identifier", "not clean Base64"),
        ({"X-Device-Info": None}, "invalid_header_device_info", "has no X-Device-Info"),
        ({"X-Device-Info": forge.b64("platform=x")}, "invalid_header_device_info", "X-Device-Info is not cleanly"),
    ],
)
def test_a_device_header_that_is_refused_shows_why(headers: dict[str, str | None], code: str, words: str) -> None:
    assert words in refused(exchange("C1", headers=headers), code)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("https%3A%2F%2Ftv.example", "percent-encoded twice"),
        ("tv.example/x", "not an absolute URL"),
    ],
)
def test_a_redirect_url_that_is_refused_shows_why(value: str, words: str) -> None:
    ex = exchange("C1", form=form(mvpd="Cox", redirectUrl=value))
    assert words in refused(ex, "invalid_parameter_redirect_url")


def test_headers_in_order_show_nothing() -> None:
    for code in ("invalid_header_device_identifier", "invalid_header_device_info", "invalid_parameter_redirect_url"):
        assert causes.cause(Decoded(exchange("C1")), code, 400) is None


# ---- codes


@pytest.mark.parametrize("name", ["retrieve-profile-code", "RS-B", "R1"])
def test_a_code_that_is_over_asks_for_a_new_session(name: str) -> None:
    ex = answered(exchange(name), error_body("invalid_authentication_session", "none", 400), status=400)
    found = diagnose(Decoded(ex))
    assert found.next == ("create-session",)
    assert found.cause is not None
    assert "Start a new session: create-session, or partner-session" in found.cause
    assert ("Stop polling." in found.cause) == (name == "retrieve-profile-code")
