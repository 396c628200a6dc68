"""An exchange judged: decoded, checked, explained, redacted. The one place that makes the machine-readable form,
which reports, the log and the flow's comment only render."""

import logging
import os
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime

from passlens.analysis.entry import ActionEntry, DeviceEntry, Entry, Injected
from passlens.analysis.redacted import raw_finding, redacted, shown_finding
from passlens.analysis.results import server_words
from passlens.checks.diagnosis import diagnose
from passlens.checks.finding import Hit
from passlens.checks.runner import finding_of, findings
from passlens.checks.table import BY_CODE
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.exchange.injection import Injection
from passlens.exchange.model import Exchange
from passlens.redaction.redactor import Redactor
from passlens.redaction.secrets import plain_identifier
from passlens.rest_v2.results import ItemResult

logger = logging.getLogger(__name__)


def analyze(exchange: Exchange | Decoded, *, reveal: bool = False) -> Entry:
    """The entry of an exchange that has a route. Never raises: a fault of passlens costs what it spoils."""
    ex = exchange if isinstance(exchange, Decoded) else Decoded(exchange)
    try:
        return _analyzed(ex, reveal)
    except Exception as error:
        return _bare(ex, error)


def milliseconds(ex: Decoded) -> float | None:
    """How long an exchange took, as an entry has it."""
    return None if ex.duration_ms is None else round(ex.duration_ms, 1)


def _analyzed(ex: Decoded, reveal: bool) -> Entry:
    return redacted(_raw(ex), Redactor(ex, reveal=reveal))


def _raw(ex: Decoded) -> Entry:
    """The entry with all that was sent in it."""
    diagnosis = diagnose(ex)
    found = ex.recognition
    causes = (diagnosis.cause, server_words(ex))
    entry: Entry = {
        "index": ex.index,
        "file": ex.file,
        "started": iso(ex.started),
        "duration_ms": milliseconds(ex),
        "operation": ex.operation.id,
        "method": ex.request.method,
        "host": ex.request.host,
        "path": ex.request.path,
        "service_provider": ex.path_parameter("serviceProvider"),
        "partner": ex.path_parameter("partner"),
        "code": ex.path_parameter("code") or _attribute(ex, "code"),
        "mvpd": _mvpd(ex) or _mvpd_of(found.results),
        "status": ex.response.status if ex.response is not None else None,
        "outcome": found.outcome,
        "error": found.error or (ex.error.name if ex.error is not None else None),
        "action": _action(ex),
        "results": list(found.results),
        "device": _device(ex),
        "partner_framework_status": ex.partner_status.shown if ex.partner_status is not None else None,
        "injected": _injected(ex.injection),
        "diagnosis": " ".join(filter(None, causes)) or None,
        "next": list(diagnosis.next),
        "findings": [raw_finding(finding) for finding in findings(ex)],
    }
    if found.cut:
        entry["more_results"] = found.cut
    return entry


def _bare(ex: Decoded, error: Exception) -> Entry:
    """What is left of an entry after a fault: nothing that would have had to be redacted."""
    words = fault(error)
    logger.warning("passlens: an exchange could not be judged (%s); the flow is not touched.", words)
    check = BY_CODE["PL999"]
    hit = Hit("passlens", "The exchange could not be judged: {actual}.", "", words)
    return {
        "index": ex.index,
        "file": ex.file,
        "started": iso(ex.started),
        "duration_ms": None,
        "operation": ex.operation.id,
        "method": None,
        "host": None,
        "path": None,
        "service_provider": None,
        "partner": None,
        "code": None,
        "mvpd": None,
        "status": ex.response.status if ex.response is not None else None,
        "outcome": None,
        "error": None,
        "action": None,
        "results": [],
        "device": None,
        "partner_framework_status": None,
        "injected": None,
        "diagnosis": None,
        "next": [],
        "findings": [shown_finding(finding_of(check, hit, ex), Redactor(ex, reveal=True))],
    }


def fault(error: Exception) -> str:
    """Where passlens itself failed: the kind of error and the line. Its text is left out, it may hold secrets."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(where.filename)}, line {where.lineno}"


def iso(seconds: float | None) -> str | None:
    """A time as an entry has it: ISO 8601 in UTC; None where no calendar has it."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def _attribute(ex: Decoded, name: str) -> str | None:
    """An attribute of a session; errors have a ``code`` too, which is another thing."""
    value = ex.session_body.get(name)
    return value if isinstance(value, str) else None


def _mvpd(ex: Decoded) -> str | None:
    """The mvpd of the request, else of the answer, else the one a retrieved session has."""
    form = ex.form.get("mvpd") if "mvpd" in ex.operation.parameters else None
    existing = ex.shape.existing.get("mvpd") if ex.shape is not None else None
    return (
        ex.path_parameter("mvpd") or form or _attribute(ex, "mvpd") or (existing if isinstance(existing, str) else None)
    )


def _mvpd_of(results: Sequence[ItemResult]) -> str | None:
    """The mvpd of a response whose results all name the same one."""
    named = {result["mvpd"] for result in results if result["kind"] == "profile" or result["kind"] == "logout"}
    return named.pop() if len(named) == 1 else None


def _action(ex: Decoded) -> ActionEntry | None:
    if not ex.succeeded or _attribute(ex, "actionName") is None:
        return None
    name, kind, reason = (_attribute(ex, attribute) for attribute in ("actionName", "actionType", "reasonType"))
    return {"name": name, "type": kind, "reason": reason}


def _injected(injection: Injection | None) -> Injected | None:
    if injection is None:
        return None
    member = injection.to_member()
    return {"scenario": member["scenario"], "rule": member["rule"], "how": member["how"]}


def _device(ex: Decoded) -> DeviceEntry | None:
    identifier = ex.request.header("AP-Device-Identifier")
    if ex.device_info is None and identifier is None:
        return None
    return {
        "info": ex.device_info.shown if ex.device_info is not None else None,
        "identifier": plain_identifier(ex, identifier) if identifier is not None else None,
        "key": device_key(ex),
    }
