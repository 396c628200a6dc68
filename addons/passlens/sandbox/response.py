"""An answer that passlens made: status, headers, body; and the few forms it can have.
Media types and status texts as in the samples of the operation pages."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import quote

from passlens.exchange.headers import Headers
from passlens.exchange.model import Response

JSON_TYPE: Final = "application/json;charset=UTF-8"
"""Content-Type of every JSON answer in the samples."""

HTML_TYPE: Final = "text/html;charset=UTF-8"

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_GUARDS: Final = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", _POLICY),
)
"""What keeps a page to itself: nothing is kept or told of it, no other page frames it, nothing runs or loads in it."""

REASONS: Final = {
    200: "OK",
    201: "Created",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    500: "Internal Server Error",
}

# What may stand in an address as it is; everything else is percent-encoded, line breaks above all.
_ADDRESS: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class SyntheticResponse:
    """An answer made by passlens; ``body`` has no content-encoding."""

    status: int
    headers: Headers
    body: bytes
    reason: str

    def as_response(self) -> Response:
        """The answer as an exchange holds it."""
        return Response(self.headers, self.body, None, self.status, self.reason)


def json_response(value: Any, status: int = 200, *headers: tuple[str, str]) -> SyntheticResponse:
    """A JSON answer; ``value`` is a plain JSON value. The text is ASCII, so no character can spoil it."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return SyntheticResponse(status, (("Content-Type", JSON_TYPE), *headers), body, REASONS[status])


def html_response(text: str, status: int = 200) -> SyntheticResponse:
    """An HTML page; ``text`` is the whole page, already escaped."""
    return SyntheticResponse(status, (("Content-Type", HTML_TYPE), *_GUARDS), plain(text).encode(), REASONS[status])


def html_note(title: str, sentence: str, status: int = 200) -> SyntheticResponse:
    """A small HTML page with a title and one sentence, for people in a user agent. Both are escaped here."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    page = f'<!doctype html>\n<html lang="en"><head>{head}</head><body><h1>{escape(title)}</h1>'
    return html_response(f"{page}<p>{escape(sentence)}</p></body></html>\n", status)


def empty(status: int, *headers: tuple[str, str]) -> SyntheticResponse:
    """An answer without a body."""
    return SyntheticResponse(status, headers, b"", REASONS[status])


def redirect(address: str) -> SyntheticResponse:
    """302 to an address. Whatever cannot stand in a header is percent-encoded, so a line break cannot end it."""
    location = quote(plain(address), safe=_ADDRESS)
    return SyntheticResponse(302, (("Location", location), ("Cache-Control", "no-store")), b"", REASONS[302])


def plain(text: str) -> str:
    """A text that UTF-8 can carry: bytes that were none in the request become question marks."""
    return text.encode("utf-8", "replace").decode()
