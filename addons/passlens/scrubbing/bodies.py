"""Bodies: told apart by how they begin, scrubbed as JSON, form or text, encoded again the way they came.
A body that cannot be looked into is replaced by one of the same length that cannot be looked into either."""

import gzip
import re
import zlib
from typing import Final

import brotli  # type: ignore[import-untyped, unused-ignore]
import zstandard

from passlens.exchange import MAX_BODY
from passlens.reading.content import decode_content
from passlens.reading.har_bodies import to_bytes
from passlens.scrubbing.names import is_secret, keeps_body
from passlens.scrubbing.values import Scrubber

FORM: Final = "application/x-www-form-urlencoded"

_PAIRS: Final = re.compile(r"[^\s=&<>{}\"]{1,100}=")
_NAME: Final = re.compile(r"\bname=\"?([\w.-]{1,100})")
_BLANK_LINE: Final = re.compile(r"\r?\n\r?\n")


def text(scrubber: Scrubber, body: str, media_type: str) -> str:
    """The text of a body for the copy."""
    start = body.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "[", '"'):
        made = scrubber.json(body, keeps_body, note=True)
    elif "multipart" in media_type:
        made = "\n--".join(_part(scrubber, part) for part in body.split("\n--"))
    elif media_type == FORM or (start[:1] != "<" and _PAIRS.match(start)):
        made = scrubber.pairs(body)
    else:
        made = scrubber.free(body)
    return scrubber.book.swept(made)


def _part(scrubber: Scrubber, part: str) -> str:
    """One part of a multipart body: headers, a blank line, a value."""
    blank = _BLANK_LINE.search(part)
    if blank is None:
        return scrubber.free(part)
    value = part[blank.end() :]
    named = _NAME.search(part, 0, blank.start())
    secret = named is not None and is_secret(named[1])
    return scrubber.free(part[: blank.end()]) + (scrubber.secret(value) if secret else scrubber.free(value))


def content(scrubber: Scrubber, raw: bytes, encodings: str, media_type: str) -> tuple[bytes, str | None]:
    """The body as it goes over the wire, and why it could not be looked into if so."""
    body, gap = decode_content(raw, encodings, MAX_BODY)
    if body is None:
        assert gap is not None
        return _filler(raw, encodings, gap.kind), gap.detail
    old = body.decode("utf-8", "surrogateescape")
    new = text(scrubber, old, media_type)
    if new == old:
        return raw, None
    return encoded(to_bytes(new), encodings), None


def encoded(body: bytes, encodings: str) -> bytes:
    """A body with content-encodings put on, in the order the header names them."""
    for name in encodings.lower().split(","):
        match name.strip():
            case "gzip" | "x-gzip":
                body = gzip.compress(body, mtime=0)
            case "deflate":
                body = zlib.compress(body)
            case "br":
                body = brotli.compress(body)
            case "zstd":
                body = zstandard.ZstdCompressor().compress(body)
    return body


def _filler(raw: bytes, encodings: str, kind: str) -> bytes:
    """Bytes that say nothing and fail in the same way."""
    if kind == "expansion":
        return encoded(bytes(MAX_BODY + 1), encodings)
    made = [sign * len(raw) for sign in (b"x", b"\x00", b"\xff", b"!")]
    alike = (one for one in made if (gap := decode_content(one, encodings, MAX_BODY)[1]) and gap.kind == kind)
    return next(alike, made[0])
