"""An exchange judged: decoded, checked, explained, redacted. The one place that makes the machine-readable form,
which reports, the log and the flow's comment only render."""

import logging
import os
import re
import traceback
from datetime import UTC, datetime
from typing import Any, Final

from passlens import __version__
from passlens.checks.finding import Finding, Hit
from passlens.checks.run import finding_of, findings
from passlens.checks.table import BY_CODE
from passlens.diagnosis import diagnose
from passlens.exchange import Exchange
from passlens.likeness import likeness
from passlens.redaction import Redactor
from passlens.secrets import plain_identifier
from passlens.twins import Twins

SCHEMA: Final = 1
"""Version of the machine-readable form; raised when a member changes its meaning or goes."""

TOOL: Final = {"name": "passlens", "version": __version__}

_TWINS: Final = Twins()

logger = logging.getLogger(__name__)

MEMBERS: Final = (
    "index", "file", "started", "duration_ms", "operation", "method", "host", "path", "service_provider", "partner",
    "code", "mvpd", "status", "outcome", "error", "action", "device", "partner_framework_status", "injected",
    "diagnosis", "next", "findings",
)  # fmt: skip
"""Members of an entry, in their order."""

Entry = dict[str, Any]
"""One member of ``exchanges``: plain JSON types only, redacted."""


def judge(ex: Exchange, *, reveal: bool = False) -> Entry:
    """The entry of an exchange that has a route. Never raises: a fault of passlens costs what it spoils."""
    try:
        like = likeness(ex, reveal=reveal)
        entry = _TWINS.entry(ex, like) if like is not None else None
        if entry is not None:
            return entry | _place_and_time(ex)
        entry = _judged(ex, reveal)
        if like is not None:
            _TWINS.keep(ex, like, entry, reveal=reveal)
        return entry
    except Exception as error:
        return _bare(ex, error)


def _place_and_time(ex: Exchange) -> Entry:
    """The first members of an entry: an exchange's own, however much another one is like it."""
    return {
        "index": ex.index,
        "file": ex.file,
        "started": _iso(ex.started),
        "duration_ms": None if ex.duration_ms is None else round(ex.duration_ms, 1),
    }


def _judged(ex: Exchange, reveal: bool) -> Entry:
    redactor = Redactor(ex, reveal=reveal)
    diagnosis = diagnose(ex)
    error = ex.error.name if ex.error is not None else None
    return _place_and_time(ex) | {
        "operation": ex.operation.id,
        "method": redactor.text(ex.request.method),
        "host": redactor.text(ex.request.host),
        "path": redactor.path(ex.request.path),
        "service_provider": _shown(redactor, ex.path_parameter("serviceProvider")),
        "partner": _shown(redactor, ex.path_parameter("partner")),
        "code": _shown(redactor, ex.path_parameter("code") or _attribute(ex, "code")),
        "mvpd": _shown(redactor, _mvpd(ex)),
        "status": ex.answer.status if ex.answer is not None else None,
        "outcome": _outcome(ex),
        "error": _shown(redactor, error),
        "action": _action(ex, redactor),
        "device": _device(ex, redactor),
        "partner_framework_status": _partner_status(ex, redactor),
        "injected": ex.injected,
        "diagnosis": _sentences(redactor, diagnosis.cause),
        "next": list(diagnosis.next),
        "findings": [_finding(finding, redactor) for finding in findings(ex)],
    }


def _bare(ex: Exchange, error: Exception) -> Entry:
    """What is left of an entry after a fault: nothing that would have had to be redacted."""
    words = fault(error)
    logger.warning("passlens: an exchange could not be judged (%s); the flow is not touched.", words)
    check = BY_CODE["PL999"]
    hit = Hit("passlens", "The exchange could not be judged: {actual}.", "", words)
    bare: Entry = dict.fromkeys(MEMBERS)
    return bare | {
        "index": ex.index,
        "file": ex.file,
        "started": _iso(ex.started),
        "operation": ex.operation.id,
        "status": ex.answer.status if ex.answer is not None else None,
        "next": [],
        "findings": [_finding(finding_of(check, hit, ex), Redactor(ex, reveal=True))],
    }


def fault(error: Exception) -> str:
    """Where passlens itself failed: the kind of error and the line. Its text is left out, it may hold secrets."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(where.filename)}, line {where.lineno}"


def _iso(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def _shown(redactor: Redactor, value: str | None) -> str | None:
    return None if value is None else redactor.text(value)


def _sentences(redactor: Redactor, text: str | None) -> str | None:
    """Redacted sentence by sentence: each is kept to a length that can be shown, and none is lost."""
    return None if text is None else " ".join(redactor.text(sentence) for sentence in re.split(r"(?<=[.?]) ", text))


def _attribute(ex: Exchange, name: str) -> str | None:
    """An attribute of a sessions answer; errors have a ``code`` too, which is another thing."""
    value = (ex.body or {}).get(name) if ex.succeeded and ex.operation.core else None
    return value if isinstance(value, str) else None


def _mvpd(ex: Exchange) -> str | None:
    """The mvpd of the request, else of the answer, else the one a retrieved session has."""
    form = ex.form.get("mvpd") if ex.operation.core else None
    existing = ex.shape.existing.get("mvpd") if ex.shape is not None else None
    return (
        ex.path_parameter("mvpd") or form or _attribute(ex, "mvpd") or (existing if isinstance(existing, str) else None)
    )


def _outcome(ex: Exchange) -> str | None:
    if ex.shape is not None:
        return ex.shape.row.id
    return ex.outcome.row.id if ex.outcome is not None and ex.outcome.exact else None


def _action(ex: Exchange, redactor: Redactor) -> dict[str, str | None] | None:
    if not ex.succeeded or _attribute(ex, "actionName") is None:
        return None
    names = {"name": "actionName", "type": "actionType", "reason": "reasonType"}
    return {key: _shown(redactor, _attribute(ex, name)) for key, name in names.items()}


def _device(ex: Exchange, redactor: Redactor) -> dict[str, Any] | None:
    identifier = ex.request.header("AP-Device-Identifier")
    if ex.device_info is None and identifier is None:
        return None
    return {
        "info": redactor.device_info(ex.device_info.shown) if ex.device_info is not None else None,
        "identifier": redactor.secret(plain_identifier(ex, identifier)) if identifier is not None else None,
    }


def _partner_status(ex: Exchange, redactor: Redactor) -> dict[str, Any] | None:
    if ex.partner_status is None:
        return None
    return redactor.partner_status(ex.partner_status.shown)


def _finding(finding: Finding, redactor: Redactor) -> dict[str, str]:
    expected, actual = redactor.text(finding.expected), redactor.text(finding.actual)
    message = redactor.text(finding.message).replace("{expected}", expected).replace("{actual}", actual)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "side": finding.side,
        "at": redactor.text(finding.at),
        "message": message,
        "expected": expected,
        "actual": actual,
        "basis": finding.basis,
        "source": finding.source,
    }
