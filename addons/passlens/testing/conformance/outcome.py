"""What came of a scenario: by the verdicts on its expectations, and by whether the app or the test went on. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from typing_extensions import TypedDict

from passlens.analysis.entry import Expectation

MARGIN: Final = 0.3
"""Seconds more that are waited, for an exchange that began in time and has not ended."""

ConformanceVerdict = Literal["met", "not-met", "not-exercised", "open", "skipped"]

WORDS: Final[dict[ConformanceVerdict, str]] = {
    "met": "met",
    "not-met": "not met",
    "not-exercised": "not exercised",
    "open": "not decided",
    "skipped": "skipped",
}


class Evidence(TypedDict):
    """An exchange that shows what happened, as the report has it."""

    number: int
    index: int
    started: str | None
    operation: str
    status: int | None
    outcome: str | None
    error: str | None
    injected: str | None
    findings: list[str]


class ConformanceResult(TypedDict):
    """What came of one scenario. ``began`` is a time in ISO 8601."""

    name: str
    outcome: ConformanceVerdict
    why: str
    began: str
    expectations: list[Expectation]
    exchanges: list[Evidence]


def is_against(found: Sequence[Expectation]) -> bool:
    """True if one is not met, which nothing that comes later can change."""
    return any(one["verdict"] == "not-met" for one in found)


def is_decided(found: Sequence[Expectation]) -> bool:
    """True if the scenario acted, and nothing is waited for any more."""
    acted = [one for one in found if one["verdict"] != "not-exercised"]
    return bool(acted) and not waits(acted)


def waits(found: Sequence[Expectation]) -> list[str]:
    """The names of the expectations that are waited for."""
    return [one["name"] for one in found if one["verdict"] == "open"]


def at_the_end(
    found: Sequence[Expectation], since: Mapping[str, float], within: Mapping[str, float], now: float
) -> list[Expectation]:
    """The expectations once the tester says that the app goes on, or the test has ended well: one that nothing spoke
    against for the whole of its time is met, though the app sent nothing more. ``since`` tells when each was first
    waited for, ``now`` the time, in seconds of one clock."""
    return [_settled(one, since, within, now) for one in found]


def _settled(one: Expectation, since: Mapping[str, float], within: Mapping[str, float], now: float) -> Expectation:
    if one["verdict"] != "open" or _left(one["name"], since, within, now) > 0:
        return one
    return {**one, "verdict": "met", "at": one["acted"], "why": "nothing came that should not have come"}


def seconds_left(
    found: Sequence[Expectation], since: Mapping[str, float], within: Mapping[str, float], now: float
) -> float:
    """For how long something is waited for, as ``at_the_end`` counts; 0 where that is for nothing."""
    return max([0.0, *(_left(name, since, within, now) for name in waits(found))])


def _left(name: str, since: Mapping[str, float], within: Mapping[str, float], now: float) -> float:
    # What waits for the end of a journey waits for the tester here.
    return within.get(name, -MARGIN) + MARGIN - (now - since.get(name, now))


def broken_off(found: Sequence[Expectation], why: str) -> list[Expectation]:
    """The expectations after an app that crashed, or a test that failed: only what came and should not have come still
    says something."""
    return [
        one
        if one["verdict"] == "not-exercised" or (one["verdict"] == "not-met" and one["at"] != one["acted"])
        else {**one, "verdict": "not-exercised", "at": None, "why": why}
        for one in found
    ]


def outcome_of(found: Sequence[Expectation]) -> tuple[ConformanceVerdict, str]:
    """The outcome of a scenario, and why."""
    against = [one for one in found if one["verdict"] == "not-met"]
    if against:
        return "not-met", "; ".join(f"{one['name']}: {one['why']}" for one in against)
    acted = [one for one in found if one["verdict"] != "not-exercised"]
    if not acted:
        whys = dict.fromkeys(one["why"] for one in found)
        return "not-exercised", "; ".join(whys) or "it expects nothing of the app"
    waiting = [one for one in acted if one["verdict"] == "open"]
    if waiting:
        return "open", f"not decided: {', '.join(one['name'] for one in waiting)}"
    return "met", "; ".join(f"{one['name']}: {one['why']}" for one in acted)


def evidence(entry: Mapping[str, Any]) -> Evidence:
    """What a report needs of an entry of the control API."""
    injected = entry["injected"]
    return {
        "number": entry["number"],
        "index": entry["index"],
        "started": entry["started"],
        "operation": entry["operation"],
        "status": entry["status"],
        "outcome": entry["outcome"],
        "error": entry["error"],
        "injected": f"{injected['scenario']}/{injected['rule']}" if injected is not None else None,
        "findings": [finding["code"] for finding in entry["findings"] if finding["severity"] != "note"],
    }
