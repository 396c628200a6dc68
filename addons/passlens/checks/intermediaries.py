"""Answers that no server of the API gives: an intermediary on the way did (RFC 9110, 3.7), or the user agent itself.
Told by the status, the media type and the kind of body, so that this is a guess about who, and none about what."""

import re
from collections.abc import Iterator
from typing import Final

from passlens.checks.denials import RETRY, Cause
from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response

_ABSENT: Final = f"A gateway in front of the server answered: the server was not there for it. {RETRY}"
_GATEWAY: Final = frozenset({502, 503, 504})
_NETWORK: Final = "The network wants somebody to sign in to it first: the server has not seen the request."
_WORDS: Final = {
    304: "The app or a cache on the way asked whether its copy still holds, and it does: what the app goes on with "
    "stands in an earlier answer.",
    407: "A proxy on the way wants credentials of its own: the server has not seen the request.",
    511: _NETWORK,
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_PAGE_START: Final = re.compile(rb"\s{0,99}<(?:!doctype html|html)\b", re.IGNORECASE)

PAGE: Final = "a web page"
PORTAL: Final = "a captive portal"
_CAPTIVE: Final = "application/captive+json"
"""The media type of what a captive portal tells of itself (RFC 8908), with the boolean member captive."""

_REFUSED: Final = (
    "A gateway in front of the server refused the request, for its address, region or form: the API has not seen it. "
    "Repeating it unchanged will not help."
)
_MADE_HERE: Final = (
    "The user agent made this redirect itself, for HSTS or an extension: the server has not seen the request."
)
_ELSEWHERE: Final = (
    "Something on the way sends the call elsewhere, as the captive portal of a network does: of the API's answers only "
    "the navigation to the provider redirects."
)
_PAGE: Final = (
    "The answer is a web page: something on the way gave it in the server's place, such as a proxy or the captive "
    "portal of a network."
)


def intermediary(ex: Decoded) -> Cause | None:
    """Who may have answered in the server's place, what that means, and whether the call is made again; None where the
    answer may be the server's."""
    if ex.response is None or ex.operation.id == "authenticate":
        return None
    if ex.response.status in _GATEWAY:
        return Cause(_ABSENT, (ex.operation.id,))
    words = None if ex.injection is not None and ex.injection.chosen else _words(ex, ex.response)
    return None if words is None else Cause(words)


def _words(ex: Decoded, response: Response) -> str | None:
    status = response.status
    if status in _REDIRECTS:
        return _MADE_HERE if response.header("Non-Authoritative-Reason") is not None else _ELSEWHERE
    if status == 403 and response.media_type in _PAGES:
        return _REFUSED
    came = in_place_of_answer(ex)
    return _WORDS.get(status) if came is None else _PAGE if came == PAGE else _NETWORK


def in_place_of_answer(ex: Decoded) -> str | None:
    """PAGE or PORTAL where that came, with a status of success, in the place of what the API answers."""
    if ex.outcome is not None or ex.response is None or ex.operation.id == "authenticate":
        return None
    if not 200 <= ex.response.status < 300:
        return None
    kind, body = ex.response.media_type, ex.body
    if body is not None:
        return PORTAL if kind == _CAPTIVE or isinstance(body.get("captive"), bool) else None
    return PAGE if kind in _PAGES or _PAGE_START.match(ex.response.body or b"") else None


def captive_portal(ex: Decoded) -> Iterator[Hit]:
    """A captive portal tells of itself in the place of the answer.

    Why: until somebody signs in to the network, nothing reaches the server; an app that goes by the status takes this
    for an answer without profiles or decisions. Nothing else is said of such a body: it is none of the API's.
    Example: 200 with {"captive": true, "user-portal-url": "…"}
    Do: let the app check for what it asked for, and tell the user that the network wants a sign-in.
    """
    if in_place_of_answer(ex) == PORTAL:
        yield Hit("body", "The body is that of {actual}, expected {expected}.", "an answer of the API", PORTAL)
