"""Counts over a run: exchanges by operation and outcome, findings by code and severity."""

from dataclasses import replace
from typing import cast

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Expectation, Summary
from passlens.analysis.summary import OTHERS, RunSummary
from passlens.exchange.model import Exchange
from passlens.rest_v2.strangers import Stranger
from support.examples import answered, exchange


def test_exchanges_and_findings_are_counted() -> None:
    summary = RunSummary()
    for name in ("C1", "C1", "P3", "throttled-create-session", "no-body-400-create-session", "RS-B"):
        found = name if name != "no-body-400-create-session" else "no-body-400"
        summary.add(analyze(as_exchange(case(found))))
    unanswered = as_exchange(case("C1"))
    unanswered.response = None
    summary.add(analyze(unanswered))
    assert summary.exchanges == 7
    assert summary.outcomes["create-session", "C1"] == 2
    assert summary.outcomes["create-session", "throttled"] == 1
    assert summary.outcomes["create-session", "http_400"] == 1
    assert summary.outcomes["create-session", "no answer"] == 1
    assert summary.outcomes["retrieve-session", "RS-B"] == 1
    assert sum(summary.codes.values()) == sum(summary.severities.values())


def test_the_summary_has_the_members_of_the_document() -> None:
    summary = RunSummary()
    summary.other_flows, summary.unreadable = 3, 1
    summary.add(analyze(as_exchange(case("C1").without_header("Authorization"))))
    members = summary.to_member()
    assert list(members) == list(Summary.__annotations__)
    assert (members["exchanges"], members["other_flows"], members["unreadable"]) == (1, 3, 1)
    assert members["errors"] == summary.severities["error"] > 0


def test_only_a_check_that_was_stopped_says_that_it_is_partial() -> None:
    summary = RunSummary()
    assert summary.to_member()["partial"] is False
    summary.partial = True
    assert summary.to_member()["partial"] is True


def test_one_summary_takes_in_another() -> None:
    whole, first, second = RunSummary(), RunSummary(), RunSummary()
    for half, names in ((first, ("C1", "P3", "RS-B")), (second, ("C1", "throttled-create-session"))):
        for name in names:
            half.add(analyze(as_exchange(case(name))))
            whole.add(analyze(as_exchange(case(name))))
    for summary in (second, whole):
        summary.add_other()
        summary.add_other(Stranger("v1", "GET /api/v1/authorize"))
    first.merge(second)
    assert vars(first) == vars(whole)


def expectation(verdict: str) -> Expectation:
    made = {"scenario": "denied", "rule": "deny", "name": "told", "verdict": verdict, "at": None, "why": "", "say": ""}
    return cast(Expectation, {**made, "acted": None, "file": None, "device": None})


def test_expectations_beyond_the_list_are_counted_when_summaries_are_merged() -> None:
    whole, first, second = RunSummary(), RunSummary(), RunSummary()
    for half, verdicts in ((first, ["met"] * 3), (second, ["not-met"] * 60 + ["met"])):
        for verdict in verdicts:
            half.add_expectation(expectation(verdict))
            whole.add_expectation(expectation(verdict))
    first.merge(second)
    assert first.expected == whole.expected == {"met": 4, "not-met": 60}
    assert first.expectations == whole.expectations == [expectation("not-met")] * 50


def test_calls_of_rest_api_v1_count_among_the_other_flows() -> None:
    summary = RunSummary()
    for kind, number in (("v1", 2), ("unknown", 1)):
        for _ in range(number):
            summary.add_other(Stranger(kind, "GET /api/v1/authorize"))  # type: ignore[arg-type]
    assert (summary.to_member()["v1_calls"], summary.calls("unknown"), summary.other_flows) == (2, 1, 3)


def test_strangers_beyond_the_limit_are_counted_together() -> None:
    summary = RunSummary()
    for number in range(1000 + 2):
        summary.add_other(Stranger("v1", f"GET /{number}"))
    assert summary.strangers[Stranger("v1", OTHERS)] == 2
    assert len(summary.strangers) == 1000 + 1


def test_names_beyond_the_limit_are_counted_together_when_summaries_are_merged() -> None:
    first, second = RunSummary(), RunSummary()
    first.outcomes.update({("create-session", f"made_up_{number}"): 1 for number in range(1000)})
    second.outcomes["create-session", "made_up_1"] = 2
    second.outcomes["create-session", "another"] = 3
    first.merge(second)
    assert len(first.outcomes) == 1000 + 1
    assert first.outcomes["create-session", "made_up_1"] == 3
    assert first.outcomes["create-session", OTHERS] == 3


def decided(*said: bool | None) -> Exchange:
    decisions = [{"authorized": one} for one in said]
    return answered(exchange("authorize"), {"decisions": decisions})


def test_permits_and_denials_are_counted_and_those_without_a_time() -> None:
    summary, other = RunSummary(), RunSummary()
    summary.add(analyze(decided(True, False, False, None)))
    other.add(analyze(replace(decided(True), started=None)))
    assert (summary.permits, summary.denials, summary.undated) == (1, 2, 0)
    summary.merge(other)
    counts = summary.to_member()
    assert (counts["permits"], counts["denials"], counts["undated"]) == (2, 2, 1)
