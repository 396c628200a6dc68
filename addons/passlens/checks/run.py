"""Runs the checks over an exchange and makes findings of their hits; nothing a check does can stop it."""

import logging
from dataclasses import replace
from itertools import islice
from typing import Final

from passlens.checks.finding import Check, Finding, Hit, Reads
from passlens.checks.table import CHECKS
from passlens.exchange import Exchange, with_headers
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
"""Sets of request headers, and forms, whose hits are remembered; a device sends one or two over and over."""

_LONGEST: Final = 1 << 14
"""Characters of a set that is worth remembering; documented ones have about 3,000."""

_Hits = list[tuple[Check, Hit]]


class _Plan:
    """Which checks to run on what, in the order of their codes."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self._checks = checks
        self._chosen: dict[tuple[bool, tuple[Reads, ...]], tuple[Check, ...]] = {}

    def that_read(self, core: bool, *reads: Reads) -> tuple[Check, ...]:
        """The checks of an operation that read one of these."""
        key = core, reads
        if key not in self._chosen:
            scope = (check for check in self._checks if core or check.scope == "all")
            self._chosen[key] = tuple(check for check in scope if check.reads in reads)
        return self._chosen[key]


_PLAN: Final = _Plan(CHECKS)


def findings(ex: Exchange) -> list[Finding]:
    """All findings about an exchange, in the order of their codes; none about other traffic. Never raises.

    Texts are raw: redact before anything is shown.
    """
    if ex.route is None:
        return []
    hits = [*_by_headers(ex), *_by_form(ex), *_hits(_PLAN.that_read(ex.operation.core, *_there(ex)), ex)]
    if not hits:
        return []
    hits.sort(key=lambda pair: pair[0].code)
    done = ex.injected.get("how", "").split(", ") if ex.injected is not None else []
    made = not set(done) <= set(_BY_SERVER)
    broken = any(how.startswith(_FAULT) for how in done)
    found = [
        finding_of(check, hit, ex)
        for check, hit in hits
        if not (made and check.code in SERVERS_CHOICE) and not (broken and check.side != "request")
    ]
    # What passlens made of a request is not the app's doing, and no reason to fail a run.
    rewritten = "rewrite_request" in done
    return [replace(one, severity="note") if rewritten and one.side == "request" else one for one in found]


def _there(ex: Exchange) -> tuple[Reads, ...]:
    """What an exchange has that checks may read, beside the headers and the form of its request."""
    answer = ex.answer
    gap = answer is None or answer.gap is not None or ex.request.gap is not None
    unchecked: tuple[Reads, ...] = ("gap", "clock", "times", "exchange") if gap else ("clock", "times", "exchange")
    if answer is None:
        return unchecked
    if not ex.succeeded:
        return ("error", *unchecked)
    return ("success", "problems", *unchecked) if ex.body_problems else ("success", *unchecked)


def silent(ex: Exchange, *reads: Reads) -> bool:
    """True if the checks that read these have nothing to say about an exchange."""
    try:
        return not _all(_PLAN.that_read(ex.operation.core, *reads), ex)
    except Exception:
        return False  # whoever judges it as a whole will say so


def _by_headers(ex: Exchange) -> _Hits:
    """What the checks find that depend on the request's headers alone."""
    try:
        return _of_headers(ex.operation.id, ex.path_parameter("partner"), ex.request.only(KNOWN_HEADERS))
    except Exception:
        # Nothing of a check that fails is remembered; the others are run again.
        return _hits(_PLAN.that_read(ex.operation.core, "headers"), ex)


def _by_form(ex: Exchange) -> _Hits:
    """What the checks find that depend on the request's body alone."""
    assert ex.route is not None
    request, documented = ex.request, ex.route.documented_method
    try:
        return _of_form(ex.operation.id, request.method, documented, request.header("Content-Type"), request.body)
    except Exception:
        return _hits(_PLAN.that_read(ex.operation.core, "form"), ex)


@remembered(_SETS, _LONGEST)
def _of_headers(name: str, partner: str | None, headers: tuple[str, ...]) -> _Hits:
    """Hits about the headers of an operation, found on an exchange that has nothing else."""
    operation = BY_ID[name]
    ex = Exchange(with_headers(headers, method=operation.method))
    vars(ex)["route"] = Route(operation, {} if partner is None else {"partner": partner}, "", True, True)
    return _all(_PLAN.that_read(operation.core, "headers"), ex)


@remembered(_SETS, _LONGEST)
def _of_form(name: str, method: str, documented: bool, media_type: str | None, body: bytes | None) -> _Hits:
    """Hits about the body that was sent to an operation, found in the same way."""
    operation = BY_ID[name]
    headers = () if media_type is None else ("Content-Type", media_type)
    ex = Exchange(with_headers(headers, body=body, method=method))
    vars(ex)["route"] = Route(operation, {}, "", True, documented)
    return _all(_PLAN.that_read(operation.core, "form"), ex)


def _all(checks: tuple[Check, ...], ex: Exchange) -> _Hits:
    return [(check, hit) for check in checks for hit in islice(check.find(ex), MOST_HITS)]


def _hits(checks: tuple[Check, ...], ex: Exchange) -> _Hits:
    found: _Hits = []
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
