"""The answers of Dynamic Client Registration: client credentials and access tokens, both secret.
Strict types; the unit of created_at is milliseconds since doc-2025-07-09, seconds in samples before."""

from typing import Any, Final

from passlens.rest_v2.results import ClientResult, TokenResult
from passlens.rest_v2.tokens import decode_jwt
from passlens.rest_v2.wire import NonEmpty, Problem, Text, Texts, Whole, WireModel, moment, problems

MAX_LIFE: Final = 10 * 365 * 24 * 3600
"""Seconds of a token's life that are believed; samples have 6 and 24 hours."""

MAX_TOKEN: Final = 1 << 16
"""Characters of an access token that are read as a JWT (64 KiB)."""


class ClientModel(WireModel):
    """Row G-1: a registered client."""

    client_id: NonEmpty
    client_secret: NonEmpty
    client_id_issued_at: Whole
    redirect_uris: Texts
    grant_types: Texts
    scopes: Texts


class TokenModel(WireModel):
    """Row T-1: an access token. ``refresh_token`` stands in the OpenAPI file alone."""

    id: NonEmpty
    access_token: NonEmpty
    created_at: Whole
    expires_in: Whole
    token_type: Text
    refresh_token: Text | None = None


MODELS: Final[dict[str, type[WireModel]]] = {"G-1": ClientModel, "T-1": TokenModel}


def is_client(body: Any) -> bool:
    """True for a body that hands out client credentials."""
    return isinstance(body, dict) and "client_id" in body


def is_token(body: Any) -> bool:
    """True for a body that hands out an access token."""
    return isinstance(body, dict) and "access_token" in body


def body_problems(row: str, body: Any) -> tuple[Problem, ...]:
    """What a body has wrong by the model of row G-1 or T-1."""
    return problems(MODELS[row].model_validate, body)


def client_result() -> ClientResult:
    """A client, without its credentials."""
    return {"kind": "client"}


def created_seconds(body: dict[str, Any]) -> float | None:
    """created_at in seconds: 13 digits are milliseconds, 10 are seconds (E48)."""
    created = body.get("created_at")
    if not isinstance(created, int) or isinstance(created, bool):
        return None
    if 10**12 <= created < 10**13:
        return created / 1000
    return float(created) if 10**9 <= created < 10**10 else None


def token_ends(body: dict[str, Any]) -> float | None:
    """When an access token ends, in seconds since the epoch: exp of its JWT, else created_at + expires_in (E48)."""
    token, life, created = body.get("access_token"), body.get("expires_in"), created_seconds(body)
    jwt = decode_jwt(token)[0] if isinstance(token, str) and len(token) <= MAX_TOKEN else None
    ends = jwt.time("exp") if jwt is not None else None
    if ends is not None:
        return ends
    if created is None or not isinstance(life, int) or isinstance(life, bool) or not 0 <= life <= MAX_LIFE:
        return None
    return created + life


def token_result(body: dict[str, Any]) -> TokenResult:
    """An access token, by its end."""
    ends = token_ends(body)
    return {"kind": "token", "not_after": None if ends is None else moment(ends)}
