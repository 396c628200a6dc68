"""How much a departure from the models of profiles, decisions, configurations, logouts and registration weighs: one
literal table. The codes themselves are those of all answers (PL305 to PL309, PL327, PL404)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from passlens.checks.finding import Basis, Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import FAMILIES, Family
from passlens.rest_v2.wire import Problem, ProblemKind


class Weight(NamedTuple):
    """What a problem weighs. ``pointer`` is a pattern: ``*`` stands for one step, ``**`` at its end for the rest.
    ``severity`` None: it belongs to a check of its own."""

    family: Family
    kinds: tuple[ProblemKind, ...]
    pointer: str
    severity: Severity | None
    basis: Basis = "prose"


_ABSENT: Final[tuple[ProblemKind, ...]] = ("missing",)
_TYPE: Final[tuple[ProblemKind, ...]] = ("type",)
_FORMAT: Final[tuple[ProblemKind, ...]] = ("format",)
_VALUE: Final[tuple[ProblemKind, ...]] = ("value",)
_FORBIDDEN: Final[tuple[ProblemKind, ...]] = ("forbidden",)
_ANY: Final[tuple[ProblemKind, ...]] = ("missing", "type", "format", "value", "forbidden")

WEIGHTS: Final[tuple[Weight, ...]] = (
    # The first row that fits counts.
    Weight("profiles", _VALUE, "/profiles/*/issuer", None),
    Weight("profiles", _FORMAT, "/profiles/*/**", "warning"),
    Weight("profiles", _ABSENT, "/profiles/*/attributes/userID", "warning"),
    Weight("profiles", _ANY, "/profiles/*/attributes/*/**", "note", "sample"),
    Weight("profiles", _ANY, "/profiles/*/sessionId", "note", "inferred"),
    Weight("profiles", _ABSENT, "/profiles/*/*", "error"),
    Weight("profiles", _TYPE, "/profiles/**", "error", "sample"),
    Weight("decisions", _ABSENT, "/decisions/*/error", "warning"),
    Weight("decisions", _TYPE, "/decisions/*/error", "warning", "sample"),
    Weight("decisions", _FORBIDDEN, "/decisions/*/error", "warning", "sample"),
    # What stands inside an error is looked at as errors are (PL51x).
    Weight("decisions", _ANY, "/decisions/*/error/**", None),
    Weight("decisions", _ANY, "/decisions/*/token/issuedAt", "note", "sample"),
    Weight("decisions", _ABSENT, "/decisions/*/token", "warning", "sample"),
    Weight("decisions", _ABSENT, "/decisions/*/token/*", "warning", "sample"),
    Weight("decisions", _FORBIDDEN, "/decisions/*/notBefore", "note", "sample"),
    Weight("decisions", _FORBIDDEN, "/decisions/*/notAfter", "note", "sample"),
    Weight("decisions", _FORBIDDEN, "/decisions/*/*", "warning", "sample"),
    Weight("decisions", _FORMAT, "/decisions/*/**", "warning"),
    Weight("decisions", _VALUE, "/decisions/*/source", "error"),
    Weight("decisions", _ABSENT, "/decisions/*/*", "error"),
    Weight("decisions", _TYPE, "/decisions/**", "error", "sample"),
    Weight("configuration", _ABSENT, "/requestor/*", "warning", "inferred"),
    Weight("configuration", _ABSENT, "/**", "warning"),
    Weight("configuration", _ANY, "/**", "warning", "sample"),
    Weight("logout", _VALUE, "/logouts/**", None),
    Weight("logout", _ABSENT, "/logouts/*/*", "error"),
    Weight("logout", _TYPE, "/logouts/**", "error", "sample"),
    Weight("logout", _FORMAT, "/logouts/**", "warning", "inferred"),
    Weight("registration", _ABSENT, "/*", "error"),
    Weight("registration", _TYPE, "/redirect_uris/**", "warning", "sample"),
    Weight("registration", _TYPE, "/grant_types/**", "warning", "sample"),
    Weight("registration", _TYPE, "/scopes/**", "warning", "sample"),
    Weight("registration", _ANY, "/refresh_token", "note", "inferred"),
    Weight("registration", _TYPE, "/**", "error", "sample"),
    Weight("registration", _FORMAT, "/**", "warning", "inferred"),
)  # fmt: skip

FAMILY_OF: Final[dict[str, Family]] = {
    operation: family for family, operations in FAMILIES.items() for operation in operations
}


def _fits(pattern: str, pointer: str) -> bool:
    """Whether a pointer is of the pattern. Keys are data: they are compared step by step."""
    want, have = pattern.split("/")[1:], pointer.split("/")[1:]
    if want[-1] == "**":
        want = want[:-1]
        have = have[: len(want)] if len(have) >= len(want) else have
    return len(want) == len(have) and all(step in ("*", part) for step, part in zip(want, have, strict=True))


_OF_ENTRIES: Final = frozenset({"profiles", "decisions", "logouts", "mvpds"})
"""Attributes whose members are entries."""


def weigh(family: Family, problem: Problem) -> Weight | None:
    """The row of the table for a problem; None for one that no list of checks speaks of."""
    rows = (row for row in WEIGHTS if row.family == family and problem.kind in row.kinds)
    return next((row for row in rows if _fits(row.pointer, problem.pointer)), None)


def of_items(ex: Decoded) -> tuple[Problem, ...]:
    """Problems of a recognised success outside the sessions, whatever its status; empty for the sessions."""
    if FAMILY_OF[ex.operation.id] == "sessions" or ex.outcome is None:
        return ()
    return ex.recognition.problems if ex.response is not None and ex.response.status < 400 else ()


def hits(ex: Decoded, kind: ProblemKind, words: str) -> Iterator[Hit]:
    """A hit for each problem of a kind, as much as it weighs. ``words`` may name ``{name}``, the attribute."""
    family = FAMILY_OF[ex.operation.id]
    for problem in of_items(ex):
        weight = weigh(family, problem) if problem.kind == kind else None
        if weight is None or weight.severity is None:
            continue
        holder, _, name = problem.pointer.rpartition("/")
        named = "The entry" if holder.rpartition("/")[2] in _OF_ENTRIES else f"The attribute {name}"
        yield Hit(
            f"body#{problem.pointer}",
            words.replace("{name}", named),
            problem.expected,
            # What stands there may be personal: of a wrong type its kind says enough.
            problem.actual.partition(" ")[0] if kind == "type" else problem.actual,
            weight.severity,
            weight.basis,
        )
