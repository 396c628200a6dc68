"""All sequence checks together: every code has its journeys, what is remembered is bounded, a fault costs one check."""

import logging
import random
from dataclasses import replace

import pytest

import support.sequence as s
from passlens.checks.sequence import polling, run
from passlens.checks.sequence.bounded import MAX_COUNT
from passlens.checks.sequence.run import SequenceChecks
from passlens.checks.sequence.step import Step
from passlens.checks.table import SEQUENCES
from passlens.exchange.decoded import Decoded
from support.sequence import NONE, call, session


@pytest.mark.parametrize("code", [check.code for check in SEQUENCES])
def test_each_code_has_two_journeys_on_either_side(code: str) -> None:
    rows = s.collected().get(code, [])
    assert sum(bool(row.expected) for row in rows) >= 2
    assert sum(not row.expected for row in rows) >= 2


def test_journeys_are_of_known_codes() -> None:
    assert set(s.collected()) == {check.code for check in SEQUENCES}


def test_what_is_remembered_of_many_devices_is_bounded() -> None:
    checks = SequenceChecks()
    for number in range(MAX_COUNT + 500):
        ex = call("create-session", number, session(f"C{number}"), sub=f"app {number}", device=str(number))
        ex.index = number
        decoded = Decoded(ex)
        checks.feed(Step(decoded), decoded)
    assert len(checks.history.sessions.held) == MAX_COUNT
    assert checks.history.dropped >= 500


def test_gaps_and_related_exchanges_of_a_million_polls_are_bounded() -> None:
    checks = SequenceChecks()
    for number in range(400):
        ex = call("poll", number * 0.1, NONE)
        ex.index = number
        decoded = Decoded(ex)
        found = checks.feed(Step(decoded), decoded)
        assert all(len(one.related) <= 50 for one in found)


@pytest.mark.parametrize(("remembered", "expected"), [(2, []), (1, ["PL633"])])
def test_exchanges_of_scenarios_are_remembered_up_to_a_limit(
    remembered: int, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MAX_STAGED", remembered)
    calls = [
        call("create-session", 0, session()),
        call("poll", 5, s.profiles(), injected="respond"),
        call("configuration", 5.5, {}, injected="respond"),
        call("poll", 6, NONE),
    ]
    assert [hit["code"] for hit in s.found(calls, "PL633")] == expected


def test_a_check_that_fails_costs_its_own_finding(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: object, step: Step) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(polling.PollingTooFast, "feed", fail)
    calls = [call("create-session", 0, session()), call("poll", 5, s.profiles()), call("poll", 6, NONE)]
    with caplog.at_level(logging.WARNING):
        assert [hit["index"] for hit in s.found(calls, "PL633")] == [2]
    assert "PL632 failed with RuntimeError" in caplog.text
    assert "a secret" not in caplog.text


@pytest.mark.parametrize("seed", range(30))
def test_a_check_that_sleeps_misses_nothing(seed: int) -> None:
    """Journeys of many codes at once, each step fed to all checks and to those that are awake."""
    draw = random.Random(seed)
    rows = [row for rows in s.collected().values() for row in rows]
    # Each journey begins at a time of its own, so that no two calls end at one time.
    drawn = [
        replace(ex, started=(ex.started or 0.0) + number / 1000)
        for number, row in enumerate(draw.sample(rows, 12))
        for ex in row.calls
    ]
    calls = sorted(drawn, key=lambda ex: (ex.started or 0.0) + (ex.duration_ms or 0.0) / 1000)
    plain, all_fed = SequenceChecks(), SequenceChecks()
    for fed in all_fed._by_operation.values():
        fed[:] = [(row, check, True) for row, check, _ in fed]
    told = 0
    for index, ex in enumerate(calls):
        if ex.route is None:
            plain.call_of_v1(ex), all_fed.call_of_v1(ex)
            continue
        pair = [Decoded(replace(ex, index=index)) for _ in range(2)]
        found, wanted = (checks.feed(Step(one), one) for checks, one in zip((plain, all_fed), pair, strict=True))
        assert found == wanted
        told += len(found)
    assert told
