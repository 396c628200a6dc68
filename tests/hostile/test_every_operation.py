"""Secrets in the bodies of every operation: none is in an entry or in the messages of a report; lifetimes are."""

import json
from typing import Any

import pytest

from passlens.analysis.analyzer import analyze
from passlens.analysis.messages import messages
from passlens.exchange.model import Exchange, Request, Response
from passlens.redaction.policy import USER_METADATA, hidden
from passlens.rest_v2.operations import OPERATIONS, Operation

AFTER = 1_999_999_999_000
PERSON = {name: f"planted-{number}-of-a-person" for number, name in enumerate(sorted(hidden(USER_METADATA)))}
SECRETS = {
    "serializedToken": "planted-media-token-0001",
    "client_id": "planted-client-id-0002",
    "client_secret": "planted-client-secret-0003",
    "software_statement": "planted-statement-0004",
    "access_token": "planted-access-token-0005",
    "SAMLResponse": "planted-saml-response-0006",
}
PLANTED = (*PERSON.values(), *SECRETS.values())

ANSWER: dict[str, Any] = {
    "profiles": {
        "Cox": {
            "notBefore": 1,
            "notAfter": AFTER,
            "issuer": "Cox",
            "type": "regular",
            "attributes": {name: {"value": value, "state": "plain"} for name, value in PERSON.items()}
            | {"expiration_date": {"value": AFTER, "state": "plain"}},
        }
    },
    "decisions": [
        {
            "resource": "news",
            "serviceProvider": "DEMOTV",
            "mvpd": "Cox",
            "source": "mvpd",
            "authorized": True,
            "token": {"notBefore": 1, "notAfter": AFTER, "serializedToken": SECRETS["serializedToken"]},
            "error": {"status": 403, "code": "x", "message": f"for {PERSON['userID']} {SECRETS['serializedToken']}"},
        }
    ],
    "client_id": SECRETS["client_id"],
    "client_secret": SECRETS["client_secret"],
    "access_token": SECRETS["access_token"],
    "expires_in": 86_400,
    "message": f"no {' '.join(PLANTED)}",
}


def path_of(operation: Operation) -> str:
    names = {"{serviceProvider}": "DEMOTV", "{partner}": "Apple", "{code}": "8BLW4RW", "{mvpd}": "Cox"}
    path = operation.paths[0]
    for name, value in names.items():
        path = path.replace(name, value)
    prefix = "/o/client" if operation.id.startswith("dcr-") else "/api/v2"
    return f"{prefix}{path.removeprefix(prefix)}"


def exchange_of(operation: Operation, status: int) -> Exchange:
    form = "&".join(f"{name}={value}" for name, value in SECRETS.items())
    sent = Request(
        (("Content-Type", "application/x-www-form-urlencoded"),),
        form.encode(),
        method=operation.method,
        host="sp.auth.adobe.com",
        path=f"{path_of(operation)}?access_token={SECRETS['access_token']}",
    )
    got = Response((("Content-Type", "application/json"),), json.dumps(ANSWER).encode(), status=status)
    return Exchange(sent, got)


@pytest.mark.parametrize("status", [200, 201, 400, 403])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_no_secret_of_a_body_is_shown(operation: Operation, status: int) -> None:
    ex = exchange_of(operation, status)
    assert ex.route is not None
    assert ex.route.operation.id == operation.id
    entry, shown = analyze(ex), messages(ex)
    assert "PL999" not in {finding["code"] for finding in entry["findings"]}
    assert "fault" not in shown
    for text in (json.dumps(entry), json.dumps(shown)):
        assert not [secret for secret in PLANTED if secret in text]


def test_lifetimes_resources_and_providers_are_shown() -> None:
    profiles = next(one for one in OPERATIONS if one.id == "retrieve-profiles")
    text = messages(exchange_of(profiles, 200))["response"]["body"]["text"]
    shown = json.loads(text)
    assert shown["profiles"]["Cox"]["notAfter"] == AFTER
    assert shown["profiles"]["Cox"]["attributes"]["expiration_date"]["value"] == AFTER
    assert shown["decisions"][0]["token"]["notAfter"] == AFTER
    assert (shown["decisions"][0]["resource"], shown["decisions"][0]["mvpd"]) == ("news", "Cox")
