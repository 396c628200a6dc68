"""Names of secrets in every spelling, and what each header's value is made of."""

import pytest

from passlens.redaction.policy import (
    ADDRESSES,
    FORMS,
    HEADERS,
    PUBLIC_PARAMETERS,
    header_form,
    hidden_members,
    is_hidden_member,
    is_secret_name,
)
from passlens.rest_v2.routing import route


def test_names_of_secrets_are_known_in_every_spelling() -> None:
    for name in ("SAMLResponse", "client_secret", "clientSecret", "access_token", "serializedToken", "AP-Device-Id"):
        assert is_secret_name(name.removeprefix("AP-"))
    for name in (
        "pwd",
        "passwd",
        "pass-phrase",
        "jwt",
        "secretKey",
        "private_key",
        "AccessKey",
        "credentials",
        "auth",
        "x-auth",
        "sid",
    ):
        assert is_secret_name(name)
    for name in (
        "sessionId",
        "actionType",
        "key",
        "author",
        "isAuth",
        "mvpd",
        "code",
        "domainName",
        "type",
        "tokens_left",
        "",
    ):
        assert not is_secret_name(name)


def test_a_long_name_is_told_by_its_end() -> None:
    assert is_secret_name("x" * 1000 + "_token")
    assert is_secret_name("xt" + "-" * 59 + "oken")  # the last 64 characters decide
    assert not is_secret_name("xt" + "-" * 60 + "oken")
    assert not is_secret_name("token" + "x" * 1000)


def test_parameters_that_say_who_is_there_are_not_public() -> None:
    assert is_secret_name("phone_number")
    assert not is_secret_name("zipper")
    assert "mvpd" in PUBLIC_PARAMETERS
    assert "SAMLResponse" not in PUBLIC_PARAMETERS


def test_a_member_is_hidden_where_its_holder_says_so() -> None:
    assert is_hidden_member("authenticationRequest", "request")
    assert is_hidden_member("connection", "ipAddress")
    assert not is_hidden_member("authenticationRequest", "type")
    assert not is_hidden_member("request", "authenticationRequest")


def test_members_are_hidden_by_the_operation_that_the_request_calls() -> None:
    assert hidden_members(route("POST", "/o/client/token", "")) >= {"id", "access_token"}
    assert "client_id" not in hidden_members(route("GET", "/api/v2/REF30/configuration", ""))
    assert hidden_members(None) == frozenset()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Authorization", "credentials"),
        ("X-DEVICE-INFO", "device info"),
        ("X-Forwarded-For", "addresses"),
        ("AD-Service-Token", "secret"),
        ("X-Api-Key", "secret"),
        ("X-Auth-Token", "secret"),
        ("Location", "url"),
        ("X-Own-Client-IP", "addresses"),
        ("User-Agent", "product"),
        ("Sec-CH-UA-Platform", "product"),
        ("Accept", "text"),
    ],
)
def test_each_header_has_its_form(name: str, form: str) -> None:
    assert header_form(name) == form


def test_a_header_that_is_never_shown_has_a_form_that_hides_it() -> None:
    for name, kind in HEADERS.items():
        if kind in ("secret", "personal"):
            assert header_form(name) not in ("text", "url", "product"), name
    assert {FORMS[name] for name in ADDRESSES} == {"addresses"}
