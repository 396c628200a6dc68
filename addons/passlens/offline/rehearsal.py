"""A scenario at work on a recording: the same acting as on live traffic, by the recording's own clock, and told.
What the check's dry run shows and what a rewritten recording is made by. Runs are repeatable."""

import logging
import random
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from mitmproxy import http

from passlens.exchange import Exchange
from passlens.flows import INJECTED, from_flow
from passlens.live import acting, onflow
from passlens.live.switching import read
from passlens.reading.made_flows import to_flow
from passlens.redaction import Redactor
from passlens.reports.words import safe
from passlens.sandbox.api import Api
from passlens.scenarios.actions import Then
from passlens.scenarios.engine import Decision
from passlens.scenarios.library import Running
from passlens.scenarios.model import Scenario

UNSHOWABLE: Final = {
    "connection_reset": "a recording has no connection to reset: the flow stands there without an answer",
    "no_answer": "a recording cannot wait: the flow stands there without an answer",
    "empty_answer": "a recording has no connection to close: the flow stands there without an answer",
    "slow_drip": "a recording does not keep the pieces an answer came in: the answer is whole",
}
"""Faults that a recording cannot hold, and what it holds instead."""


@dataclass(frozen=True)
class Told:
    """What was done to one exchange: by which rule (None: none took it), how, why, and what could not be done."""

    scenario: str
    rule: str | None
    action: str | None
    explanation: str
    changed: bool
    problems: tuple[str, ...] = ()

    @property
    def member(self) -> dict[str, Any]:
        """The member ``dry_run`` of an entry."""
        return {
            "scenario": self.scenario,
            "rule": self.rule,
            "action": self.action,
            "explanation": " ".join((self.explanation, *self.problems)),
        }


class _Watched(acting.Acting):
    """Acting that remembers its last decision."""

    def __init__(self) -> None:
        super().__init__()
        self.decision: Decision | None = None

    def _decide(self, flow: http.HTTPFlow, ex: Exchange, now: float) -> Decision | None:
        self.decision = super()._decide(flow, ex, now)
        return self.decision


class Rehearsal:
    """One scenario, and the virtual sessions that it brings about, over the flows of a recording in their order."""

    def __init__(self, scenario: Scenario, *, reveal: bool = False) -> None:
        self.scenario = scenario
        self._reveal = reveal
        self._acting = _Watched()
        self._acting.rewriting_recordings = True
        self._acting.api = Api(seed=scenario.name)
        self._acting.running = Running(scenario, random.Random(scenario.name), self._acting.memory, read=read)

    def never_matched(self) -> tuple[str, ...]:
        """Rules that have taken no exchange."""
        return self._acting.never_matched()

    def tell(self, ex: Exchange) -> Told:
        """What the scenario would have done to an exchange."""
        return self.act(to_flow(ex))

    def act(self, flow: http.HTTPFlow) -> Told:
        """Let the scenario act on a recorded flow of an operation, in place."""
        flow.live = False
        before = from_flow(flow)
        self._acting.decision = None
        with _listening() as said:
            _finish(self._acting.before(flow))
            if self._acting.running is not None:
                # The app went on with the code of the answer it got; what the scenario remembers goes with it.
                self._acting.running.engine.observe(before)
            _finish(self._acting.after(flow))
            onflow.stamp(flow)
        return self._told(before, flow, said)

    def _told(self, before: Exchange, flow: http.HTTPFlow, said: list[str]) -> Told:
        decision = self._acting.decision
        rule = decision.rule if decision is not None else None
        marked = flow.metadata.get(INJECTED)
        explanation, fault, action = "no rule was tried.", None, None
        if decision is not None:
            show = Redactor(before, reveal=self._reveal).text
            explanation = decision.explanation.sentence(lambda value: safe(show(value)))
        if rule is not None:
            action, fault = in_words(rule.then), rule.then.fault
        elif marked:
            action = marked["how"]
        problems = list(said)
        if fault in UNSHOWABLE:
            problems = [f"The fault {fault} cannot be shown: {UNSHOWABLE[fault]}."]
        return Told(self.scenario.name, rule.name if rule else None, action, explanation, bool(marked), tuple(problems))


def in_words(then: Then) -> str:
    """What a rule does, in a few words: ``outcome P3, delay``."""
    words = []
    if then.outcome is not None:
        words.append(f"outcome {then.outcome.name}")
    if then.respond is not None:
        words.append(f"respond {then.respond.status}")
    words += [name for name in ("rewrite_request", "rewrite_response", "delay") if getattr(then, name) is not None]
    if then.fault is not None:
        words.append(f"fault {then.fault}")
    if then.state is not None:
        words.append(f"state {then.state}")
    return ", ".join(words)


def _finish(work: Coroutine[Any, Any, object]) -> None:
    """Run what is asynchronous for the sake of live flows; for a recorded one it never waits."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("acting on a recorded flow waited for something")


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage().removeprefix("passlens: ")
        self.said.append(text[:1].upper() + text[1:])


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What acting warns of, kept for the exchange it is about."""
    ear, before = _Ear(), acting.logger.propagate
    acting.logger.addHandler(ear)
    acting.logger.propagate = False
    try:
        yield ear.said
    finally:
        acting.logger.removeHandler(ear)
        acting.logger.propagate = before
