"""What the local upstream answers, well or badly, and what it was asked."""

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import brotli

from samples.case import Case

How = Literal[
    "plain", "chunked", "until-close", "cut", "cut-head", "stuck", "once", "reset", "close", "silent", "websocket"
]
"""plain: whole, with Content-Length. until-close: no length, the end of the connection ends the body. cut: a whole
Content-Length, half of the body. cut-head: half of the headers, then the connection ends. stuck: half of the body, then
nothing more. once: whole, as if more were to come, but the connection ends with it. reset, close: the connection (in
HTTP/2, reset: the stream) breaks or ends before any answer. silent: nothing ever comes. websocket: 101, then every
message comes back."""


@dataclass(frozen=True)
class Reply:
    """One answer. A ``delay`` in seconds comes before it."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reason: str = ""
    how: How = "plain"
    delay: float = 0.0

    @classmethod
    def of(cls, case: Case, how: How = "plain") -> "Reply":
        """The answer of a case."""
        return cls(case.status, case.answer_headers, case.response_body, case.reason, how)

    def encoded(self, encoding: str, *, really: str | None = None) -> "Reply":
        """The reply with a Content-Encoding; ``really`` is the encoding its body has instead (``identity``: none)."""
        body = encode(self.body, really or encoding)
        return replace(self, headers=(*self.headers, ("Content-Encoding", encoding)), body=body)


@dataclass(frozen=True)
class Received:
    """A request as the upstream got it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    version: str
    tls: bool

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for have, value in self.headers if have.lower() == name.lower()), None)


def encode(body: bytes, encoding: str) -> bytes:
    """A body in a content-encoding."""
    if encoding == "gzip":
        return gzip.compress(body, mtime=0)
    if encoding == "deflate":
        return zlib.compress(body)
    if encoding == "br":
        return bytes(brotli.compress(body))
    return body


def bomb(size: int, encoding: str = "gzip", media_type: str = "application/json") -> Reply:
    """A reply that grows to ``size`` bytes when its encoding is removed; the whole is never held in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    zeros = bytes(1 << 16)
    body = b"".join(_packed(packer.compress(zeros) for _ in range(size >> 16))) + packer.flush()
    return Reply(200, (("Content-Type", media_type), ("Content-Encoding", encoding)), body, "OK")


def _packed(pieces: Iterable[bytes]) -> Iterable[bytes]:
    return (piece for piece in pieces if piece)
