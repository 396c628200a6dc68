"""Percent-encoded text, changed and encoded again the way it came: which signs are escaped, in which letter case.
Escapes that are broken stay where they stand."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

SIGN: Final = r"(?:[\w.~+*!-]|%(?!2[027]|3[CEce]|60)[0-9A-Fa-f]{2})"
"""The pattern of a sign of an address that is percent-encoded as a whole; markup that is encoded so has quotes, blanks
and brackets."""

QUERY: Final = r"%(?:25){0,4}(?:(?:3[Ff]|23|26)[\w.-]{1,64}|3[Bb]jsessionid)%(?:25){0,4}3[Dd]"
"""The pattern of the name of a parameter in an address that is percent-encoded as a whole, maybe several times over."""

_UNIT: Final = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def rewrite(raw: str, change: Callable[[str], str], *, plus: bool = False) -> str:
    """Apply ``change`` to the decoded text; with ``plus`` a plus sign is a blank, as in forms.

    >>> rewrite("a%2fb+c", str.upper, plus=True)
    'A%2fB+C'
    """
    if raw.isascii() and "%" not in raw and not (plus and "+" in raw):
        new = change(raw)
        return raw if new == raw else _encoded(raw, lambda _: new, plus)
    return _encoded(raw, change, plus)


def _encoded(raw: str, change: Callable[[str], str], plus: bool) -> str:
    errors = "surrogateescape" if _escaped(raw) else "surrogatepass"
    units = _UNIT.findall(raw.encode("utf-8", errors))
    data = bytes(_byte(unit, plus) for unit in units)
    text = _text(data, errors)
    new = change(text)
    if new == text:
        return raw
    out = _bytes(new)
    if len(out) == len(data):
        parts = [unit if byte == old else _like(unit, byte) for unit, byte, old in zip(units, out, data, strict=True)]
        return _text(b"".join(parts), errors)
    plain = bytes(sorted({unit[0] for unit in units if len(unit) == 1} - {0x25, 0x2B})).decode("latin-1")
    made = quote(out, safe="".join(sign for sign in plain if sign.isascii() and sign.isprintable() and sign != " "))
    if any(len(unit) == 3 and unit != unit.upper() for unit in units):
        made = re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), made)
    return made.replace("%20", "+") if plus and b"+" in units else made


def _escaped(text: str) -> bool:
    """True if every surrogate stands for a byte."""
    return all(not 0xD800 <= ord(sign) <= 0xDFFF or 0xDC80 <= ord(sign) <= 0xDCFF for sign in text)


def _text(data: bytes, errors: str) -> str:
    try:
        return data.decode("utf-8", errors)
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape" if _escaped(text) else "surrogatepass")


def _byte(unit: bytes, plus: bool) -> int:
    if len(unit) == 3:
        return int(unit[1:], 16)
    return 0x20 if plus and unit == b"+" else unit[0]


def _like(unit: bytes, byte: int) -> bytes:
    if len(unit) == 1 and (byte in _UNRESERVED or byte >= 0x80):
        return bytes((byte,))
    escape = b"%%%02X" % byte
    return escape.lower() if unit != unit.upper() else escape
