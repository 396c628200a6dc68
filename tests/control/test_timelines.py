"""What a page draws of the exchanges: by device, polls as one, what is new only, within bounds."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.control.journal import JournalRecord
from passlens.control.query import EntryFacts
from passlens.control.timeline_models import TimelineList
from passlens.control.timelines import MAX_EXCHANGES, MAX_TIMELINES, timelines
from passlens.reports.jsonl import plain


def entry(case: str = "P3", **changes: Any) -> Entry:
    made = analyze(cases.as_exchange(cases.case(case, forge.CLOCK), forge.CLOCK))
    return {**made, **changes}  # type: ignore[typeddict-item]


def of_device(name: str) -> dict[str, Any]:
    return {"device": {"info": {"model": name}, "identifier": f"sha256:{name}", "key": f"key-{name}"}}


POLL = {"operation": "retrieve-profile-code", "outcome": "PA-0", "findings": [], "action": None, "injected": None}


def drawn(*entries: Entry, since: int = 0, ended: Any = (), going_on: Any = ()) -> TimelineList:
    records = [
        JournalRecord(number, None, None, EntryFacts.of(one), plain(one)) for number, one in enumerate(entries, 1)
    ]
    return timelines(records, ended, going_on, len(entries), since)


def test_exchanges_stand_by_their_device_with_a_picture_in_both_widths() -> None:
    found = drawn(entry(**of_device("one")), entry(**of_device("two")), entry(**of_device("one")))
    assert [(one["id"], one["exchanges"], one["keys"]) for one in found["timelines"]] == [
        ("sha256:two", 1, ["key-two"]), ("sha256:one", 2, ["key-one"]),
    ]  # fmt: skip
    assert [(one["number"], one["timeline"]) for one in found["exchanges"]] == [
        (1, "sha256:one"), (2, "sha256:two"), (3, "sha256:one"),
    ]  # fmt: skip
    TypeAdapter(TimelineList).validate_json(json.dumps(found), strict=True)
    wide, narrow = found["timelines"][1]["pictures"]
    assert wide["lines"]
    assert (wide["layout"], narrow["layout"]) == ("wide", "narrow")
    assert [node["number"] for node in wide["nodes"]] == [1, 3]
    assert (found["first"], found["next"], found["more"]) == (1, 3, 0)


def test_only_what_is_new_is_told() -> None:
    found = drawn(entry(**of_device("one")), entry(**of_device("two")), since=1)
    assert [one["id"] for one in found["timelines"]] == ["sha256:two"]
    assert [one["number"] for one in found["exchanges"]] == [2]
    assert drawn(entry(), since=1)["timelines"] == []


def test_repeated_polls_are_one_exchange_that_counts() -> None:
    poll = entry(**POLL, **of_device("one"))
    found = drawn(entry(**of_device("one")), poll, poll, poll, since=3)
    (one,) = found["exchanges"]
    assert (one["number"], one["last"], one["again"]) == (2, 4, "3 times")
    assert one["lines"] == ["no profile yet"]
    assert [node["label"] for node in found["timelines"][0]["pictures"][0]["nodes"]] == ["P3", "PA-0 ×3"]


def test_journeys_stand_at_their_device() -> None:
    ended, open_one = {"device": "key-one", "verdict": "signed-in"}, {"device": "key-two", "verdict": "waiting"}
    found = drawn(entry(**of_device("one")), entry(**of_device("two")), ended=[(1, ended)], going_on=[open_one])
    assert {one["id"]: (one["journeys"], one["going_on"]) for one in found["timelines"]} == {
        "sha256:one": ([ended], []),
        "sha256:two": ([], [open_one]),
    }


def test_a_journey_that_another_device_ended_is_new() -> None:
    entries, ended = (entry(**of_device("one")), entry(**of_device("two"))), {"device": "key-one"}
    found = drawn(*entries, ended=[(2, ended)], since=1)
    assert [(one["id"], one["journeys"]) for one in found["timelines"]] == [("sha256:one", [ended]), ("sha256:two", [])]
    assert [one["number"] for one in found["exchanges"]] == [2]
    assert drawn(*entries, ended=[(2, ended)], since=2)["timelines"] == []


def test_headers_are_decoded_and_signs_that_steer_are_escaped() -> None:
    found = drawn(entry(**of_device("a\u202eb")))
    (header,) = [one for one in found["exchanges"][0]["decoded"] if one["name"] == "X-Device-Info"]
    assert header["rows"] == [["model", "a\\u202eb"]]
    assert "\u202e" not in str(found)


@pytest.mark.parametrize(("scenario", "ringed"), [("sandbox", False), ("pfs-fallback", True)])
def test_a_ring_is_for_scenarios_alone(scenario: str, ringed: bool) -> None:
    by = {"scenario": scenario, "rule": "x", "how": "outcome"}
    (node,) = drawn(entry(injected=by))["timelines"][0]["pictures"][0]["nodes"]
    assert node["injected"] is ringed


def test_what_is_shown_is_bounded() -> None:
    one = entry(**of_device("one"))
    found = drawn(*[one] * (MAX_EXCHANGES + 1))
    assert (len(found["exchanges"]), found["first"]) == (MAX_EXCHANGES, 2)
    assert [len(picture["nodes"]) for picture in found["timelines"][0]["pictures"]] == [12, 12, 5, 5]
    many = drawn(*(entry(**of_device(f"tv{number}")) for number in range(MAX_TIMELINES + 2)))
    assert (len(many["timelines"]), many["more"]) == (MAX_TIMELINES, 2)
    assert many["timelines"][-1]["id"] == f"sha256:tv{MAX_TIMELINES + 1}"


def test_nothing_seen_is_nothing_new() -> None:
    assert drawn() == {"timelines": [], "exchanges": [], "first": 1, "more": 0, "next": 0}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], None),
        (["authenticate", "retrieve-profile-code"], "authenticate, then retrieve-profile-code"),
        (["create-session", "partner-session"], "create-session or partner-session"),
    ],
)
def test_what_comes_next_is_said_as_the_reports_say_it(names: list[str], said: str | None) -> None:
    (one,) = drawn(entry(next=names))["exchanges"]
    assert one["next_steps"] == said
