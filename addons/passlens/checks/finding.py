"""What a check yields and what a finding is.
A check yields hits; the runner makes findings of them with what the table says about the check's code."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from passlens.rest_v2.operations import Family

Severity = Literal["error", "warning", "note"]
Side = Literal["request", "response", "exchange"]
Basis = Literal["prose", "sample", "inferred"]
Scope = Family | Literal["all", "sequence", "expectation"]

SEVERITIES: Final[tuple[Severity, ...]] = ("note", "warning", "error")
"""From the least to the worst."""

WORST_FIRST: Final = tuple(reversed(SEVERITIES))

CLOCK_TOLERANCE: Final = 60
"""Seconds by which clocks may differ before the time of a token or a session counts."""


def earliest(now: float | None) -> float | None:
    """The earliest time (epoch seconds) that it may have been at ``now`` by another clock; None if it is not known."""
    return None if now is None else now - CLOCK_TOLERANCE


def latest(now: float | None) -> float | None:
    """The latest time that it may have been by another clock at ``now``."""
    return None if now is None else now + CLOCK_TOLERANCE


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
    related: tuple[int, ...] = ()
    """Indexes of the other exchanges that a sequence check rests on."""


class Check(NamedTuple):
    """One row of the table of codes. ``source`` names a page, None the page of the exchange's own operation.
    ``scope`` is the family of operations whose exchanges it looks at, or all. For ``sequence``
    ``find`` is a class of checks/sequence, which sees all exchanges in order; for ``expectation`` it makes the hit of a
    verdict.
    """

    code: str
    name: str
    severity: Severity
    side: Side
    basis: Basis
    source: str | None
    scope: Scope
    find: Callable[..., Any]


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
    related: tuple[int, ...] = ()


def rank(severity: Severity) -> int:
    """0 for a note, 1 for a warning, 2 for an error."""
    return SEVERITIES.index(severity)


def worst_of(severities: Iterable[Severity]) -> Severity | None:
    """The worst of some severities; None where there is none."""
    return max(severities, key=rank, default=None)
