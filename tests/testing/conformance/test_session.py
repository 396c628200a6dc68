"""The run: what is told, which key does what, what is kept, without a proxy and without waiting."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from passlens.testing.conformance.session import ConformanceRun, StoppedByKey
from passlens.testing.conformance.state_file import RunState
from passlens.testing.conformance.steps import ConformanceStep


def told(name: str, verdict: str, at: int | None = 2, scenario: str = "one") -> dict[str, Any]:
    acted = None if verdict == "not-exercised" else 1
    return {"scenario": scenario, "rule": "r", "name": name, "verdict": verdict, "why": "so", "say": "", "acted": acted,
            "at": at, "file": None, "device": None}  # fmt: skip


NOTHING = [told("goes on", "not-exercised", None)]
OPEN = [told("goes on", "open", None)]
MET = [told("goes on", "met")]
AGAINST = [told("goes on", "not-met")]
ENTRY = {"number": 1, "index": 1, "started": None, "operation": "authorize", "status": 200, "outcome": "DA-1",
         "error": None, "injected": None, "findings": [],
         "device": {"info": {"model": "AppleTV", "osName": "tvOS", "osVersion": "18.5"}, "identifier": None,
                    "key": "sha256:1"}}  # fmt: skip


@dataclass
class FakeClient:
    """A proxy that tells one list of expectations after the other; the last one stays."""

    answers: list[list[dict[str, Any]]]
    calls: list[str] = field(default_factory=list)

    def scenario(self, name: str | None) -> None:
        """Remember it."""
        self.calls.append(f"scenario {name}")

    def reset(self) -> None:
        """Remember it."""
        self.calls.append("reset")

    def expectations(self) -> list[dict[str, Any]]:
        """The next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def exchanges(self) -> list[dict[str, Any]]:
        """One."""
        return [ENTRY]


@dataclass
class FakeKeys:
    """Keys one after the other."""

    keys: Iterator[str | None]

    def read(self, seconds: float) -> str | None:
        """The next one."""
        return next(self.keys)


@dataclass
class FakeDriver:
    """A test that ends as it is told."""

    how: list[str | None]
    stopped: int = 0

    def ended(self) -> str | None:
        """The next word."""
        return self.how.pop(0) if len(self.how) > 1 else self.how[0]

    def stop(self) -> None:
        """Remember it."""
        self.stopped += 1


def step(name: str, within: float | None = 10.0) -> ConformanceStep:
    return ConformanceStep(
        name, "It happens.", "Do it.", ("Go on.", "Stay."), ("goes on",), {} if within is None else {"goes on": within}
    )


@dataclass
class Made:
    """A run with what it said and saved."""

    run: ConformanceRun
    client: FakeClient
    said: list[str]
    saved: list[RunState]

    def outcomes(self) -> dict[str, str]:
        return {name: result["outcome"] for name, result in self.run.state["results"].items()}


def made(
    answers: list[list[dict[str, Any]]],
    keys: Sequence[str | None] = (),
    drive: Callable[[ConformanceStep], FakeDriver] | None = None,
) -> Made:
    client, said, saved = FakeClient(answers), list[str](), list[RunState]()
    ticks = iter(range(0, 100_000, 5))
    state: RunState = {"began": "x", "app": "", "versions": "", "devices": [], "results": {}}

    def pressed() -> Iterator[str | None]:
        yield from keys
        while True:
            yield None

    def save(now: RunState) -> None:
        saved.append({**now, "results": {**now["results"]}})

    run = ConformanceRun(
        client, state, FakeKeys(pressed()), said.append, save,
        drive, None, lambda: float(next(ticks)),
    )  # type: ignore[arg-type]  # fmt: skip
    return Made(run, client, said, saved)


