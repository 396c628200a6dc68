"""PL50x and PL52x: statuses: undocumented ones, throttling, and where status and body tell different stories."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.error_responses import enhanced_error
from passlens.checks.finding import Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.exchange.recorders import has_mask
from passlens.rest_v2.errors import CODES, PARTNER_PROFILE_ONLY, THROTTLED, THROTTLED_MEDIA_TYPE
from passlens.rest_v2.wire import listed

_GATEWAY: Final = (502, 503, 504)


def status_undocumented(ex: Decoded) -> Iterator[Hit]:
    """The status is not one that the operation's page lists.

    Why: the page lists its statuses; 429 comes from the throttling page. Another one is often the answer of a gateway
    or of another server. It is a note where the table of error codes pairs the status with the code, or may do so with
    one that was not recorded.
    Example: 404 on create session
    Do: look at the body and the Server header: did the API answer at all?
    """
    if ex.response is None or not 200 <= ex.response.status < 600 or ex.route is None or not ex.route.documented_method:
        return
    known = (*ex.operation.success, *ex.operation.errors, THROTTLED)
    if ex.response.status in known or (ex.operation.id == "authenticate" and 300 <= ex.response.status < 400):
        return
    severity: Severity = "note" if ex.response.status in _GATEWAY or ex.response.status < 400 else "warning"
    if ex.error is not None and (ex.error.form == "array" or _pairs_with_code(ex)):
        severity = "note"
    if ex.response.status in _OF_CODES and _code_not_recorded(ex):
        severity = "note"
    message = "The status is {actual}, documented are {expected}."
    yield Hit("status", message, listed(tuple(sorted(known))), str(ex.response.status), severity)


def http_status_differs(ex: Decoded) -> Iterator[Hit]:
    """The HTTP status is not the status inside the error.

    Why: the page says that they may differ, above all for errors inside a decision; both are worth a look.
    Example: HTTP 403 with {"status": 400}
    Do: let the app look at the member first.
    """
    error = enhanced_error(ex)
    status = error.members.get("status") if error is not None else None
    if error is None or not isinstance(status, int) or isinstance(status, bool) or status == error.http_status:
        return
    yield Hit(
        "body#/status",
        "The status inside is {actual}, the HTTP status {expected}.",
        str(error.http_status),
        str(status),
    )


_OF_CODES: Final = frozenset(row.status for row in CODES)


def _code_not_recorded(ex: Decoded) -> bool:
    """True if the error code is not known: the body was not kept, or the code is a mask."""
    if ex.response is not None and ex.response.gap is not None:
        return True
    return ex.recorder is not None and ex.error is not None and has_mask(ex.error.code or "")


def _pairs_with_code(ex: Decoded) -> bool:
    """True if the page of the error codes gives this status to the code, though the operation's page does not."""
    known = ex.error.known if ex.error is not None else None
    return known is not None and ex.response is not None and known.status == ex.response.status


def throttled(ex: Decoded) -> Iterator[Hit]:
    """The device was throttled.

    Why: one request a second for each device, with ten more at its first contact. The device is told by its address,
    on server-to-server calls by X-Forwarded-For.
    Example: 429 on the third poll within a second
    Do: wait a second or more before the next call, whatever it is; poll every 3 to 5 seconds.
    """
    if ex.response is not None and ex.response.status == THROTTLED:
        message = "The device was throttled with status {actual}; it may send {expected}."
        yield Hit("status", message, "one request a second", str(THROTTLED))


def throttled_form(ex: Decoded) -> Iterator[Hit]:
    """A 429 is not the HTML page that the throttling page shows.

    Why: it may come from another place than the API's own throttling.
    Example: 429 with a JSON body
    Do: look at the Server header.
    """
    if ex.response is not None and ex.response.status == THROTTLED and ex.response.media_type != THROTTLED_MEDIA_TYPE:
        actual = ex.response.media_type or "missing"
        yield Hit(
            "header:Content-Type", "The Content-Type is {actual}, expected {expected}.", THROTTLED_MEDIA_TYPE, actual
        )


def error_in_success(ex: Decoded) -> Iterator[Hit]:
    """An answer with a success status carries an error.

    Why: errors inside a 200 belong to decisions; an app that goes by the status takes this for a session or a profile.
    Example: 200 with {"code": "invalid_parameter_code", "action": "none", "status": 400}
    Do: let the app check for what it asked for: actionName, profiles, decisions.
    """
    if not ex.succeeded or ex.body is None or "actionName" in ex.body or ex.outcome is not None:
        return
    if ex.recognition.until is not None:
        return  # Samples of 2024 had it so (PL401).
    if {"action", "status"} <= ex.body.keys() or any(
        isinstance(ex.body.get(name), kind) for name, kind in (("errors", list), ("error", dict))
    ):
        yield Hit(
            "status",
            "The status is {actual}, the body is an error; expected {expected}.",
            "an error status",
            str(ex.response.status if ex.response else ""),
        )


def code_of_partner_profile(ex: Decoded) -> Iterator[Hit]:
    """A sessions call is answered with an error code about the partner status.

    Why: these codes belong to the partner profile operation; partner session answers the same cases with 200 and
    pfs_fallback.
    Example: invalid_header_pfs_provider_info_expired on sessions/sso/Apple
    Do: fall back to basic authentication with create session.
    """
    error = enhanced_error(ex)
    if error is not None and (error.code or "").startswith(PARTNER_PROFILE_ONLY):
        partner = ex.operation.id == "partner-session"
        expected = "200 with pfs_fallback" if partner else "a code that is not about the partner status"
        yield Hit("body#/code", "The code is {actual}, expected {expected}.", expected, error.code or "")
