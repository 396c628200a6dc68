"""Journeys: what begins and ends one, its verdict, and why; each on both sides."""

import gc
import weakref

import pytest

import support.sequence as s
from passlens.analysis import journeys as module
from passlens.analysis.analyzer import analyze
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from support.sequence import NONE, call, decisions, error, get_token, profiles, register, session

CREATE = call("create-session", 0, session())
SIGNED = call("poll", 60, profiles())
PERMIT = decisions(news="permit")
OVER = error("invalid_authentication_session")


def poll(at: float, body: object = NONE, **words: object) -> s.Exchange:
    return call("poll", at, body, **words)  # type: ignore[arg-type]


def verdicts(*calls: s.Exchange) -> list[tuple[str, list[int]]]:
    _, journeys, _ = s.judged(calls)
    return [(one["verdict"], one["steps"]) for one in journeys]


def test_half_an_hour_without_an_exchange_ends_a_journey() -> None:
    begin = call("create-session", 0, session(until=7200))
    assert verdicts(begin, call("profiles", 1800.04, NONE)) == [("abandoned", [0]), ("waiting", [1])]
    assert verdicts(begin, call("profiles", 1799, NONE)) == [("waiting", [0, 1])]


def test_another_device_shows_that_time_has_passed() -> None:
    other = call("profiles", 2000, NONE, device="b", sub="b")
    assert verdicts(call("profiles", 0, NONE), other) == [("abandoned", [0]), ("waiting", [1])]


def test_a_code_has_run_out_a_minute_after_its_end_whoever_shows_the_time() -> None:
    for at, word in ((1860, "waiting"), (1860.1, "expired")):
        other = call("profiles", at, NONE, device="b", sub="b", took=0)
        assert verdicts(CREATE, poll(100), other) == [(word, [0, 1]), ("waiting", [2])]


def test_a_new_session_begins_a_journey_only_after_the_one_before_was_closed() -> None:
    again = call("create-session", 100, session("BBBB2B2"))
    assert verdicts(CREATE, again) == [("waiting", [0, 1])]
    assert verdicts(CREATE, SIGNED, again) == [("signed-in", [0, 1]), ("waiting", [2])]
    assert verdicts(SIGNED, call("logout", 70, {}), again) == [("logged-out", [0, 1]), ("waiting", [2])]
    assert verdicts(CREATE, poll(5, OVER, status=400), again) == [("expired", [0, 1]), ("waiting", [2])]


def test_later_reads_and_decisions_belong_to_the_sign_in() -> None:
    later = [call("profiles", 100, profiles()), call("authorize", 200, PERMIT), call("preauthorize", 300, PERMIT)]
    assert verdicts(CREATE, SIGNED, *later) == [("authorized", [0, 1, 2, 3, 4])]


def test_what_names_no_device_joins_by_token_and_by_code() -> None:
    browser = call("authenticate", 2, None, status=302, sub=None, device=None, client="192.168.1.60")
    assert verdicts(CREATE, browser, poll(5, device=None), poll(10, sub=None, device=None)) == [
        ("waiting", [0, 1, 2, 3])
    ]


def test_two_devices_of_one_model_are_two_journeys() -> None:
    second = call("create-session", 1, session("BBBB2B2"), sub="b", device="bedroom")
    assert verdicts(CREATE, second, poll(5)) == [("waiting", [1]), ("waiting", [0, 2])]


def test_set_up_belongs_to_the_journey_that_follows() -> None:
    _, journeys, _ = s.judged([register(0), get_token(1), call("profiles", 2, NONE), get_token(30)])
    assert [one["steps"] for one in journeys] == [[0, 1, 2, 3]]
    assert journeys[0]["started"] == "2026-01-02T03:04:05.000Z"


def test_a_set_up_that_waits_keeps_no_exchange() -> None:
    journeys, heavy = module.Journeys(), get_token(0)
    decoded = Decoded(heavy)
    alive = weakref.ref(decoded)
    journeys.add(Step(decoded), analyze(decoded))
    del decoded, heavy
    gc.collect()
    assert alive() is None


def test_a_set_up_that_goes_on_keeps_its_journey_out_of_the_way_of_others() -> None:
    _, journeys, _ = s.judged([
        call("profiles", 0, NONE), call("profiles", 10, NONE, device="b", sub="b"), get_token(1500),
        call("profiles", 2500, NONE, device="b", sub="b"),
    ])  # fmt: skip
    assert [(one["verdict"], one["steps"]) for one in journeys] == [
        ("abandoned", [1]), ("waiting", [0, 2]), ("waiting", [3]),
    ]  # fmt: skip


def test_what_belongs_to_no_journey_is_counted_and_said() -> None:
    lost = call("authenticate", 0, None, status=302, sub=None, device=None)
    _, journeys, tracker = s.judged([lost])
    assert journeys == []
    assert tracker.remarks() == ["1 exchange outside journeys: no device, no token and no known code is named"]


def test_members() -> None:
    _, (journey,), _ = s.judged([CREATE, SIGNED])
    assert journey["id"] == 1
    assert journey["codes"] == ["AAAA1A1"]
    assert journey["service_provider"] == "REF30"
    assert str(journey["device"]).startswith("sha256:")
    assert (journey["started"], journey["ended"]) == ("2026-01-02T03:04:05.000Z", "2026-01-02T03:05:05.000Z")


def test_many_open_journeys_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_OPEN", 3)
    _, journeys, tracker = s.judged([call("profiles", n, NONE, sub=str(n), device=str(n)) for n in range(5)])
    assert len(journeys) == 5
    assert tracker.remarks() == ["2 journeys ended early, for more were open than are followed"]


def test_a_long_journey_lists_the_first_steps_and_counts_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STEPS", 2)
    _, (journey,), _ = s.judged([poll(n * 5) for n in range(4)])
    assert journey["steps"] == [0, 1]
    assert journey["why"].endswith("; 2 more exchanges are not listed")
