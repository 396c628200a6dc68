"""Which device sent a request: one key for checks, scenarios, sandbox and reports. A hash, so it can be shown."""

from passlens.exchange.decoded import Decoded
from passlens.exchange.sent_headers import hashed


def device_key(ex: Decoded) -> str | None:
    """The key of the device, ``sha256:`` and 32 digits, or None where nothing tells it.

    That of AP-Device-Identifier; else of the bearer token's sub; else of the client's address (journey rules).
    """
    if ex.sent.identifier_key is not None:
        return ex.sent.identifier_key
    if ex.sent.subject is not None:
        return hashed("sub", ex.sent.subject)
    return hashed("client", ex.request.client) if ex.request.client else None
