"""The run itself: one scenario after the other, told to the tester, watched over the control API, decided."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from passlens.analysis.entry import Expectation
from passlens.reports.entry_text import device
from passlens.testing.client import Client
from passlens.testing.conformance.keys import Keyboard
from passlens.testing.conformance.outcome import (
    WORDS,
    ConformanceResult,
    at_the_end,
    broken_off,
    evidence,
    is_against,
    is_decided,
    outcome_of,
    seconds_left,
    waits,
)
from passlens.testing.conformance.state_file import RunState
from passlens.testing.conformance.steps import ConformanceStep
from passlens.util.text import escape_controls, fold

MOMENT: Final = 0.3
"""Seconds between two looks at what is decided."""

MAX_EXCHANGES: Final = 60
"""Exchanges of one scenario that are kept as evidence, the last ones."""

MAX_DEVICES: Final = 20

KEYS: Final = "Enter: done   s: skip   r: repeat   b: back   q: stop, to go on later"

_MARGIN: Final = 12


class Driving(Protocol):
    """A test that runs."""

    def ended(self) -> str | None:
        """None while it runs, then how it failed, empty if it did not."""

    def stop(self) -> None:
        """End it."""


class StoppedByKey(Exception):
    """The tester wants to go on later."""


class _Back(Exception):
    """The scenario before, once more."""


class _Again(Exception):
    """This scenario, once more."""


class _Skipped(Exception):
    """The next scenario."""


@dataclass
class ConformanceRun:
    """One run. ``say`` takes lines for the tester, ``save`` writes the state, ``drive`` starts the test of a scenario
    where no person is asked."""

    client: Client
    state: RunState
    keyboard: Keyboard
    say: Callable[[str], object]
    save: Callable[[RunState], object]
    drive: Callable[[ConformanceStep], Driving] | None = None
    width: int | None = None
    clock: Callable[[], float] = time.monotonic
    _told: list[str] = field(default_factory=list)

    def through(self, steps: Sequence[ConformanceStep]) -> None:
        """Take the tester through the scenarios that have no result yet; raises StoppedByKey."""
        place = 0
        while place < len(steps):
            one = steps[place]
            if one.name in self.state["results"]:
                place += 1
                continue
            try:
                result = self._one(one, f"{place + 1} of {len(steps)}")
            except _Back:
                place = max(0, place - 1)
                self.state["results"].pop(steps[place].name, None)
                continue
            finally:
                self.client.scenario(None)
            self.state["results"][one.name] = result
            self.save(self.state)
            self._line("verdict", WORDS[result["outcome"]])
            self.say("")
            place += 1

    # ---- one scenario

    def _one(self, one: ConformanceStep, place: str) -> ConformanceResult:
        while True:
            began = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            self.client.scenario(None)
            self.client.reset()
            self.client.scenario(one.name)
            self._introduce(one, place)
            driver = self.drive(one) if self.drive is not None else None
            try:
                return self._result(one, began, self._watch(one, driver))
            except _Again:
                continue
            except _Skipped:
                why = "skipped by the tester"
                return ConformanceResult(
                    name=one.name, outcome="skipped", why=why, began=began, expectations=[], exchanges=[]
                )
            finally:
                if driver is not None:
                    driver.stop()

    def _watch(self, one: ConformanceStep, driver: Driving | None) -> list[Expectation]:
        """The expectations in the end."""
        since: dict[str, float] = {}
        done = False
        while True:
            found = [each for each in self.client.expectations() if each["scenario"] == one.name]
            now = self.clock()
            for name in waits(found):
                since.setdefault(name, now)
            self._progress(found)
            if is_against(found):
                return found
            if driver is not None and not done:
                ended = driver.ended()
                if ended:
                    return broken_off(found, ended)
                done = ended is not None
            if is_decided(found) and (driver is None or done):
                return found
            settled = at_the_end(found, since, one.within, now) if done else found
            if done and not waits(settled):
                return settled
            done = self._pressed(seconds_left(found, since, one.within, now)) or done

    def _pressed(self, left: float) -> bool:
        """Wait for a key and do what it says; True where the tester is done. ``left`` are the seconds in which
        something must not come."""
        match self.keyboard.read(MOMENT):
            case "\n":
                if left > 0:
                    self._once("wait", f"leave the app alone for {math.ceil(left)} s more: something must not come")
                return True
            case "s":
                raise _Skipped
            case "r":
                raise _Again
            case "b":
                raise _Back
            case "q":
                raise StoppedByKey
        return False

    def _result(self, one: ConformanceStep, began: str, found: list[Expectation]) -> ConformanceResult:
        entries = self.client.exchanges()
        for entry in entries:
            named = device(entry["device"])
            devices = self.state["devices"]
            if named is not None and named not in devices and len(devices) < MAX_DEVICES:
                devices.append(named)
        outcome, why = outcome_of(found)
        kept = [evidence(entry) for entry in entries[-MAX_EXCHANGES:]]
        return ConformanceResult(
            name=one.name, outcome=outcome, why=why, began=began, expectations=found, exchanges=kept
        )

    # ---- what the tester reads

    def _introduce(self, one: ConformanceStep, place: str) -> None:
        self._told = []
        self.say(f"{place}  {one.name}")
        self._line("happens", one.description)
        if self.drive is None:
            self._line("do", one.do)
        for number, wanted in enumerate(one.wanted):
            self._line("" if number else "expected", wanted)
        if self.drive is None:
            self._line("keys", KEYS)

    def _progress(self, found: list[Expectation]) -> None:
        """A line for each verdict, and once that the scenario acted, and what it waits for."""
        waiting = waits(found)
        if waiting:
            self._once("acted", f"it acted; waits for: {', '.join(waiting)}")
        for each in found:
            if each["verdict"] in ("met", "not-met"):
                word = each["verdict"].replace("-", " ")
                self._once(word, f"{each['name']}: {each['why']}")

    def _once(self, label: str, text: str) -> None:
        if text not in self._told:
            self._told.append(text)
            self._line(label, text)

    def _line(self, label: str, text: str) -> None:
        first = f"  {label:<{_MARGIN - 2}}"
        for line in fold(escape_controls(text), self.width, first=first, rest=" " * _MARGIN):
            self.say(line)
