"""How a client ended a TLS handshake, from the words in which mitmproxy and OpenSSL say it."""

import re
from typing import Final, NamedTuple

CLOSED: Final = "The client disconnected during the handshake"
"""How mitmproxy begins where a client closes in the middle of a handshake."""

_ALERT: Final = re.compile(r"\b(?:sslv3|tlsv1|tlsv13|ssl/tls|tls) alert ([a-z]+(?: [a-z]+){0,3})")

_NOT_TRUST: Final = (
    "protocol version",
    "insufficient security",
    "no renegotiation",
    "user cancelled",
    "record overflow",
)
"""Alerts about something else than the certificate."""


class Refusal(NamedTuple):
    """A handshake that a client ended for the certificate; ``alert`` as RFC 8446 names it, None where it closed."""

    alert: str | None


def refusal(error: str | None) -> Refusal | None:
    """What an error of a client's handshake says of the certificate; None if it is about something else.

    >>> refusal("OpenSSL Error([('SSL routines', '', 'sslv3 alert certificate unknown')])")
    Refusal(alert='certificate unknown')
    >>> refusal("The client disconnected during the handshake. If this happens consistently")
    Refusal(alert=None)
    >>> refusal("Cannot parse ClientHello: 00") is None
    True
    """
    if error is not None and error.startswith(CLOSED):
        return Refusal(None)
    found = _ALERT.search(error or "")
    if found is None or found[1] in _NOT_TRUST:
        return None
    return Refusal(found[1])


def is_replaced(line: str) -> bool:
    """Whether a line of mitmproxy's log says what passlens says of the device itself."""
    start = "Client TLS handshake failed. "
    if not line.startswith(start):
        return False
    said = line.removeprefix(start)
    return said.startswith("The client does not trust") or refusal(said) is not None
