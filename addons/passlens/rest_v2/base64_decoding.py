"""Tolerant and exact decoding of Base64: what can be read is read, and each deviation is named.
Nothing here raises, whatever arrives."""

import base64
import binascii
import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from passlens.rest_v2.deviation import Deviation


class Base64Text(NamedTuple):
    """Outcome of decoding one Base64 text. ``data`` is None if it is not Base64 at all."""

    data: bytes | None
    deviations: tuple[Deviation, ...]


QUOTES: Final = "\"'\u201c\u201d"
"""Straight and typographic quotes that are taken off a value."""

_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WRAP: Final = re.compile(r"[\r\n]")
_SPACE: Final = re.compile(r"\s")
_STANDARD: Final = re.compile(r"[A-Za-z0-9+/]*")
_STRAY: Final = re.compile(r"[^A-Za-z0-9+/=]")


def decode_base64(raw: str) -> Base64Text:
    """Decode Base64 (RFC 4648) with all deviations of real clients, and name each.

    >>> decode_base64("Zm9vYg").data
    b'foob'
    >>> [deviation.kind for deviation in decode_base64("Zm9vYg").deviations]
    ['missing-padding']
    """
    deviations: list[Deviation] = []
    text = raw.strip(" \t")
    if text != raw:
        deviations.append(Deviation("white-space", "white space around the value"))
    if len(text) >= 2 and text[0] in QUOTES and text[-1] in QUOTES:
        deviations.append(Deviation("quotes", f"the value is in quotes ({text[0]})"))
        text = text[1:-1]
    if _PERCENT.search(text):
        escape = _PERCENT.search(text)
        deviations.append(Deviation("percent-encoding", f"the Base64 text is percent-encoded ({escape and escape[0]})"))
        text = unquote(text, errors="surrogateescape")
    if _WRAP.search(text):
        deviations.append(Deviation("line-wrap", "the Base64 text is broken over several lines"))
        text = re.sub(r"[\r\n][ \t]*", "", text)
    if _SPACE.search(text):
        deviations.append(Deviation("white-space", "white space inside the Base64 text"))
        text = _SPACE.sub("", text)
    if "-" in text or "_" in text:
        deviations.append(Deviation("url-safe-alphabet", "the URL-safe alphabet (- and _) in place of + and /"))
        text = text.replace("-", "+").replace("_", "/")
    return _decode_standard(text, deviations)


def _decode_standard(text: str, deviations: list[Deviation]) -> Base64Text:
    stray = _STRAY.search(text)
    if stray is not None:
        what = f"the character {stray[0]!r} at position {stray.start()} is not Base64"
        return Base64Text(None, (*deviations, Deviation("not-base64", what)))
    if not text.strip("="):
        return Base64Text(None, (*deviations, Deviation("not-base64", "the value is empty")))
    head = _STANDARD.match(text)
    assert head is not None
    symbols, tail = head[0], text[head.end() :]
    padding = len(tail) - len(tail.lstrip("="))
    rest = tail[padding:]
    if rest:
        where = f"{len(rest)} characters after the padding at position {head.end() + padding} are left unread"
        deviations.append(Deviation("data-after-padding", where))
    if len(symbols) % 4 == 1:
        what = f"{len(symbols)} Base64 characters are no whole number of bytes"
        return Base64Text(None, (*deviations, Deviation("not-base64", what)))
    needed = -len(symbols) % 4
    if padding < needed:
        deviations.append(Deviation("missing-padding", f"{needed - padding} of {needed} padding signs (=) are missing"))
    elif padding > needed:
        deviations.append(Deviation("data-after-padding", f"{padding - needed} padding signs (=) too many"))
    unused = {2: 0b1111, 3: 0b11}.get(len(symbols) % 4, 0)
    if unused and ALPHABET.index(symbols[-1]) & unused:
        what = f"the last sign, {symbols[-1]!r}, has bits that belong to no byte and are not zero"
        deviations.append(Deviation("trailing-bits", what))
    try:
        return Base64Text(base64.b64decode(symbols + "=" * needed), tuple(deviations))
    except binascii.Error as error:  # pragma: no cover - every symbol and the length were checked above
        return Base64Text(None, (*deviations, Deviation("not-base64", str(error))))
