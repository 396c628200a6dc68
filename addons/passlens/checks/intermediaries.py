"""Answers that no server of the API gives: an intermediary on the way did (RFC 9110, 3.7), or the user agent itself.
Told by the status and the media type alone, so that this is a guess about who, and none about what."""

from typing import Final

from passlens.checks.denials import RETRY, Cause
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response

_ABSENT: Final = f"A gateway in front of the server answered: the server was not there for it. {RETRY}"
_GATEWAY: Final = frozenset({502, 503, 504})
_WORDS: Final = {
    304: "The app or a cache on the way asked whether its copy still holds, and it does: what the app goes on with "
    "stands in an earlier answer.",
    407: "A proxy on the way wants credentials of its own: the server has not seen the request.",
    511: "The network wants somebody to sign in to it first: the server has not seen the request.",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})

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
    words = None if ex.injection is not None and ex.injection.chosen else _words(ex.response)
    return None if words is None else Cause(words)


def _words(response: Response) -> str | None:
    status, page = response.status, response.media_type in _PAGES
    if status in _REDIRECTS:
        return _MADE_HERE if response.header("Non-Authoritative-Reason") is not None else _ELSEWHERE
    if page and status in (200, 403):
        return _PAGE if status == 200 else _REFUSED
    return _WORDS.get(status)
