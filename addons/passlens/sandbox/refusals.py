"""Why a request is refused before anybody looks at what it asks for: token, service provider, partner, device headers.
Each reason is the name of an error the operation can have."""

from collections.abc import Collection
from typing import Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.identifiers import TYPES
from passlens.rest_v2.tokens import SCOPE
from passlens.sandbox.request_facts import is_name

PARTNER: Final = "apple"
"""The only partner the documentation shows; its letter case is not settled (E68)."""


def refusal(ex: Decoded, now: float, *, strict: bool, service_providers: Collection[str] | None = None) -> str | None:
    """The name of the error a request deserves at once, or None.

    ``strict`` is the sandbox, which handed out the token and knows its form; a virtual session meets tokens of the
    real server and takes what it cannot read. ``service_providers`` None: any well-formed one is known.
    """
    return (
        _token(ex, now, strict=strict)
        or _service_provider(ex, service_providers)
        or _partner(ex)
        or _device(ex, strict=strict)
    )


def _token(ex: Decoded, now: float, *, strict: bool) -> str | None:
    bearer = ex.bearer
    if bearer is None or bearer.scheme.lower() != "bearer" or not bearer.token:
        return "unauthorized"
    if bearer.jwt is None or bearer.jwt.encrypted:
        return "unauthorized" if strict else None
    expires = bearer.jwt.time("exp")
    if expires is not None and expires <= now:
        return "unauthorized"
    if strict and SCOPE not in bearer.jwt.scopes:
        return "invalid_access_token_client_application"
    return None


def _service_provider(ex: Decoded, known: Collection[str] | None) -> str | None:
    name = ex.path_parameter("serviceProvider")
    if not is_name(name) or (known is not None and name not in known):
        return "invalid_parameter_service_provider"
    return None


def _partner(ex: Decoded) -> str | None:
    partner = ex.path_parameter("partner")
    return "invalid_parameter_partner" if partner is not None and partner.lower() != PARTNER else None


def _device(ex: Decoded, *, strict: bool) -> str | None:
    """Device headers that are there have to be readable; the identifier has to be there where its page demands it.

    X-Device-Info need not hold JSON, as the live service has it: clients send platform=Windows;… in Base64.
    """
    needed = strict and ex.operation.headers.get("AP-Device-Identifier") == "required"
    if ex.request.header("AP-Device-Identifier") is None:
        if needed:
            return "invalid_header_device_identifier"
    elif not _readable_identifier(ex):
        return "invalid_header_device_identifier"
    info = ex.device_info
    if ex.request.header("X-Device-Info") is not None and (info is None or info.encoded.json is None):
        return "invalid_header_device_info"
    return None


def _readable_identifier(ex: Decoded) -> bool:
    identifier = ex.device_identifier
    if identifier is None or identifier.encoded is None or not identifier.encoded.data:
        return False
    return (identifier.type or "").lower() in TYPES


def has_identity(ex: Decoded) -> bool:
    """True if a request carries an AP-TempPass-Identity that can be read; a promotional TempPass needs one."""
    identity = ex.request.header("AP-TempPass-Identity")
    return identity is not None and decode_encoded_json(identity).value is not None
