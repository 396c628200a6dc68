"""Runs the checks over an exchange and makes findings of their hits; nothing a check does can stop it."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from passlens.checks.finding import Check, Finding, Hit
from passlens.checks.table import CHECKS
from passlens.exchange import Exchange
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

_CORE: Final = CHECKS
_OTHER: Final = tuple(check for check in CHECKS if check.scope == "all")


def findings(ex: Exchange) -> list[Finding]:
    """All findings about an exchange, in the order of their codes; none about other traffic. Never raises.

    Texts are raw: redact before anything is shown.
    """
    if ex.route is None:
        return []
    found: list[Finding] = []
    done = ex.injected.get("how", "").split(", ") if ex.injected is not None else []
    broken = any(how.startswith(_FAULT) for how in done)
    made = not set(done) <= set(_BY_SERVER)
    for check in _CORE if ex.operation.core else _OTHER:
        if (made and check.code in SERVERS_CHOICE) or (broken and check.side != "request"):
            continue
        found.extend(finding_of(check, hit, ex) for hit in _hits(check, ex))
    # What passlens made of a request is not the app's doing, and no reason to fail a run.
    rewritten = "rewrite_request" in done
    return [replace(one, severity="note") if rewritten and one.side == "request" else one for one in found]


def _hits(check: Check, ex: Exchange) -> Iterator[Hit]:
    try:
        for count, hit in enumerate(check.find(ex)):
            if count == MOST_HITS:
                return
            yield hit
    except Exception as error:
        # The flow goes on unharmed; PL999 and the log say what happened.
        ex.check_failures.append(f"{check.code} raised {type(error).__name__}")
        logger.warning("passlens: check %s failed with %s; the flow is not touched.", check.code, type(error).__name__)


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
