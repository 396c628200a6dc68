"""What a check yields and what a finding is.
A check yields hits; the runner makes findings of them with what the table says about the check's code."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from passlens.exchange import Exchange

Severity = Literal["error", "warning", "note"]
Side = Literal["request", "response", "exchange"]
Basis = Literal["prose", "sample", "inferred"]
Scope = Literal["core", "all"]
Reads = Literal["headers", "form", "success", "problems", "error", "gap", "clock", "times", "exchange"]

SEVERITIES: Final[tuple[Severity, ...]] = ("note", "warning", "error")
"""From the least to the worst."""


class Hit(NamedTuple):
    """One thing a check found.

    ``at`` is the place (``header:X-Device-Info#/osName``, ``body#/notAfter``, ``form:redirectUrl``, ``path:code``,
    ``status``). ``message`` is a sentence that may name ``{actual}`` and ``{expected}``: they are filled in after
    redaction, so values never go into the sentence itself. ``severity``, ``basis`` and ``source`` replace the table's
    where this hit rests on something else.
    """

    at: str
    message: str
    expected: str = ""
    actual: str = ""
    severity: Severity | None = None
    basis: Basis | None = None
    source: str | None = None


class Check(NamedTuple):
    """One row of the table of codes. ``source`` names a page, None the page of the exchange's own operation.

    ``reads`` says what a check can depend on, so that it runs only where it can find something: ``headers`` is the
    operation, the partner in the path and the request's headers (a device sends the same ones again and again),
    ``form`` the operation, the method and the request's body with its media type (so does an app), ``success`` an
    answer with a documented success status, ``problems`` what the model of such an answer objects to, ``error`` any
    other answer, ``gap`` an answer or a body that is not there, ``clock`` the request's headers and the time
    (times at which it has nothing to say have no others between them), ``times`` the times of a session and the clock,
    ``exchange`` anything else.
    """

    code: str
    name: str
    severity: Severity
    side: Side
    basis: Basis
    source: str | None
    scope: Scope
    reads: Reads
    find: Callable[[Exchange], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing about an exchange; texts are raw until they are redacted."""

    code: str
    name: str
    severity: Severity
    side: Side
    at: str
    message: str
    expected: str
    actual: str
    basis: Basis
    source: str


def rank(severity: Severity) -> int:
    """0 for a note, 1 for a warning, 2 for an error."""
    return SEVERITIES.index(severity)
