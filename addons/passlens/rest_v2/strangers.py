"""Calls on the API's hosts that are none of the operations: those of REST API V1, and paths that no page knows.
They are named by method and shape of path only, since nobody can say which part of an unknown path is a secret."""

import re
from typing import Final, Literal, NamedTuple

from passlens.rest_v2.operations import is_api_host
from passlens.rest_v2.routing import route

StrangerKind = Literal["v1", "unknown", "connect", "preflight"]


WORDS: Final[dict[StrangerKind, str]] = {
    "v1": "REST API V1, which passlens does not check",
    "unknown": "on a host of the API, and none of its operations",
}
"""What each kind is, for people."""

ALONE: Final[dict[StrangerKind, str]] = {
    "connect": "a connection that nobody looked into; switch on SSL proxying for the host in the recorder, and trust "
    "its certificate on the device",
    "preflight": "a browser's question for permission, without the call itself",
}
"""The same of kinds that tell something only where no exchange was recorded: beside one they are as they should be."""


class Stranger(NamedTuple):
    """One such call: what it is, and words that may be shown (``GET /reggie/v1/…/regcode``)."""

    kind: StrangerKind
    words: str


# Starts of paths of REST API V1 and of the SDKs (journey rules J07; throttling page).
_V1: Final = ("/api/v1/", "/reggie/v1/", "/adobe-services/")

# A user agent comes here in V2 as well, redirected by the authenticate or logout address (journey rules J07).
_REDIRECTS: Final = re.compile(r"/adobe-services/(?:\d\.\d/)?(?:authenticate|logout)(?:/|$)")

# What browsers ask for on their own.
_BROWSER: Final = ("/", "/favicon.ico", "/robots.txt")

_PLAIN: Final = re.compile(r"[a-z][a-zA-Z-]{0,23}|v?\d(?:\.\d)?")
"""A segment that is shown: a word as paths have it, or a version. Codes, names and identifiers are not."""

_MAX_SEGMENTS: Final = 4


def stranger(method: str, path: str, host: str) -> Stranger | None:
    """What a request without an operation is, or None for other traffic and for what belongs to V2.

    ``path`` is the request target, ``host`` is in lower case.
    """
    if not is_api_host(host):
        return None
    if method == "CONNECT":
        return Stranger("connect", f"CONNECT {host}")
    bare = re.sub(r"/{2,}", "/", path.partition("?")[0].partition("#")[0])
    if bare in _BROWSER or _REDIRECTS.match(bare):
        return None
    if is_preflight(method, path, host):
        return Stranger("preflight", f"OPTIONS {_shape(bare)}")
    return Stranger("v1" if bare.startswith(_V1) else "unknown", f"{_word(method)} {_shape(bare)}")


def is_preflight(method: str, path: str, host: str) -> bool:
    """True where a browser asks for permission to call an operation."""
    return method == "OPTIONS" and any(route(asked, path, host) is not None for asked in ("GET", "POST"))


def is_word(segment: str) -> bool:
    """True for a segment of a path that may be shown: a word of an API, or a version."""
    return _PLAIN.fullmatch(segment) is not None


def _word(method: str) -> str:
    return method if method.isascii() and method.isalpha() and len(method) <= 10 else "…"


def _shape(bare: str) -> str:
    segments = bare.strip("/").split("/")
    shown = [segment if is_word(segment) else "…" for segment in segments[:_MAX_SEGMENTS]]
    return "/" + "/".join(shown if len(segments) <= _MAX_SEGMENTS else [*shown, "…"])
