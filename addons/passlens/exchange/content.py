"""Removes the content-encoding of a body, piece by piece and never beyond a limit, and puts one on.
A body that cannot be had in full is not had at all: a gap says why, and nothing raises."""

import gzip
import zlib
from collections.abc import Callable
from typing import Any, Final

import brotli  # type: ignore[import-untyped, unused-ignore]
import zstandard

from passlens.exchange.model import Gap

MAX_ENCODINGS: Final = 4
"""Encodings over each other that are removed; more are a trick."""

_BROTLI_STEP: Final = 16  # Brotli 1.1 knows no output limit, and a few bytes can stand for megabytes
_ZSTD_STEP: Final = 64  # a zstd block takes 4 bytes or more and yields 128 KiB at most
_ZLIB_STEP: Final = 1 << 14  # zlib limits its output itself; small, because the rest after a gzip member is copied
_ZSTD_WINDOW: Final = 1 << 23  # bytes of memory; RFC 9659 allows no larger window in HTTP

UNREAD: Final = Gap("not-recorded", "the bodies of other traffic are not read")
"""The gap of bodies that nobody looks into, because the request is none of the API's operations."""

STREAMED: Final = Gap("streamed", "the body was streamed past the proxy without being kept")
"""The gap of a body that mitmproxy did not keep."""


class _Broken(Exception):
    """The data does not fit its encoding; the message completes "the body …"."""


class _TooMuch(Exception):
    """The output exceeds the limit."""


def too_large(limit: int) -> Gap:
    """The gap of a body of more than ``limit`` bytes."""
    return Gap("too-large", f"the body is longer than the {limit} bytes that are looked into")


def decode_content(raw: bytes, encodings: str, limit: int) -> tuple[bytes | None, Gap | None]:
    """Remove the encodings that a Content-Encoding header names (several: in reverse order).

    Returns the body and None, or None and the gap: ``too-large`` if ``raw`` exceeds ``limit`` bytes, ``expansion`` if
    the decoded body does, ``encoding`` for an unknown encoding and for data that does not fit its encoding or ends
    early. An empty body needs no decoding.

    >>> decode_content(zlib.compress(b"{}"), "deflate", 100)
    (b'{}', None)
    """
    if len(raw) > limit:
        return None, too_large(limit)
    names = [name for name in (part.strip().lower() for part in encodings.split(",")) if name]
    names = [name for name in names if name not in ("identity", "none")]
    if len(names) > MAX_ENCODINGS:
        return None, Gap("encoding", f"the body claims {len(names)} content-encodings over each other")
    for name in names:
        if name not in _DECODERS:
            return None, Gap("encoding", f"the content-encoding {_short(name)} is not known")
    body = raw
    for name in reversed(names):
        if not body:
            break
        try:
            body = _DECODERS[name](body, limit)
        except _TooMuch:
            clause = f"the body of {len(raw)} bytes grows to more than {limit} bytes without its {name} encoding"
            return None, Gap("expansion", clause)
        except _Broken as error:
            return None, Gap("encoding", f"the body claims content-encoding {name} but {error}")
    return body, None


def encode_content(body: bytes, encodings: str) -> bytes:
    """Put on the encodings that a Content-Encoding header names, in its order; an unknown one is left out.

    >>> encode_content(b"{}", "deflate") == zlib.compress(b"{}")
    True
    """
    for name in encodings.lower().split(","):
        if encoder := _ENCODERS.get(name.strip()):
            body = encoder(body)
    return body


def _short(name: str) -> str:
    return repr(name if len(name) <= 40 else name[:40] + "…")


def _gzip(raw: bytes, limit: int) -> bytes:
    """All members of a gzip file; what follows them and is no member is ignored, as browsers do."""
    output = bytearray()
    at = 0
    while at == 0 or raw[at : at + 2] == b"\x1f\x8b":
        at = _zlib_stream(raw, at, 16 + zlib.MAX_WBITS, output, limit)
    return bytes(output)


def _deflate(raw: bytes, limit: int) -> bytes:
    """A zlib stream, or a bare deflate stream as some servers send it."""
    output = bytearray()
    try:
        _zlib_stream(raw, 0, zlib.MAX_WBITS, output, limit)
    except _Broken:
        output.clear()
        _zlib_stream(raw, 0, -zlib.MAX_WBITS, output, limit)
    return bytes(output)


def _zlib_stream(raw: bytes, at: int, wbits: int, output: bytearray, limit: int) -> int:
    """Append one stream's content to ``output``; the position after it."""
    stream = zlib.decompressobj(wbits)
    while at < len(raw):
        piece = raw[at : at + _ZLIB_STEP]
        try:
            output += stream.decompress(piece, limit - len(output) + 1)
        except zlib.error:
            raise _Broken("is not encoded so") from None
        if len(output) > limit:
            raise _TooMuch
        at += len(piece) - len(stream.unused_data)
        if stream.eof:
            return at
    raise _Broken("ends early")


def _brotli(raw: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    output = bytearray()
    try:
        for at in range(0, len(raw), _BROTLI_STEP):
            output += stream.process(raw[at : at + _BROTLI_STEP])
            if len(output) > limit:
                raise _TooMuch
    except brotli.error:
        raise _Broken("is not encoded so") from None
    if not stream.is_finished():
        raise _Broken("ends early")
    return bytes(output)


def _zstd(raw: bytes, limit: int) -> bytes:
    """All frames of a zstd stream."""
    output = bytearray()
    at = 0
    while at < len(raw):
        # Any: before 0.19 these objects have neither eof nor unused_data, and the stubs differ between releases.
        stream: Any = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        finished = False
        while at < len(raw) and not finished:
            piece = raw[at : at + _ZSTD_STEP]
            try:
                output += stream.decompress(piece)
            except zstandard.ZstdError:
                raise _Broken("is not encoded so") from None
            if len(output) > limit:
                raise _TooMuch
            finished = getattr(stream, "eof", False)
            at += len(piece) - len(getattr(stream, "unused_data", b""))
        if not finished and hasattr(stream, "eof"):
            raise _Broken("ends early")
    return bytes(output)


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "x-gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body)),
    "zstd": lambda body: zstandard.ZstdCompressor().compress(body),
}
