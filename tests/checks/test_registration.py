"""PL490 to PL494, PL521 and what a request for credentials has: each code on both sides of what triggers it."""

from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from samples.case import dump
from support.examples import Example, answered, codes, exchange, parametrize, verify

CLOCK, SP = forge.CLOCK, forge.SERVICE_PROVIDER
REGISTER, TOKEN = exchange("dcr-register"), exchange("dcr-token")


def sent(body: Any) -> Exchange:
    """A registration with another JSON body."""
    return replace(REGISTER, request=replace(REGISTER.request, body=dump(body)))


def raw(body: bytes) -> Exchange:
    """A registration with other bytes as its body."""
    return replace(REGISTER, request=replace(REGISTER.request, body=body))


def refused(ex: Exchange, body: Any) -> Exchange:
    """The exchange answered with 400."""
    return answered(ex, body, status=400)


STATEMENT = forge.software_statement()
ENHANCED = {"action": "none", "status": 400, "code": "invalid_parameter_code"}

EXAMPLES = [
    Example("PL125", exchange("dcr-token", path="/o/client/token?client_secret=x"),
            exchange("dcr-token",
            path="/o/client/token?grant_type=client_credentials"), "query:client_secret", "warning"),
    Example("PL125", exchange("partner-profile", path=f"/api/v2/{SP}/profiles/sso/Apple?SAMLResponse=x"),
            exchange("dcr-token", path="/o/client/token?SAMLResponse=x"), "query:SAMLResponse", "warning"),
    Example("PL125", exchange("dcr-register", path="/o/client/register?software_statement=x"),
            exchange("dcr-register", path="/o/client/register?redirect_uri=x"), "query:software_statement", "warning"),
    Example("PL128", raw(b'{"software_statement": "a.b\n.c"}'), REGISTER, "body", "error", "no JSON (a"),
    Example("PL128", raw(b"software_statement=a.b.c"), REGISTER, "body", "error", "is no JSON"),
    Example("PL128", sent(["a.b.c"]), REGISTER, "body", "error", "is array"),
    Example("PL128", raw(b""), REGISTER, "body", "error", "is empty"),
    Example("PL126", sent({"software_statement": f"{STATEMENT[:40]}\n{STATEMENT[40:]}"}),
            sent({"software_statement": STATEMENT}), "body#/software_statement", "warning", "white space"),
    Example("PL126", sent({"software_statement": "made-up"}), REGISTER, "body#/software_statement", "warning"),
    Example("PL128", sent({}), REGISTER, "body#/software_statement", "error", "missing"),
    Example("PL128", exchange("dcr-token", form={"grant_type": None}), TOKEN, "form:grant_type", "error", "missing"),
    Example("PL128", exchange("dcr-token", form={"client_id": None}, path="/o/client/token?client_id=x"), TOKEN,
            "form:client_id", "note", "in the query"),
    Example("PL490", exchange("dcr-register", response={"client_id_issued_at": int(CLOCK * 1000)}), REGISTER,
            "body#/client_id_issued_at", "note", "13 digits"),
    Example("PL491", exchange("dcr-register", response={"scopes": ["api:client:v1"]}),
            exchange("dcr-register",
            response={"scopes": ["api:client:v1", "api:client:v2"]}), "body#/scopes", "warning"),
    Example("PL492", exchange("dcr-token", response={"created_at": int(CLOCK)}), TOKEN, "body#/created_at", "warning"),
    Example("PL493", exchange("dcr-token", response={"expires_in": 21600 + 61}),
            exchange("dcr-token", response={"expires_in": 21600 + 60}), "body#/expires_in", "note", "by its exp"),
    Example("PL494", exchange("dcr-token", response={"token_type": "mac"}),
            exchange("dcr-token", response={"token_type": "Bearer"}), "body#/token_type", "note", "mac"),
    Example("PL521", refused(TOKEN, {"error": "invalid_grant"}), refused(TOKEN, {"error": "invalid_client"}),
            "body#/error", "note", "invalid_grant"),
    Example("PL521", refused(REGISTER, ENHANCED), refused(REGISTER, {"error": "invalid_redirect_uri"}), "body#/error",
            "note", "an Enhanced Error Code"),
    Example("PL521", refused(TOKEN, {"error": "Not Found"}), refused(TOKEN, {"error": "invalid_client"}),
            "body#/error", "note", "Not Found"),
    Example("PL521", refused(TOKEN, {"message": "Forbidden"}), refused(TOKEN, {"error": "invalid_client"}),
            "body#/error", "note", "another form"),
    # Shapes: what weighs how much.
    Example("PL305", exchange("dcr-register", response={"client_secret": None}), REGISTER,
            "body#/client_secret", "error"),
    Example("PL306", exchange("dcr-token", response={"expires_in": "21600"}), TOKEN, "body#/expires_in", "error"),
    Example("PL306", exchange("dcr-register", response={"scopes": "api:client:v2"}), REGISTER, "body#/scopes",
            "warning"),
    Example("PL307", exchange("dcr-token", response={"id": ""}), TOKEN, "body#/id", "warning"),
    Example("PL312", exchange("dcr-token", response={"access_token": None}), TOKEN, "body#/access_token", "error"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("value", [None, [], {}, 10**400, -1, 1.5, True, "x" * 100_000])
@pytest.mark.parametrize(
    "name", ["created_at", "expires_in", "access_token", "token_type", "client_id_issued_at", "scopes"]
)
def test_no_value_raises(name: str, value: Any) -> None:
    for case in ("dcr-register", "dcr-token"):
        assert "PL999" not in codes(exchange(case, response={name: value}))


def test_a_throttled_token_request_is_no_error_of_registration() -> None:
    assert "PL521" not in codes(exchange("dcr-token", status=429))
