"""Verdicts on expectations in the machine-readable form: the member, and the finding of one that was not met."""

from collections.abc import Iterable
from typing import Final

from passlens.analysis.entry import Expectation, FindingEntry
from passlens.checks.expectation import expectation_not_met
from passlens.checks.table import BY_CODE
from passlens.rest_v2.sources import cite
from passlens.scenarios.expectations import ExpectationVerdict

CODE: Final = "PL690"


def member(verdict: ExpectationVerdict, file: str | None) -> Expectation:
    """A verdict as ``expectations`` has it."""
    return {
        "scenario": verdict.scenario,
        "rule": verdict.rule,
        "name": verdict.name,
        "verdict": verdict.word,
        "at": verdict.at,
        "why": verdict.why,
        "say": verdict.say,
        "acted": verdict.acted,
        "file": file,
        "device": verdict.device,
    }


def finding(verdict: ExpectationVerdict) -> FindingEntry:
    """What an exchange or a journey has of an expectation that was not met. Names and operations come from the rule
    file, so that nothing is to be redacted."""
    check = BY_CODE[CODE]
    acted = verdict.acted if verdict.acted != verdict.at else None
    hit = expectation_not_met(verdict.scenario, verdict.name, verdict.seen, acted)
    return {
        "code": check.code,
        "name": check.name,
        "severity": check.severity,
        "side": check.side,
        "at": hit.at,
        "message": hit.message.replace("{expected}", hit.expected).replace("{actual}", hit.actual),
        "expected": hit.expected,
        "actual": hit.actual,
        "basis": check.basis,
        "source": cite(check.source or "scenario"),
        "related": list(hit.related),
    }


def last_of_each(verdicts: Iterable[ExpectationVerdict]) -> list[ExpectationVerdict]:
    """One verdict for each expectation and app, the last one that was made."""
    return list({verdict.key: verdict for verdict in verdicts}.values())
