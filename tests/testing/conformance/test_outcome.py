"""What came of a scenario, by its expectations: never met where nothing was exercised, or where the app has gone."""

from typing import Any

import pytest

from passlens.analysis.entry import Expectation
from passlens.testing.conformance.outcome import (
    MARGIN,
    at_the_end,
    broken_off,
    evidence,
    is_against,
    is_decided,
    outcome_of,
    seconds_left,
    waits,
)


def one(words: str) -> Expectation:
    """``name verdict acted at``; a hyphen for none."""
    name, verdict, acted, at = words.split()
    made: Any = {"scenario": "x", "rule": "r", "name": name, "verdict": verdict, "why": f"why {name}", "say": ""}
    places = {key: None if value == "-" else int(value) for key, value in (("acted", acted), ("at", at))}
    return made | places | {"file": None, "device": None}  # type: ignore[no-any-return]


def some(*words: str) -> list[Expectation]:
    return [one(each) for each in words]


MET, AGAINST = "a met 1 2", "b not-met 1 3"
ABSENT, OPEN, NONE = "c not-met 1 1", "d open 1 -", "e not-exercised - -"


@pytest.mark.parametrize(
    ("words", "outcome", "why"),
    [
        ([MET], "met", "a: why a"),
        ([MET, NONE], "met", "a: why a"),
        ([MET, OPEN], "open", "not decided: d"),
        ([MET, AGAINST, OPEN], "not-met", "b: why b"),
        ([NONE], "not-exercised", "why e"),
        ([NONE, NONE], "not-exercised", "why e"),
        ([], "not-exercised", "it expects nothing of the app"),
    ],
)
def test_outcome(words: list[str], outcome: str, why: str) -> None:
    assert outcome_of(some(*words)) == (outcome, why)


@pytest.mark.parametrize(
    ("words", "decided", "against"),
    [
        ([MET], True, False),
        ([MET, NONE], True, False),
        ([MET, OPEN], False, False),
        ([NONE], False, False),
        ([AGAINST], True, True),
        ([OPEN, ABSENT], False, True),
    ],
)
def test_when_it_is_decided(words: list[str], decided: bool, against: bool) -> None:
    assert (is_decided(some(*words)), is_against(some(*words))) == (decided, against)


@pytest.mark.parametrize(("passed", "verdict"), [(10 + MARGIN, "met"), (9.9 + MARGIN, "open")])
def test_a_tester_who_goes_on_is_a_sign_of_life(passed: float, verdict: str) -> None:
    (settled,) = at_the_end(some(OPEN), {"d": 0.0}, {"d": 10.0}, passed)
    assert settled["verdict"] == verdict


@pytest.mark.parametrize(
    ("words", "passed", "left"), [([OPEN], 4.0, 6.3), ([OPEN], 13.0, 0.0), ([NONE, AGAINST], 0.0, 0.0)]
)
def test_how_long_something_is_waited_for(words: list[str], passed: float, left: float) -> None:
    assert seconds_left(some(*words), {"d": 0.0}, {"d": 10.0}, passed) == pytest.approx(left)


def test_what_waits_for_the_end_of_a_journey_waits_for_the_tester() -> None:
    (settled,) = at_the_end(some(OPEN), {"d": 100.0}, {}, 100.0)
    assert (settled["verdict"], settled["why"]) == ("met", "nothing came that should not have come")
    assert at_the_end(some(NONE, AGAINST), {}, {}, 1e9) == some(NONE, AGAINST)


def test_after_a_crash_only_what_came_still_says_something() -> None:
    found = broken_off(some(MET, AGAINST, ABSENT, OPEN, NONE), "it crashed")
    assert [each["verdict"] for each in found] == ["not-exercised", "not-met", *["not-exercised"] * 3]
    assert [each["why"] for each in found] == ["it crashed", "why b", "it crashed", "it crashed", "why e"]
    assert outcome_of(broken_off(some(MET, OPEN), "it crashed")) == ("not-exercised", "it crashed")


def test_what_is_waited_for() -> None:
    assert waits(some(MET, OPEN, NONE)) == ["d"]


def test_evidence_of_an_exchange() -> None:
    entry = {
        "number": 3, "index": 7, "started": None, "operation": "authorize", "status": 403, "outcome": None,
        "error": "x", "injected": {"scenario": "denied", "rule": "all", "how": "outcome"},
        "findings": [{"code": "PL1", "severity": "note"}, {"code": "PL690", "severity": "error"}],
    }  # fmt: skip
    made = evidence(entry)
    assert (made["injected"], made["findings"], made["index"]) == ("denied/all", ["PL690"], 7)
    assert evidence(entry | {"injected": None})["injected"] is None
