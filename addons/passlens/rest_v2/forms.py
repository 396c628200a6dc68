"""Forms in a body or a query (application/x-www-form-urlencoded) by the URL standard, whatever was sent."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

MAX_PARAMETERS: Final = 1000
"""Parameters of a form or a query that are looked into; documented ones have four."""


@dataclass(frozen=True)
class Parameter:
    """One form parameter: decoded name and value, the value as sent, and whether it was well encoded."""

    name: str
    value: str
    raw: str
    well_encoded: bool


def parse_form(body: bytes) -> tuple[Parameter, ...]:
    """Split a form body by the rules of the URL standard, up to MAX_PARAMETERS; never raises.

    >>> [(p.name, p.value) for p in parse_form(b"mvpd=A%20B&redirectUrl=")]
    [('mvpd', 'A B'), ('redirectUrl', '')]
    """
    parameters = []
    for piece in body.split(b"&", MAX_PARAMETERS)[:MAX_PARAMETERS]:
        if not piece:
            continue
        name, _, value = piece.partition(b"=")
        plain = unquote_to_bytes(value.replace(b"+", b" "))
        parameters.append(
            Parameter(
                unquote_to_bytes(name.replace(b"+", b" ")).decode("utf-8", "surrogateescape"),
                plain.decode("utf-8", "surrogateescape"),
                value.decode("latin-1"),
                _well_encoded(value, plain),
            )
        )
    return tuple(parameters)


def _well_encoded(raw: bytes, plain: bytes) -> bool:
    """True if every percent sign starts an escape and the result is UTF-8."""
    hexadecimal = b"0123456789abcdefABCDEF"
    pieces = raw.split(b"%")[1:]
    if any(len(piece) < 2 or piece[0] not in hexadecimal or piece[1] not in hexadecimal for piece in pieces):
        return False
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
