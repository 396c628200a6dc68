"""Dynamic Client Registration: made-up client credentials and access tokens, and the words for bad requests.
Members as on the two DCR pages; a token looks like the samples' RS256 JWT, and nobody's key signed it."""

import base64
import json
import random
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.tokens import SCOPE, decode_jwt
from passlens.sandbox.errors import error_response
from passlens.sandbox.profile_store import milliseconds, new_id
from passlens.sandbox.request_facts import is_address
from passlens.sandbox.response import SyntheticResponse, json_response, plain

LIFETIME: Final = 21_600
"""Seconds: 6 hours, as in the samples."""

GRANT: Final = "client_credentials"


def register(ex: Decoded, *, now: float, rng: random.Random) -> SyntheticResponse:
    """Client credentials for any readable software statement."""
    text = ex.request.json
    value = text.value if text is not None and text.valid else None
    if not isinstance(value, dict):
        return error_response("invalid_request", ex, rng)
    statement = value.get("software_statement")
    if not isinstance(statement, str) or decode_jwt(statement.strip())[0] is None:
        return error_response("invalid_software_statement", ex, rng)
    redirect_uri = value.get("redirect_uri")
    if redirect_uri is not None and not (isinstance(redirect_uri, str) and is_address(redirect_uri)):
        return error_response("invalid_redirect_uri", ex, rng)
    return json_response(client(redirect_uri, now=now, rng=rng), 201)


def client(redirect_uri: str | None, *, now: float, rng: random.Random) -> dict[str, Any]:
    """The body of row G-1: client credentials for an app that is sent back to ``redirect_uri``."""
    return {
        "client_id": new_id(rng),
        "client_secret": new_id(rng),
        "client_id_issued_at": int(now),
        "redirect_uris": [redirect_uri or "app.example://signed-in"],
        "grant_types": [GRANT],
        "scopes": [SCOPE],
    }


def token(ex: Decoded, *, now: float, rng: random.Random) -> SyntheticResponse:
    """An access token for any client credentials, from the form or, as the OpenAPI file has it, from the query."""
    sent: dict[str, str] = {}
    for parameter in (*ex.request.form, *parse_form(ex.request.query.encode("utf-8", "surrogatepass"))):
        sent.setdefault(parameter.name, parameter.value)
    if not sent.get("client_id") or not sent.get("client_secret") or not sent.get("grant_type"):
        return error_response("invalid_request", ex, rng)
    if sent["grant_type"] != GRANT:
        return error_response("unsupported_grant_type", ex, rng)
    return json_response(token_body(plain(sent["client_id"]), now=now, rng=rng), 201)


def token_body(client_id: str, *, now: float, rng: random.Random) -> dict[str, Any]:
    """The body of row T-1: an access token for a client."""
    return {
        "id": new_id(rng),
        "access_token": access_token(client_id, now=now, rng=rng),
        "created_at": milliseconds(now),
        "expires_in": LIFETIME,
        "token_type": "bearer",
    }


def access_token(subject: str, *, now: float, rng: random.Random) -> str:
    """A JWT with the claims of the samples; ``subject`` is the client id, so that a device keeps its sub."""
    start = int(now)
    claims = {
        "sub": subject,
        "nbf": start,
        "iss": "auth.adobe.com",
        "scopes": SCOPE,
        "exp": start + LIFETIME,
        "iat": start,
    }
    signature = rng.getrandbits(2048).to_bytes(256, "big")
    return ".".join((_part({"alg": "RS256"}), _part(claims), _base64url(signature)))


def _part(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
