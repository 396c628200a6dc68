"""One call that stands in a recording twice is one call; two calls that look alike are two."""

from dataclasses import replace

import pytest

import support.sequence as s
from passlens.checks.sequence.step import Step
from passlens.checks.sequence.twice import Twice
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from support.sequence import NONE, call, profiles, session

HAR = "WebInspector 537.36"


def recorded(*calls: Exchange, by: str | None = HAR) -> list[Exchange]:
    return [replace(ex, recorder=by) for ex in calls]


def found(calls: list[Exchange]) -> list[str]:
    entries, _, _ = s.judged(calls)
    return [one["code"] for entry in entries for one in entry["findings"] if one["code"].startswith("PL6")]


def inner_and_outer(number: int, body: object = NONE) -> list[Exchange]:
    """What a service worker fetched, and the request of the page that it answered."""
    at = number * 5.0
    return recorded(call("poll", at + 0.005, body, took=0.035), call("poll", at, body, took=0.042))


def test_what_a_service_worker_fetched_for_the_page_is_one_call() -> None:
    twice = [ex for number in range(1, 7) for ex in inner_and_outer(number)]
    calls = [*recorded(call("create-session", 0, session())), *twice]
    assert found(calls) == []
    assert "6 exchanges recorded twice: over time each was judged once" in s.judged(calls)[2].remarks()


def test_a_profile_that_was_recorded_twice_ends_the_polling_once() -> None:
    calls = [*recorded(call("create-session", 0, session())), *inner_and_outer(1, profiles())]
    assert found(calls) == []


@pytest.mark.parametrize("by", [None, HAR])
def test_a_registration_that_was_duplicated_is_none_anew(by: str | None) -> None:
    calls = recorded(s.register(0), s.register(0), s.get_token(1), s.get_token(1), by=by)
    assert found(calls) == []


@pytest.mark.parametrize(
    "other",
    [
        call("poll", 5.01, NONE, took=0.05),  # begins later and ends later
        call("poll", 5.005, NONE, took=0.02, device="another"),
        call("poll", 5.005, NONE, took=0.02, sub="another"),
        call("poll", 5.005, profiles(), took=0.02),
        call("poll", 5.005, status=500, took=0.02),
        call("poll", 5.005, NONE, took=0.02, code="BBBB2B2"),
    ],
)
def test_another_call_is_none_that_was_recorded_twice(other: Exchange) -> None:
    assert s.judged(recorded(other, call("poll", 5, NONE)))[2].remarks() == []


def test_two_calls_at_a_time_are_two_where_mitmproxy_recorded() -> None:
    assert found([call("poll", 5.005, NONE, took=0.02), call("poll", 4, NONE, took=2.0), call("poll", 6, NONE)])
    assert s.judged([call("poll", 5.005, NONE, took=0.02), call("poll", 5, NONE)])[2].remarks() == []


def test_what_mitmproxy_replays_is_not_what_the_app_does_over_time() -> None:
    polls = [replace(call("poll", 11.0 + number, profiles()), replayed=True) for number in range(5)]
    calls = [call("create-session", 0, session()), call("poll", 10, profiles()), *polls, call("profiles", 20, NONE)]
    entries, (journey,), tracker = s.judged(calls)
    assert not [one for entry in entries for one in entry["findings"] if one["code"].startswith("PL6")]
    assert journey["steps"] == list(range(8))
    assert "5 exchanges sent by mitmproxy (replay), not by the app: not judged over time" in tracker.remarks()
    assert "PL632" in found([replace(ex, replayed=False) for ex in calls])


def test_no_body_is_kept() -> None:
    twice = Twice()
    ex = replace(recorded(call("poll", 5, profiles()))[0], index=0)
    assert not twice.again(Step(Decoded(ex)), Decoded(ex))
    assert twice.again(Step(Decoded(ex)), Decoded(ex))
    assert ex.response is not None
    assert ex.response.body not in [value for _, held in twice._last.held.values() for value in held]
    assert all(isinstance(held.response, tuple) for _, held in twice._last.held.values())


@pytest.mark.parametrize(("others", "known"), [(99, True), (100, False)])
def test_a_hundred_calls_are_remembered(others: int, known: bool) -> None:
    twice = Twice()
    one, *rest, last = (
        Decoded(replace(call("poll", 5, NONE, code=code), index=0))
        for code in ("AAAA1A1", *(f"B{number:06}" for number in range(others)), "AAAA1A1")
    )
    assert not any(twice.again(Step(ex), ex) for ex in (one, *rest))
    assert twice.again(Step(last), last) is known


@pytest.mark.parametrize(("by", "late", "same"), [(HAR, 0.0019, True), (HAR, 0.0021, False), (None, 0.0019, False)])
def test_times_of_other_tools_may_be_rounded(by: str | None, late: float, same: bool) -> None:
    calls = recorded(call("poll", 5, NONE, took=1.0), call("poll", 5.5, NONE, took=0.5 + late), by=by)
    twice = Twice()
    found = [twice.again(Step(Decoded(ex)), Decoded(ex)) for ex in (replace(one, index=0) for one in calls)]
    assert found == [False, same]
