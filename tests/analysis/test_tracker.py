"""Findings go to the entry that completes them; what has no time or comes too late is judged alone and counted."""

from dataclasses import replace

import support.sequence as s
from passlens.analysis.analyzer import analyze
from passlens.analysis.tracker import MAX_LATE, Tracker
from passlens.exchange.decoded import Decoded
from support.sequence import NONE, call, profiles, session

CREATE = call("create-session", 0, session())


def test_an_exchange_without_a_time_is_judged_alone() -> None:
    fast = [call("poll", 5, NONE), replace(call("poll", 5.5, NONE), started=None)]
    entries, journeys, tracker = s.judged([CREATE, *fast])
    assert not [one for one in entries[2]["findings"] if one["code"].startswith("PL6")]
    assert tracker.late == 0
    assert journeys[0]["steps"] == [0, 1]


def test_one_that_comes_too_late_is_counted() -> None:
    late = call("poll", 3, NONE)
    assert s.judged([call("poll", 7.9, NONE), late])[2].late == 0
    assert s.judged([call("poll", 8.1, NONE), late])[2].late == 1


def test_a_clock_that_was_set_back_for_good_is_followed() -> None:
    back = [call("poll", n * 5, NONE) for n in range(MAX_LATE + 10)]
    _, _, tracker = s.judged([call("poll", 9000, NONE), *back])
    assert tracker.late == MAX_LATE


def test_what_has_not_ended_is_told_as_if_nothing_followed() -> None:
    tracker = Tracker()
    for ex in (CREATE, call("poll", 5, profiles())):
        decoded = Decoded(ex)
        assert tracker.feed(decoded, analyze(decoded)) == []
    (so_far,) = tracker.going_on()
    assert (so_far["id"], so_far["verdict"], so_far["why"].partition(";")[0]) == (1, "signed-in", "signed in, 5 s")
    assert tracker.going_on() == tracker.finish() == [so_far]
    assert tracker.going_on() == []


def navigation(location: str, code: str = "AAAA1A1") -> s.Exchange:
    ex = call("authenticate", 5, status=302, code=code)
    assert ex.response is not None
    return replace(ex, response=replace(ex.response, headers=(("Location", location),)))


def test_the_session_says_whether_the_user_agent_is_on_its_way_back() -> None:
    """Only the request that made the session, or brought what it lacked, names the redirectUrl."""
    back, there = "https://demotv.example/done?code=1", "https://login.cox.example/"
    form = {"redirectUrl": "https://demotv.example/done"}
    made = call("create-session", 0, session(), form=form)
    lacking = call("create-session", 0, session(action="resume", missing=["redirectUrl"]))
    resumed = call("resume-session", 2, session(), form=form)
    for calls, to in (
        ([made, navigation(back)], "redirect_url"),
        ([lacking, resumed, navigation(back)], "redirect_url"),
        ([made, navigation(there)], "provider"),
        ([made, navigation(back, "BBBB2B2")], "provider"),
        ([navigation(back)], "provider"),
    ):
        entries, _, _ = s.judged(calls)
        assert entries[-1]["results"] == [{"kind": "navigation", "to": to}]


def test_findings_are_sorted_and_redacted() -> None:
    entries, _, _ = s.judged([CREATE, call("poll", 5, profiles()), call("poll", 6, NONE)])
    assert [one["code"] for one in entries[2]["findings"]] == ["PL632", "PL633"]
    assert entries[2]["findings"][1]["related"] == [1]


def test_related_is_empty_for_a_finding_of_one_exchange() -> None:
    entries, _, _ = s.judged([call("create-session", 0, session(), headers={"X-Device-Info": ""})])
    assert {tuple(one["related"]) for one in entries[0]["findings"]} == {()}
