"""Counts over a run: exchanges by operation and outcome, findings by code and severity."""

from cases import as_exchange, case
from passlens.reports.tally import MOST, OTHERS, Tally
from passlens.verdict import judge


def test_exchanges_and_findings_are_counted() -> None:
    tally = Tally()
    for name in ("C1", "C1", "P3", "throttled-create-session", "no-body-400-create-session", "RS-B"):
        found = name if name != "no-body-400-create-session" else "no-body-400"
        tally.add(judge(as_exchange(case(found))))
    unanswered = as_exchange(case("C1"))
    unanswered.answer = None
    tally.add(judge(unanswered))
    assert tally.exchanges == 7
    assert tally.outcomes["create-session", "C1"] == 2
    assert tally.outcomes["create-session", "throttled"] == 1
    assert tally.outcomes["create-session", "http_400"] == 1
    assert tally.outcomes["create-session", "no answer"] == 1
    assert tally.outcomes["retrieve-session", "RS-B"] == 1
    assert sum(tally.codes.values()) == sum(tally.severities.values())


def test_the_summary_has_the_members_of_the_document() -> None:
    tally = Tally()
    tally.other_flows, tally.unreadable = 3, 1
    tally.add(judge(as_exchange(case("C1").without_header("Authorization"))))
    summary = tally.summary()
    assert list(summary) == ["exchanges", "other_flows", "unreadable", "errors", "warnings", "notes"]
    assert (summary["exchanges"], summary["other_flows"], summary["unreadable"]) == (1, 3, 1)
    assert summary["errors"] == tally.severities["error"] > 0


def test_only_a_check_that_was_stopped_says_that_it_is_partial() -> None:
    tally = Tally()
    assert "partial" not in tally.summary()
    tally.partial = True
    assert tally.summary()["partial"] is True


def test_one_tally_takes_in_another() -> None:
    whole, first, second = Tally(), Tally(), Tally()
    for half, names in ((first, ("C1", "P3", "RS-B")), (second, ("C1", "throttled-create-session"))):
        for name in names:
            half.add(judge(as_exchange(case(name))))
            whole.add(judge(as_exchange(case(name))))
    second.other_flows = whole.other_flows = 2
    first.merge(second)
    assert vars(first) == vars(whole)


def test_names_beyond_the_limit_are_counted_together_when_tallies_are_merged() -> None:
    first, second = Tally(), Tally()
    first.outcomes.update({("create-session", f"made_up_{number}"): 1 for number in range(MOST)})
    second.outcomes["create-session", "made_up_1"] = 2
    second.outcomes["create-session", "another"] = 3
    first.merge(second)
    assert len(first.outcomes) == MOST + 1
    assert first.outcomes["create-session", "made_up_1"] == 3
    assert first.outcomes["create-session", OTHERS] == 3
