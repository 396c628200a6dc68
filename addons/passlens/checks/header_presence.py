"""PL20x: which headers a request has: required ones, repeated ones, and those that do not belong."""

from collections.abc import Iterator

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import API, API_HEADERS, LEFTOVER_HEADERS

_BROWSERS = ("Chrome/", "Firefox/", "Safari/", "Edg/", "Gecko/")
_OF_THEIR_OWN = ("X-Device-Info", "AP-Partner-Framework-Status")
_LISTS = ("Accept", "X-Forwarded-For")
"""Headers that HTTP allows to be repeated."""

_TAKEN_ANYWHERE = ("AP-Device-Identifier", "X-Device-Info", "X-Roku-Reserved-Roku-Connect-Token")
"""The checklist wants the device headers on every call; Roku OS adds its token to every request by itself."""

_SUBJECT_TOKEN = "Adobe-Subject-Token"
"""The Amazon cookbook wants it on every call below /api/v2."""


def _missing(ex: Decoded) -> Iterator[str]:
    """Names of required headers that are not there."""
    required = (name for name, presence in ex.operation.headers.items() if presence == "required")
    return (name for name in required if ex.request.header(name) is None)


def header_missing(ex: Decoded) -> Iterator[Hit]:
    """A header is missing that the operation's page demands.

    Why: without Authorization the answer is 401; without the others the server cannot tell what it was sent or which
    device it talks to.
    Example: create session without AP-Device-Identifier
    Do: send the header with every call of this operation.
    """
    for name in _missing(ex):
        if name not in _OF_THEIR_OWN and not (name == "Content-Type" and _needs_no_media_type(ex)):
            yield Hit(f"header:{name}", f"The header {name} is {{actual}}.", "present", "missing")


def _needs_no_media_type(ex: Decoded) -> bool:
    """True without a body where none was due: after a wrong method, or with the token's parameters in the query."""
    if ex.request.body:
        return False
    by_query = ex.operation.id == "dcr-token" and "client_id=" in ex.request.query
    return by_query or (ex.route is not None and not ex.route.documented_method)


def device_info_missing(ex: Decoded) -> Iterator[Hit]:
    """X-Device-Info is missing where the operation's page demands it.

    Why: the server then guesses the device from other headers, and may apply the stricter rules of an unknown
    platform, such as a shorter life of the authentication. The page requires the header and in the same cell merely
    recommends it; browsers may leave it out.
    Example: create session without X-Device-Info
    Do: send it with every call, Base64 over a JSON object.
    """
    if "X-Device-Info" not in _missing(ex):
        return
    agent = ex.request.header("User-Agent") or ""
    browser = any(mark in agent for mark in _BROWSERS)
    words = "The header X-Device-Info is {actual}" + (", which browsers may do." if browser else ".")
    yield Hit("header:X-Device-Info", words, "present", "missing", severity="note" if browser else None)


def device_header_expected(ex: Decoded) -> Iterator[Hit]:
    """A device header is missing that the checklist wants on every call; the operation's page does not list it.

    Why: the sources disagree. Sending it is safe everywhere.
    Example: resume session without AP-Device-Identifier
    Do: send AP-Device-Identifier and X-Device-Info with every call but authenticate.
    """
    for name in ("AP-Device-Identifier", "X-Device-Info"):
        if ex.operation.headers.get(name) == "expected" and ex.request.header(name) is None:
            message = f"The header {name} is {{actual}}; the checklist wants it on every call."
            yield Hit(f"header:{name}", message, "present", "missing")


def partner_status_missing(ex: Decoded) -> Iterator[Hit]:
    """AP-Partner-Framework-Status is missing on a partner operation.

    Why: flow page, cookbook and FAQ demand it, the operation's page has it optional. Without it partner session
    answers pfs_fallback, and partner profile answers 400.
    Example: POST /api/v2/REF30/sessions/sso/Apple without the header
    Do: read the status from the partner framework and send it, Base64 over a JSON object.
    """
    name = "AP-Partner-Framework-Status"
    if ex.operation.headers.get(name) == "expected" and ex.request.header(name) is None:
        yield Hit(f"header:{name}", f"The header {name} is {{actual}}.", "present", "missing")


def header_repeated(ex: Decoded) -> Iterator[Hit]:
    """A header of this API is sent more than once.

    Why: which value counts is not documented; some servers join them with a comma, which breaks Base64.
    Example: two X-Device-Info headers, one from the app and one from a library
    Do: send it once. passlens reads the first.
    """
    for name in ex.operation.headers:
        count = len(ex.request.by_name.get(name.lower(), ()))
        if count > 1 and name not in _LISTS:
            yield Hit(
                f"header:{name}",
                f"The header {name} is sent {{actual}}, expected {{expected}}.",
                "once",
                f"{count} times",
            )


def header_not_listed(ex: Decoded) -> Iterator[Hit]:
    """A header of this API is sent to an operation whose page does not list it.

    Why: it does nothing there as far as the documentation tells; the checklist wants expected headers only. Device
    headers and platform tokens are taken anywhere: other pages, or the platform itself, put them on every call.
    Example: AP-Partner-Framework-Status on create session
    Do: leave it out, or check that the call goes to the operation you meant.
    """
    for name in API_HEADERS:
        if name in _TAKEN_ANYWHERE or (name == _SUBJECT_TOKEN and ex.operation.prefix == API):
            continue
        if name not in ex.operation.headers and ex.request.header(name) is not None:
            message = f"The header {name} is {{actual}} for {ex.operation.id}."
            yield Hit(f"header:{name}", message, "absent", "not listed")


def leftover_header(ex: Decoded) -> Iterator[Hit]:
    """A header of REST API V1 or of an early OpenAPI file is sent.

    Why: no page of V2 lists it; the checklist names HTTP 400 as the risk of unexpected headers.
    Example: AP-SDK-Identifier
    Do: leave it out.
    """
    for name in LEFTOVER_HEADERS:
        if ex.request.header(name) is not None:
            yield Hit(f"header:{name}", f"The header {name} is {{actual}}.", "absent", "no header of REST API V2")
