"""The bytes of a text that a recorder kept for a body: Base64, flagged or not, bytes that were read as text, masks and
cut texts. Most tools take the content-encoding off; what still has it is unpacked. Nothing here raises."""

import base64
import json
import re
from contextlib import suppress
from typing import Any, Final

from passlens.exchange.content import decode_content, too_large
from passlens.exchange.headers import Headers
from passlens.exchange.model import MAX_BODY, Gap
from passlens.exchange.recorders import is_mask
from passlens.util.text import is_utf8

BodyOrGap = tuple[bytes | None, Gap | None]


def absent(why: str | None = None) -> BodyOrGap:
    """The gap of a body that a recorder left out; ``why`` is a clause."""
    return None, Gap("not-recorded", "the recording does not hold the body" + (f": {why}" if why else ""))


def within_limit(body: bytes) -> BodyOrGap:
    """A body, or the gap of one that is longer than what is looked into."""
    return (None, too_large(MAX_BODY)) if len(body) > MAX_BODY else (body, None)


def text_body(text: str, encoding: Any, headers: Headers) -> BodyOrGap:
    """The bytes of a text that a recorder kept: Base64 where ``encoding`` says so, or where it can be nothing else,
    UTF-8 otherwise; a gap where it is a placeholder."""
    if is_mask(text) or _STRINGIFIED.fullmatch(text) is not None:
        return absent("a mask stands in its place")
    flagged = is_base64(encoding)
    if len(text) > MAX_BODY * (2 if flagged else 1):
        return None, too_large(MAX_BODY)
    if not flagged:
        body = _as_sent(text, headers)
        if (data := _unflagged(text, body, headers)) is not None:
            body = data
        elif _was_packed(text, headers) and not _tells(body):
            return absent("it is compressed, and the recorder took it for text, which cannot be undone")
        if text[:1] in ("{", "[") and _CUT.search(text[-_CUT_REACH:]) and not is_json(body):
            return absent("it was cut short, as its end says")
        return _unpacked(body, headers)
    data = from_base64(text)
    if data is None:
        plain = to_bytes(text)
        if _tells(plain):  # text with the flag
            return within_limit(plain)
        return absent("it says that it is Base64, which it is not")
    return _unpacked(data, headers)


def is_base64(encoding: Any) -> bool:
    """True if the member ``encoding`` of a body says Base64."""
    return isinstance(encoding, str) and encoding.strip().lower() == "base64"


def is_plain(text: str, encoding: Any, headers: Headers) -> bool:
    """True for a body that stands in the recording as the text that it is."""
    return not is_base64(encoding) and _unflagged(text, to_bytes(text), headers) is None


_STRINGIFIED: Final = re.compile(r"\[object (?!Object\])[A-Z]\w{1,40}\]")
"""What a recorder in JavaScript makes of a body that is no text; a program would send what is in it. A plain object it
would send so."""

_CUT_REACH: Final = 100
_CUT: Final = re.compile(
    r"(?:\.{3}|\u2026|[\[(<*-]{1,4}\s?(?:[\w,:]+ ){0,4}(?:truncated|omitted|cut off|more)(?: [\w,:]+){0,4}"
    r"\s?[\])>*-]{1,4})\s*$"
)
"""What tools put where they cut a text."""

_MAGIC: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

_FORM: Final = re.compile(rb"[A-Za-z][\w.%+-]{0,99}=[^\s=]*(?:&[\w.%+-]{1,100}=[^\s=]*)*")


def _tells(data: bytes) -> bool:
    """True for a body that is read as what it is: JSON, a form or a page."""
    start = data.lstrip()[:1]
    if start in (b"{", b"["):
        return is_json(data)
    return start == b"<" or _FORM.fullmatch(data) is not None


def _unflagged(text: str, body: bytes, headers: Headers) -> bytes | None:
    """What a text is that is Base64 though nobody says so, or bytes that were read as Latin-1; None for other text."""
    symbols = text.strip(" \t\r\n")
    if symbols.startswith("data:") and ";base64," in symbols[:200]:
        return from_base64(symbols.partition(";base64,")[2])
    if symbols[:1] in ("{", "[", "<") or len(symbols) < 8:
        return None
    data = None
    if _SYMBOLS.fullmatch(symbols) is not None:
        data = from_base64(symbols)
    elif not text.isascii():
        with suppress(UnicodeEncodeError):
            data = text.encode("latin-1")
    if _FORM.fullmatch(body) is not None:  # so does padded Base64 look, as a parameter without a value
        return data if data is not None and _tells(data) else None
    if data is None or data[:2] in _MAGIC or data[:4] in _MAGIC or _tells(data):
        return data
    # Brotli and deflate have no magic bytes: they are what the header says if that makes something that is read.
    opened, _ = decode_content(data, encodings(headers), MAX_BODY)
    return opened if opened is not None and _tells(opened) else None


def _was_packed(text: str, headers: Headers) -> bool:
    """True for a compressed body that was read as UTF-8: the header says so, or its magic bytes are broken."""
    broken = text[:4] if not encodings(headers) else text
    return "\ufffd" in broken and text[:1] not in ("{", "[", "<")


def encodings(headers: Headers) -> str:
    """What Content-Encoding says, empty without one."""
    return ", ".join(value for name, value in headers if name.lower() == "content-encoding")


_SYMBOLS: Final = re.compile(r"[A-Za-z0-9+/_\r\n-]+={0,2}")


def _unpacked(body: bytes, headers: Headers) -> BodyOrGap:
    """A body without the content-encodings that a recorder left on it; most take them off."""
    packed, named = _MAGIC.get(body[:2]) or _MAGIC.get(body[:4]), encodings(headers)
    # Brotli and deflate have no magic bytes: what is readable as it is has been decoded.
    if packed is None and (not named or not body or body.isascii() or is_utf8(body)):
        return within_limit(body)
    for names in (named, packed):
        opened, gap = decode_content(body, names, MAX_BODY) if names else (None, None)
        if opened is not None or (packed and gap is not None and gap.kind != "encoding"):
            return opened, gap
    return absent("it is compressed, and not all of it was kept") if packed else within_limit(body)


def from_base64(text: str) -> bytes | None:
    """What a recorder wrote as Base64, in lines or without its padding; None if it is none.

    >>> from_base64("YWJ\\njZA")
    b'abcd'
    """
    symbols = re.sub(r"[\s=]+", "", text).replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(symbols + "=" * (-len(symbols) % 4), validate=True)
    except ValueError:
        return None


def _as_sent(text: str, headers: Headers) -> bytes:
    """The bytes that a recorder showed as text.

    mitmproxy and others read bodies without a charset as Latin-1, except JSON. Where the text is Latin-1 and its bytes
    are UTF-8, that is what happened, and is undone.
    """
    if not text.isascii():
        kind = ",".join(value for name, value in headers if name.lower() == "content-type").lower()
        if "json" not in kind and "utf-8" not in kind:
            try:
                data = text.encode("latin-1")
                data.decode("utf-8")
            except UnicodeError:
                pass
            else:
                return data
    return to_bytes(text)


def to_bytes(text: str) -> bytes:
    """UTF-8 for any text: lone surrogates that stand for single bytes become these bytes, others are passed on.

    >>> to_bytes("a\\udcff")
    b'a\\xff'
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def is_json(body: bytes) -> bool:
    """True for a body that is JSON as it stands."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