def test_a_scenario_is_switched_on_after_all_is_forgotten_and_off_again() -> None:
    one = made([NOTHING, OPEN, MET])
    one.run.through([step("one")])
    assert one.client.calls == ["scenario None", "reset", "scenario one", "scenario None"]
    assert one.outcomes() == {"one": "met"}
    assert one.run.state["devices"] == ["AppleTV, tvOS 18.5"]
    assert one.run.state["results"]["one"]["exchanges"][0]["operation"] == "authorize"
    assert one.saved[-1] == one.run.state


def test_what_the_tester_reads() -> None:
    one = made([NOTHING, OPEN, OPEN, MET])
    one.run.through([step("one")])
    assert one.said == [
        "1 of 1  one",
        "  happens   It happens.",
        "  do        Do it.",
        "  expected  Go on.",
        "            Stay.",
        "  keys      Enter: done   s: skip   r: repeat   b: back   q: stop, to go on later",
        "  acted     it acted; waits for: goes on",
        "  met       goes on: so",
        "  verdict   met",
        "",
    ]


def test_one_that_is_not_met_is_decided_at_once() -> None:
    one = made([[*AGAINST, told("stays", "open", None)]])
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "not-met"}


def test_skip_repeat_back_and_stop() -> None:
    one = made([NOTHING], ["s", "r", "s", "b", "s", "s", "q"])
    with pytest.raises(StoppedByKey):
        one.run.through([step("one"), step("two"), step("three"), step("four")])
    # one skipped, two repeated and skipped, three back to two, which is skipped again, three skipped, four stopped
    assert one.outcomes() == {"one": "skipped", "two": "skipped", "three": "skipped"}
    begun = [
        call.removeprefix("scenario ")
        for call in one.client.calls
        if call.startswith("scenario ") and "None" not in call
    ]
    assert begun == ["one", "two", "two", "three", "two", "three", "four"]
    assert one.client.calls[-1] == "scenario None"


def test_back_at_the_first_one_begins_it_anew() -> None:
    one = made([NOTHING], ["b", "s"])
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "skipped"}


def test_what_was_decided_before_is_not_asked_again() -> None:
    one = made([[told("goes on", "met", scenario="two")]])
    one.run.state["results"]["one"] = {"name": "one"}  # type: ignore[typeddict-item]
    one.run.through([step("one"), step("two")])
    assert [call for call in one.client.calls if call.startswith("scenario t")] == ["scenario two"]


def test_a_tester_who_does_nothing_and_is_done() -> None:
    one = made([NOTHING], [None, None, "\n"])
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "not-exercised"}


def test_done_waits_for_the_time_of_what_must_not_come() -> None:
    one = made([OPEN], ["\n"])
    one.run.through([step("one", 30.0)])
    assert one.outcomes() == {"one": "met"}
    assert any("leave the app alone for 31 s more: something must not come" in line for line in one.said)


def test_done_is_enough_where_the_end_of_a_journey_is_waited_for() -> None:
    one = made([OPEN], ["\n"])
    one.run.through([step("one", None)])
    assert one.outcomes() == {"one": "met"}


def test_a_test_in_place_of_a_person() -> None:
    driver = FakeDriver([None, None, ""])
    one = made([NOTHING, OPEN, MET], drive=lambda step: driver)
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "met"}
    assert driver.stopped == 1
    assert not any(line.startswith(("  do ", "  keys ")) for line in one.said)


def test_a_test_that_ends_well_is_a_sign_of_life() -> None:
    one = made([OPEN], drive=lambda step: FakeDriver([""]))
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "met"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(MET, "not-exercised"), (OPEN, "not-exercised"), (NOTHING, "not-exercised"), (AGAINST, "not-met")],
)
def test_a_test_that_fails_leaves_only_what_came(answer: list[dict[str, Any]], outcome: str) -> None:
    one = made([answer], drive=lambda step: FakeDriver(["it crashed"]))
    one.run.through([step("one")])
    assert one.outcomes() == {"one": outcome}


def test_what_another_scenario_expects_is_not_looked_at() -> None:
    one = made([[told("x", "not-met", scenario="before")], MET])
    one.run.through([step("one")])
    assert one.outcomes() == {"one": "met"}
