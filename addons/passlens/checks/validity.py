"""PL43x and PL44x: the times of a session against each other and the clock; partner answers against the status sent."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity, earliest, latest
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.wire import moment

DEFECTS: Final = {
    "not-base64": "is not Base64",
    "not-json": "holds no JSON object",
    "old-structure": "has the structure of 2024",
    "no-access-status": "has no accessStatus",
    "not-granted": "is not granted",
    "no-provider": "names no provider",
    "expiry-form": "has an expirationDate that is no string of epoch milliseconds",
    "expired": "has expired",
}


def order(ex: Decoded) -> Iterator[Hit]:
    """notBefore is not before notAfter.

    Why: the session would never be valid. In samples 30 minutes lie between them.
    Example: {"notBefore": "1733737089035", "notAfter": "1733735289035"}
    Do: report it to Adobe with the recording.
    """
    start, end = ex.session_times
    if start is not None and end is not None and start >= end:
        yield Hit(
            "body#/notBefore",
            "notBefore is {actual}, expected {expected}.",
            f"before notAfter, {moment(end)}",
            moment(start),
        )


def clock(ex: Decoded) -> Iterator[Hit]:
    """The answer was given outside of its own validity, by the recording's clock.

    Why: either a clock is wrong, or the answer is old: stubbed, cached or replayed.
    Example: notAfter an hour before the answer
    Do: compare with the Date header of the answer; set the clocks.
    """
    start, end = ex.session_times
    if ex.started is None:
        return
    answered = ex.started + (ex.duration_ms or 0) / 1000
    if end is not None and answered > end + CLOCK_TOLERANCE:
        yield Hit(
            "body#/notAfter", "notAfter is {actual}, the answer came at {expected}.", moment(answered), moment(end)
        )
    elif start is not None and answered < start - CLOCK_TOLERANCE:
        yield Hit(
            "body#/notBefore", "notBefore is {actual}, the answer came at {expected}.", moment(answered), moment(start)
        )


def fallback_unexplained(ex: Decoded) -> Iterator[Hit]:
    """A status that is granted, names a provider and has not expired was answered with pfs_fallback.

    Why: the page gives pfs_fallback for a missing or invalid status, and nothing in this one is wrong as far as it can
    be seen. The server may not know the provider id, or read the value more strictly.
    Example: accessStatus granted, id Cablevision, an expiry next month, answered with P3
    Do: compare the id with platformMappingId of the configuration answer; then ask Adobe.
    """
    if ex.session is None or ex.session.row.reason != "pfs_fallback" or ex.partner_status is None:
        return
    status = ex.partner_status
    # What was read with a deviation, or has anything wrong, may be just that to the server.
    doubtful = bool(status.encoded.deviations or status.problems) or (ex.sent_at is None and status.expires is not None)
    if status.defect(latest(ex.sent_at)) is None and not doubtful:
        yield Hit(
            "body#/reasonType",
            "reasonType is {actual} though {expected}.",
            "the partner status is granted, named and not expired",
            "pfs_fallback",
        )


def partner_despite_status(ex: Decoded) -> Iterator[Hit]:
    """A status that does not carry partner single sign-on was answered with partner_profile.

    Why: the page gives pfs_fallback for a missing or invalid status; the partner login would end nowhere.
    Example: accessStatus denied, answered with P1
    Do: go to basic authentication; report it to Adobe with the recording.
    """
    if ex.session is None or ex.session.row.action != "partner_profile":
        return
    name = "header:AP-Partner-Framework-Status"
    if ex.request.header("AP-Partner-Framework-Status") is None:
        yield Hit(
            name,
            "The answer is partner_profile though the partner status is {actual}, expected {expected}.",
            "pfs_fallback",
            "missing",
        )
        return
    defect = ex.partner_status.defect(earliest(ex.sent_at)) if ex.partner_status is not None else None
    if defect is None or defect == "old-structure":
        return
    severity: Severity | None = None if defect == "not-granted" else "warning"
    yield Hit(
        name,
        "The answer is partner_profile though the partner status {actual}, expected {expected}.",
        "pfs_fallback",
        DEFECTS[defect],
        severity,
    )
