"""What lets a page of another origin use an answer (CORS): the reply to a browser's preflight, and the headers that go
with every answer passlens makes up. Methods and headers are those that the throttling page shows for the API."""

from typing import Final

from passlens.exchange.headers import Headers
from passlens.rest_v2.operations import API_HEADERS
from passlens.sandbox.response import REASONS, SyntheticResponse

METHODS: Final = ("POST", "GET", "OPTIONS", "DELETE")
"""Access-Control-Allow-Methods (throttling page)."""

HEADERS: Final = (
    "ap_11", "ap_42", "ap_z", "ap_19", "ap_21", "ap_23", "authorization", "content-type", "pass_sfp",
    "AP-Session-Identifier", "AP-Device-Identifier", "AP-SDK-Identifier", "X-Device-Info",
)  # fmt: skip
"""Access-Control-Allow-Headers (throttling page)."""

_FURTHER: Final = tuple(name for name in API_HEADERS if name not in HEADERS)
"""Headers that the operation pages list and the sample does not: allowed where a page asks to send them."""

_MAX_ORIGIN_CHARS: Final = 300


def origin_headers(origin: str | None) -> Headers:
    """The headers of an answer to a request from ``origin`` (the value of its Origin header); none without one."""
    if not origin or len(origin) > _MAX_ORIGIN_CHARS or not origin.isascii() or not origin.isprintable():
        return ()
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    )


def preflight(wanted: str | None) -> SyntheticResponse:
    """The answer to OPTIONS; ``wanted`` is Access-Control-Request-Headers. The origin's own headers come on top."""
    asked = {name.strip().lower() for name in (wanted or "").split(",")}
    names = (*HEADERS, *(name for name in _FURTHER if name.lower() in asked))
    headers = (
        ("Allow", ", ".join(METHODS)),
        ("Access-Control-Allow-Methods", ", ".join(METHODS)),
        ("Access-Control-Allow-Headers", ", ".join(names)),
    )
    return SyntheticResponse(200, headers, b"", REASONS[200])
