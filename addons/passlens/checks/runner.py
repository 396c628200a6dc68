"""Runs the checks over an exchange and makes findings of their hits; nothing a check does can stop it."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from typing import Final

from passlens.checks import device_info, error_responses, header_encoding, partner_status
from passlens.checks.finding import Check, Finding, Hit
from passlens.checks.table import BY_CODE, CHECKS
from passlens.checks.unrecorded import stands
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import FAMILIES
from passlens.rest_v2.sources import cite

logger = logging.getLogger(__name__)

MAX_HITS: Final = 20
"""Hits that one check may report about one exchange; the content of a body decides how many there could be."""

SERVERS_CHOICE: Final = frozenset({"PL405", "PL440", "PL441", "PL503"})
"""Findings that question why the server chose its answer; an answer that passlens made was chosen by a rule."""

OF_A_SAMPLE: Final = ("PL450", "note")
"""A type that a page's list lacks and its sample has (E84): what passlens makes is what the documentation shows."""

STANDS_ALONE: Final = "PL313"
"""What a captive portal tells is no answer of the API: nothing else that it lacks is worth a finding."""

_Hits = list[tuple[Check, Hit]]


_SUBJECTS: Final[dict[str, Callable[[Decoded], object]]] = {
    header_encoding.__name__: lambda ex: ex.deviations,
    device_info.__name__: lambda ex: ex.device_info is not None,
    partner_status.__name__: lambda ex: ex.partner_status is not None,
    error_responses.__name__: lambda ex: ex.error is not None or ex.recognition.items,
}
"""What the checks of a module speak of: they are not asked about an exchange that has none of it."""

_CheckGroup = tuple[Callable[[Decoded], object] | None, tuple[Check, ...]]


def by_operation(checks: tuple[Check, ...]) -> dict[str, tuple[_CheckGroup, ...]]:
    """The checks that look at each operation, in the order of their codes; those in a row that have one subject
    together with it."""
    return {
        operation: _groups(check for check in checks if check.scope in ("all", family))
        for family, operations in FAMILIES.items()
        for operation in operations
    }


def _groups(checks: Iterable[Check]) -> tuple[_CheckGroup, ...]:
    found = groupby(checks, lambda check: _SUBJECTS.get(check.find.__module__))
    return tuple((subject, tuple(group)) for subject, group in found)


CHECKS_OF: Final = by_operation(CHECKS)


def findings(ex: Decoded) -> list[Finding]:
    """All findings about an exchange, in the order of their codes; none about other traffic. Never raises.

    Texts are raw: redact before anything is shown.
    """
    if ex.route is None:
        return []
    hits = _hits(CHECKS_OF[ex.operation.id], ex)
    if not hits:
        return []
    hits = [pair for pair, kept in zip(hits, stands(ex, hits), strict=True) if kept]
    if any(check.code == STANDS_ALONE for check, _ in hits):
        hits = [(check, hit) for check, hit in hits if check.code == STANDS_ALONE or check.side != "response"]
    injection = ex.injection
    made = injection is not None and not injection.left_to_server
    broken = injection is not None and injection.broken
    # What was broken on purpose is not judged.
    found = [
        finding_of(check, hit, ex)
        for check, hit in hits
        if not (made and _is_a_choice(check, hit)) and not (broken and check.side != "request")
    ]
    # What passlens made of a request is not the app's doing, and no reason to fail a run.
    rewritten = injection is not None and injection.request_rewritten
    return [replace(one, severity="note") if rewritten and one.side == "request" else one for one in found]


def _is_a_choice(check: Check, hit: Hit) -> bool:
    """True for what questions an answer that passlens chose, and made as the documentation shows it."""
    return check.code in SERVERS_CHOICE or (check.code, hit.severity) == OF_A_SAMPLE


def _hits(groups: tuple[_CheckGroup, ...], ex: Decoded) -> _Hits:
    found: _Hits = []
    failures: _Hits = []
    for check in _asked(groups, ex):
        try:
            for hit in islice(check.find(ex), MAX_HITS):
                found.append((check, hit))
        except Exception as error:
            # The flow goes on unharmed; PL999 and the log say what happened.
            kind = type(error).__name__
            hit = Hit("passlens", "A check failed: {actual}.", "", f"{check.code} raised {kind}")
            failures.append((BY_CODE["PL999"], hit))
            logger.warning("passlens: check %s failed with %s; the flow is not touched.", check.code, kind)
    return found + failures


def _asked(groups: tuple[_CheckGroup, ...], ex: Decoded) -> Iterator[Check]:
    for subject, checks in groups:
        if subject is None or _has(ex, subject):
            yield from checks


def _has(ex: Decoded, subject: Callable[[Decoded], object]) -> bool:
    try:
        return bool(subject(ex))
    except Exception:  # the checks that ask for it will say so
        return True


def finding_of(check: Check, hit: Hit, ex: Decoded) -> Finding:
    """The finding that a hit of a check is, with what the table says about the check."""
    return Finding(
        code=check.code,
        name=check.name,
        severity=hit.severity or check.severity,
        side=check.side,
        at=hit.at,
        message=hit.message,
        expected=hit.expected,
        actual=hit.actual,
        basis=hit.basis or check.basis,
        source=hit.source or (cite(check.source) if check.source else ex.operation.cite()),
        related=hit.related,
    )
