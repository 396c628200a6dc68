"""Base64 changed in its place: alphabet, padding, quotes, white space, broken lines, escapes and what follows stay;
so does the fault that the last sign has bits that belong to no byte.
What cannot be decoded is not changed here."""

import base64
import re
from collections.abc import Callable
from typing import Final

from passlens.rest_v2.base64_decoding import ALPHABET, QUOTES

_UNIT: Final = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_SYMBOL: Final = frozenset(ALPHABET + "-_")


def rewrite(raw: str, change: Callable[[bytes], bytes | None], *, url_safe: bool = False) -> str | None:
    """Apply ``change`` to what the text encodes; None if it is not Base64 or ``change`` says so. ``url_safe`` is the
    alphabet where the text itself tells none.

    >>> rewrite('"Zm9v"', bytes.upper)
    '"Rk9P"'
    """
    units = _UNIT.findall(raw)
    signs = [chr(int(unit[1:], 16)) if len(unit) == 3 else unit for unit in units]
    found = _places(signs)
    if found is None:
        return None
    places, end = found
    symbols = "".join(signs[place] for place in places)
    if not symbols or len(symbols) % 4 == 1:
        return None
    data = base64.b64decode(symbols.translate(_TO_STANDARD) + "=" * (-len(symbols) % 4))
    new = change(data)
    if new is None:
        return None
    if new == data:
        return raw
    url_safe = "-" in symbols or "_" in symbols or (url_safe and "+" not in symbols and "/" not in symbols)
    encoded = (base64.urlsafe_b64encode(new) if url_safe else base64.b64encode(new)).decode("ascii").rstrip("=")
    if _spare_bits(symbols):
        encoded = _with_spare_bit(encoded)
    _write(units, places, encoded)
    more = (-len(encoded) % 4) - (-len(symbols) % 4)
    if more and end < len(units) and signs[end] == "=":
        count = next((n for n, sign in enumerate(signs[end:]) if sign != "="), len(signs) - end)
        units[end : end + count] = [units[end] * max(count + more, 0)]
    elif more > 0 and len(symbols) % 4 == 0:
        units[places[-1]] += "=" * more
    return "".join(units)


def _places(signs: list[str]) -> tuple[list[int], int] | None:
    """The places of the symbols, and where the value ends or its padding begins; None if something else is there."""
    begin, end = _core(signs)
    places: list[int] = []
    for place in range(begin, end):
        if signs[place] in _SYMBOL:
            places.append(place)
        elif signs[place] == "=":
            return places, place
        elif not signs[place].isspace():
            return None
    return places, end


def _write(units: list[str], places: list[int], encoded: str) -> None:
    """Put a text where the symbols stood, escaped as they were; the last place takes what is longer."""
    escapes = {unit.upper(): unit for unit in units if len(unit) == 3}
    written = [escapes.get(f"%{ord(sign):02X}", sign) if sign in "+/" else sign for sign in encoded]
    if len(places) < len(written):
        written[len(places) - 1 :] = ["".join(written[len(places) - 1 :])]
    for place, sign in zip(places, [*written, *[""] * len(places)], strict=False):
        units[place] = sign


_TO_STANDARD: Final = str.maketrans("-_", "+/")
_SPARE: Final = {2: 0b1111, 3: 0b11}
"""Bits of the last sign that belong to no byte, by how many signs its group has."""


def _spare_bits(symbols: str) -> int:
    """The bits of the last sign that belong to no byte; an encoder leaves them zero."""
    return ALPHABET.index(symbols[-1].translate(_TO_STANDARD)) & _SPARE.get(len(symbols) % 4, 0)


def _with_spare_bit(encoded: str) -> str:
    """A text with one such bit set, where its last sign has any; not those of the original, which may tell of it."""
    if not _SPARE.get(len(encoded) % 4, 0):
        return encoded
    return encoded[:-1] + ALPHABET[ALPHABET.index(encoded[-1]) | 1]  # its bit 0 is zero: never + or /


def _core(signs: list[str]) -> tuple[int, int]:
    """Where the value begins and ends inside white space and quotes."""
    begin, end = 0, len(signs)
    while begin < end and signs[begin] in " \t":
        begin += 1
    while end > begin and signs[end - 1] in " \t":
        end -= 1
    if end - begin >= 2 and signs[begin] in QUOTES and signs[end - 1] in QUOTES:
        return begin + 1, end - 1
    return begin, end
