"""Registration and token: what comes out, and the words for what was wrong."""

import random
from typing import Any
from urllib.parse import urlencode

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.tokens import SCOPE, decode_jwt
from passlens.sandbox.registration import access_token, register, token
from passlens.sandbox.response import SyntheticResponse
from sandbox.asking import analyzed, call, objections, value

STATEMENT = {"software_statement": forge.software_statement()}
CLIENT = {"client_id": forge.uuid("client"), "client_secret": forge.uuid("secret"), "grant_type": "client_credentials"}


def registered(form: Any) -> SyntheticResponse:
    return register(Decoded(call("dcr-register", form=form)), now=forge.CLOCK, rng=random.Random(1))


def test_client_credentials() -> None:
    ex = call("dcr-register", form=STATEMENT | {"redirect_uri": "demotv://x"})
    made = register(Decoded(ex), now=forge.CLOCK, rng=random.Random(1))
    body = value(made)
    assert made.status == 201
    assert (body["redirect_uris"], body["scopes"], body["grant_types"]) == (
        ["demotv://x"],
        [SCOPE],
        ["client_credentials"],
    )
    assert body["client_id_issued_at"] == int(forge.CLOCK)
    assert objections(analyzed(ex, made)) == []


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ([1], "invalid_request"),
        ({"a": 1}, "invalid_software_statement"),
        ({"software_statement": "x"}, "invalid_software_statement"),
        ({"software_statement": 5}, "invalid_software_statement"),
        (STATEMENT | {"redirect_uri": "nowhere"}, "invalid_redirect_uri"),
        (STATEMENT | {"redirect_uri": 5}, "invalid_redirect_uri"),
    ],
)
def test_a_bad_registration(form: Any, word: str) -> None:
    made = registered(form)
    assert (made.status, value(made)) == (400, {"error": word})


@pytest.mark.parametrize("in_query", [False, True])
def test_an_access_token(in_query: bool) -> None:
    values: dict[str, Any] = {"query": "?" + urlencode(CLIENT)} if in_query else {"form": CLIENT}
    ex = call("dcr-token", **values)
    made = token(Decoded(ex), now=forge.CLOCK, rng=random.Random(1))
    body = value(made)
    assert made.status == 201
    assert (body["created_at"], body["expires_in"], body["token_type"]) == (int(forge.CLOCK * 1000), 21_600, "bearer")
    jwt, _ = decode_jwt(body["access_token"])
    assert jwt is not None
    assert (jwt.claims["sub"], jwt.scopes) == (CLIENT["client_id"], (SCOPE,))
    assert objections(analyzed(ex, made)) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"client_id": ""}, "invalid_request"),
        ({"client_secret": ""}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_bad_token_request(changes: dict[str, str], word: str) -> None:
    made = token(Decoded(call("dcr-token", form=CLIENT | changes)), now=forge.CLOCK, rng=random.Random(1))
    assert (made.status, value(made)) == (400, {"error": word})


def test_a_token_looks_like_the_samples() -> None:
    text = access_token("somebody", now=forge.CLOCK, rng=random.Random(1))
    jwt, problem = decode_jwt(text)
    assert problem is None
    assert jwt is not None
    assert jwt.header == {"alg": "RS256"}
    assert jwt.time("exp") == int(forge.CLOCK) + 21_600
    assert len(text.split(".")[2]) == 342
