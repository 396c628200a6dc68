"""Runs the checks over an exchange and makes findings of their hits; nothing a check does can stop it."""

import logging
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from passlens.checks.finding import Check, Finding, Hit, Reads
from passlens.checks.table import CHECKS
from passlens.exchange import Exchange, Request
from passlens.remembered import remembered
from passlens.spec.operations import BY_ID, KNOWN_HEADERS
from passlens.spec.routing import Route
from passlens.spec.sources import cite

logger = logging.getLogger(__name__)

MOST_HITS: Final = 20
"""Hits that one check may report about one exchange; the content of a body decides how many there could be."""

SERVERS_CHOICE: Final = frozenset({"PL405", "PL440", "PL441", "PL503"})
"""Findings that question why the server chose its answer; an answer that passlens made was chosen by a rule."""

_BY_SERVER: Final = ("rewrite_request", "rewrite_response", "delay")
"""Ways of acting on an exchange that leave the answer to the server."""

_FAULT: Final = "fault "
"""How the name of a fault begins in what was done. An answer that was broken on purpose is not judged."""

_SETS: Final = 512
"""Sets of request headers whose hits are remembered; a device sends one or two sets over and over."""

_LONGEST: Final = 1 << 14
"""Characters of a set that is worth remembering; documented ones have about 3,000."""


class _Plan(NamedTuple):
    """The checks to run on one kind of exchange, in the order of their codes."""

    by_headers: tuple[Check, ...]
    others: tuple[Check, ...]


def plans(checks: tuple[Check, ...]) -> dict[tuple[bool, Reads | None], _Plan]:
    """Which checks to run, by whether the operation is a core one and what ``reads`` calls its answer."""
    found = {}
    for core in (True, False):
        scope = [check for check in checks if core or check.scope == "all"]
        by_headers = tuple(check for check in scope if check.reads == "headers")
        for answer in _ANSWERS:
            found[core, answer] = _Plan(by_headers, tuple(one for one in scope if one.reads in ("exchange", answer)))
    return found


_ANSWERS: Final[tuple[Reads | None, ...]] = ("success", "error", None)
_PLANS: Final = plans(CHECKS)


def findings(ex: Exchange) -> list[Finding]:
    """All findings about an exchange, in the order of their codes; none about other traffic. Never raises.

    Texts are raw: redact before anything is shown.
    """
    if ex.route is None:
        return []
    answer: Reads | None = None if ex.answer is None else "success" if ex.succeeded else "error"
    plan = _PLANS[ex.operation.core, answer]
    hits = [*_by_headers(ex, plan), *_hits(plan.others, ex)]
    if not hits:
        return []
    hits.sort(key=lambda pair: pair[0].code)
    done = ex.injected.get("how", "").split(", ") if ex.injected is not None else []
    found = [finding_of(check, hit, ex) for check, hit in hits if _counts(check, done)]
    # What passlens made of a request is not the app's doing, and no reason to fail a run.
    rewritten = "rewrite_request" in done
    return [replace(one, severity="note") if rewritten and one.side == "request" else one for one in found]


def _counts(check: Check, done: list[str]) -> bool:
    """False for findings about what passlens itself did to an answer."""
    made = not set(done) <= set(_BY_SERVER)
    broken = any(how.startswith(_FAULT) for how in done)
    return not ((made and check.code in SERVERS_CHOICE) or (broken and check.side != "request"))


def _by_headers(ex: Exchange, plan: _Plan) -> list[tuple[Check, Hit]]:
    """What the checks find that depend on the request's headers alone."""
    headers = ex.request.only(KNOWN_HEADERS)
    try:
        return _remembered(ex.operation.id, ex.path_parameter("partner"), headers)
    except Exception:
        # Nothing of a check that fails is remembered; the others are run again.
        return _hits(plan.by_headers, ex)


@remembered(_SETS, _LONGEST)
def _remembered(name: str, partner: str | None, headers: tuple[tuple[str, str], ...]) -> list[tuple[Check, Hit]]:
    """Hits about the headers of an operation, found on an exchange that has nothing else."""
    operation = BY_ID[name]
    ex = Exchange(Request(headers, method=operation.method))
    ex.route = Route(operation, {} if partner is None else {"partner": partner}, "", True, True)
    checks = _PLANS[operation.core, None].by_headers
    return [(check, hit) for check in checks for hit in islice(check.find(ex), MOST_HITS)]


def _hits(checks: tuple[Check, ...], ex: Exchange) -> list[tuple[Check, Hit]]:
    found: list[tuple[Check, Hit]] = []
    for check in checks:
        try:
            for hit in islice(check.find(ex), MOST_HITS):
                found.append((check, hit))
        except Exception as error:
            # The flow goes on unharmed; PL999 and the log say what happened.
            ex.check_failures.append(f"{check.code} raised {type(error).__name__}")
            words = "passlens: check %s failed with %s; the flow is not touched."
            logger.warning(words, check.code, type(error).__name__)
    return found


def finding_of(check: Check, hit: Hit, ex: Exchange) -> Finding:
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
    )
