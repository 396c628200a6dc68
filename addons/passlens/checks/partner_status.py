"""PL24x: the content of AP-Partner-Framework-Status: permission, provider, expiry."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.partner_status import ACCESS, EXPIRATION, GRANTED, OLD_ACCESS, OLD_MEMBERS
from passlens.rest_v2.sources import cite
from passlens.rest_v2.wire import Problem, kind_of, listed, moment, show

_AT: Final = "header:AP-Partner-Framework-Status#"
_ACCESS: Final = "/frameworkPermissionInfo/accessStatus"
_PROVIDER: Final = "/frameworkProviderInfo/"
_FAR: Final = 5 * 365 * 86_400
"""Seconds after which an expiry is worth a second look; TV providers give hours to months."""

_KNOWN: Final = {
    "": ("frameworkPermissionInfo", "frameworkProviderInfo"),
    "/frameworkPermissionInfo": ("accessStatus", "error"),
    "/frameworkProviderInfo": ("id", "expirationDate", "error"),
}


def _problems(ex: Decoded) -> tuple[Problem, ...]:
    return ex.partner_status.problems if ex.partner_status is not None else ()


def _granted(ex: Decoded) -> bool:
    return ex.partner_status is not None and ex.partner_status.access == GRANTED


def _eased(ex: Decoded, problem: Problem) -> Severity | None:
    """A note for a provider value left null or empty where, without granted access, there is none to name."""
    nothing = problem.actual in ("null", "")
    return "note" if nothing and problem.pointer.startswith(_PROVIDER) and not _granted(ex) else None


def member_missing(ex: Decoded) -> Iterator[Hit]:
    """A required member of AP-Partner-Framework-Status is missing.

    Why: the page requires frameworkPermissionInfo with accessStatus and frameworkProviderInfo with id and
    expirationDate. Without granted access there is no provider to name: the sample has an empty object there, so that
    is a note (and so are null and empty values, PL243 and PL244). The flow page checks the expiry only if there is
    one, so its absence is a warning.
    Example: {"frameworkPermissionInfo": {"accessStatus": "granted"}, "frameworkProviderInfo": {}}
    Do: take over what the partner framework reports, all of it.
    """
    for problem in _problems(ex):
        if problem.kind != "missing":
            continue
        name = problem.pointer.rpartition("/")[2]
        message = f"The required member {name} is {{actual}}."
        if problem.pointer.startswith(_PROVIDER) and not _granted(ex):
            yield Hit(_AT + problem.pointer, message, "present", "missing", severity="note", basis="sample")
        elif problem.pointer == EXPIRATION:
            yield Hit(_AT + problem.pointer, message, "present", "missing", severity="warning")
        else:
            yield Hit(_AT + problem.pointer, message, "present", "missing")


def access_not_listed(ex: Decoded) -> Iterator[Hit]:
    """accessStatus is none of the listed values.

    Why: the server grants single sign-on on granted alone, and cannot tell what another value means.
    Example: {"accessStatus": "authorized"}
    Do: map the framework's status to granted, denied, restricted or notDetermined.
    """
    for problem in _problems(ex):
        if problem.pointer == _ACCESS and problem.kind == "value":
            message = "accessStatus is {actual}, expected {expected}."
            yield Hit(_AT + _ACCESS, message, listed(ACCESS), problem.actual or "empty")


def access_old(ex: Decoded) -> Iterator[Hit]:
    """accessStatus is pending, which the page dropped on doc-2026-01-13.

    Why: pending meant that the user has not chosen yet. Today notDetermined says so, and restricted says what
    notDetermined said before.
    Example: {"accessStatus": "pending"}
    Do: send notDetermined while the user has not chosen.
    """
    if ex.partner_status is not None and ex.partner_status.access == OLD_ACCESS:
        yield Hit(_AT + _ACCESS, "accessStatus is {actual}, today {expected}.", "notDetermined", OLD_ACCESS)


def wrong_type(ex: Decoded) -> Iterator[Hit]:
    """A member of AP-Partner-Framework-Status has another JSON type than the page gives it, or is empty.

    Why: the page names the types; a server that expects an object or a string finds nothing it can read.
    Example: {"frameworkProviderInfo": "Cablevision"}
    Do: send objects and strings as the page shows them.
    """
    for problem in _problems(ex):
        if problem.kind in ("type", "format") and problem.pointer != EXPIRATION:
            name = problem.pointer.rpartition("/")[2] or "the status"
            yield Hit(
                _AT + problem.pointer,
                f"{name} is {{actual}}, expected {{expected}}.",
                problem.expected,
                problem.actual or "empty",
                severity=_eased(ex, problem),
            )


def expiration_form(ex: Decoded) -> Iterator[Hit]:
    """expirationDate is not epoch milliseconds written as a string.

    Why: the page states the form since doc-2025-10-01. Seconds are read as a day in January 1970, so the status
    counts as expired; a number may not be read at all.
    Example: {"expirationDate": 1735689600000} or {"expirationDate": "1735689600"}
    Do: send milliseconds since 1970 as a string of digits.
    """
    for problem in _problems(ex):
        if problem.pointer == EXPIRATION and problem.kind in ("type", "format"):
            message = "expirationDate is {actual}, expected {expected}."
            yield Hit(
                _AT + EXPIRATION,
                message,
                "a string of epoch milliseconds",
                problem.actual or "empty",
                _eased(ex, problem),
            )


def expired(ex: Decoded) -> Iterator[Hit]:
    """expirationDate lies before the request.

    Why: partner single sign-on needs a status that holds; an expired one is answered with pfs_fallback, and on the
    partner profile with 400. One minute is tolerated for clocks.
    Example: a status read at the app's last start, sent a day later
    Do: ask the framework again before the call.
    """
    status = ex.partner_status
    if status is None or ex.sent_at is None or status.expires is None or status.access != GRANTED:
        return
    if status.expires < ex.sent_at - CLOCK_TOLERANCE:
        message = "expirationDate is {actual}, expected {expected}."
        yield Hit(_AT + EXPIRATION, message, f"later than the request at {moment(ex.sent_at)}", moment(status.expires))


def expiration_far(ex: Decoded) -> Iterator[Hit]:
    """expirationDate lies more than five years ahead.

    Why: the value of the samples, 2025430636000, looks like a date in 2025 and is one in 2034.
    Example: {"expirationDate": "2025430636000"}
    Do: check that the app sends what the framework reports.
    """
    status = ex.partner_status
    if status is None or ex.sent_at is None or status.expires is None:
        return
    if status.expires > ex.sent_at + _FAR:
        message = "expirationDate is {actual}, expected {expected}."
        yield Hit(_AT + EXPIRATION, message, "within five years of the request", moment(status.expires))


def old_structure(ex: Decoded) -> Iterator[Hit]:
    """AP-Partner-Framework-Status has the members of doc-2024-08-05.

    Why: user_permissions and mvpd_status stood in samples until doc-2024-10-15; the page never had them.
    Example: {"user_permissions": {}, "mvpd_status": {}}
    Do: send frameworkPermissionInfo and frameworkProviderInfo.
    """
    status = ex.partner_status
    if status is not None and status.has_old_structure:
        expected = "frameworkPermissionInfo and frameworkProviderInfo"
        found = tuple(name for name in OLD_MEMBERS if name in (status.encoded.value or {}))
        yield Hit(_AT, "The status has {actual}, expected {expected}.", expected, " and ".join(found))


def unknown_member(ex: Decoded) -> Iterator[Hit]:
    """AP-Partner-Framework-Status has a member that the page does not list.

    Why: members are compared letter by letter; one that is misspelt is not read.
    Example: {"frameworkPermissionInfo": {"accessstatus": "granted"}}
    Do: write the members as the page does, and leave others out.
    """
    status = ex.partner_status
    value = status.encoded.value if status is not None and not status.has_old_structure else None
    if value is None:
        return
    for pointer, known in _KNOWN.items():
        inner = value if not pointer else value.get(pointer[1:])
        if not isinstance(inner, dict):
            continue
        for name in [name for name in list(inner)[:50] if name not in known]:
            near = next((item for item in known if item.lower() == name.lower().replace("_", "")), None)
            if near is not None and near not in inner:
                yield Hit(
                    f"{_AT}{pointer}/{name}",
                    "The member {actual} is not listed, expected {expected}.",
                    near,
                    name,
                    severity="warning",
                )
            else:
                yield Hit(
                    f"{_AT}{pointer}/{name}",
                    "The member {actual} is not listed, expected {expected}.",
                    listed(known),
                    name,
                )


def platform_error(ex: Decoded) -> Iterator[Hit]:
    """The partner framework reported an error, and the app passed it on.

    Why: the error of the framework tells why there is no permission or provider.
    Example: {"frameworkProviderInfo": {"error": {"code": "1", "message": "unsupported provider"}}}
    Do: look the code up in the framework's documentation; fall back to basic authentication.
    """
    value = ex.partner_status.encoded.value if ex.partner_status is not None else None
    for part in ("frameworkPermissionInfo", "frameworkProviderInfo"):
        inner = (value or {}).get(part)
        error = inner.get("error") if isinstance(inner, dict) else None
        if not isinstance(error, dict) or not error:
            continue
        code = error.get("code")
        words = f"code {show(code)}" if code is not None and kind_of(code) in ("string", "number") else "no code"
        yield Hit(
            f"{_AT}/{part}/error",
            "The partner framework reported an error with {actual}.",
            "no error",
            words,
            source=cite("partner-flow"),
        )
