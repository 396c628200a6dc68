"""Which device sent a request: one key for checks, scenarios, sandbox and reports. A hash, so it can be shown."""

from hashlib import sha256
from typing import Final

from passlens.exchange.decoded import Decoded

_DIGITS: Final = 32
"""Hexadecimal digits of a key: more than anybody could meet twice."""


def device_key(ex: Decoded) -> str | None:
    """The key of the device, ``sha256:`` and 32 digits, or None where nothing tells it.

    That of AP-Device-Identifier; else of the bearer token's sub; else of the client's address (journey rules).
    """
    if (key := identifier_key(ex)) is not None:
        return key
    subject = ex.bearer.jwt.claims.get("sub") if ex.bearer is not None and ex.bearer.jwt is not None else None
    if isinstance(subject, str) and subject:
        return _key("sub", _bytes(subject))
    return _key("client", _bytes(ex.request.client)) if ex.request.client else None


def identifier_key(ex: Decoded) -> str | None:
    """The key of AP-Device-Identifier, None without one. The header is decoded, so that its spellings (padding,
    URL-safe alphabet, quotes) give one key; what cannot be decoded counts as it was sent."""
    identifier = ex.device_identifier
    if identifier is not None and identifier.encoded is not None and identifier.encoded.data is not None:
        return _key("identifier", identifier.encoded.data)
    sent = ex.request.header("AP-Device-Identifier")
    if sent is not None and sent.strip() and "ap-device-identifier" not in ex.masked:
        return _key("identifier as sent", _bytes(sent.strip()))
    return None


def _key(kind: str, value: bytes) -> str:
    return f"sha256:{sha256(kind.encode() + bytes(1) + value).hexdigest()[:_DIGITS]}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
