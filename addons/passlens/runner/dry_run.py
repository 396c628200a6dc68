"""A dry run: the plans that a scenario makes for the exchanges of a recording, by the recording's own clock, in words.
A recording is rewritten by the same plans. Runs are repeatable."""

import functools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from mitmproxy import http

from passlens.analysis.entry import DryRunEntry
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Injection
from passlens.exchange.model import Exchange
from passlens.proxy import flow_edits
from passlens.proxy.perform import on_recording
from passlens.proxy.scenario_switch import read
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.filters import parse
from passlens.recordings.flow_to_exchange import from_flow
from passlens.redaction.redactor import Redactor
from passlens.sandbox.server import Api
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.model import Scenario
from passlens.scenarios.plan import Plan, ResponsePlan, plan_response, prepare, response_after
from passlens.scenarios.then import Then
from passlens.util.text import escape_controls

UNSHOWABLE: Final = {
    "connection_reset": "a recording has no connection to reset: the flow stands there without an answer",
    "no_answer": "a recording cannot wait: the flow stands there without an answer",
    "empty_answer": "a recording has no connection to close: the flow stands there without an answer",
    "slow_drip": "a recording does not keep the pieces an answer came in: the answer is whole",
}
"""Faults that a recording cannot hold, and what it holds instead."""


@dataclass(frozen=True)
class DryRunResult:
    """What was done to one exchange: by which rule (None: none took it), how, why, and what could not be done."""

    scenario: str
    rule: str | None
    action: str | None
    explanation: str
    changed: bool
    problems: tuple[str, ...] = ()

    @property
    def member(self) -> DryRunEntry:
        """The member ``dry_run`` of an entry."""
        return {
            "scenario": self.scenario,
            "rule": self.rule,
            "action": self.action,
            "explanation": " ".join((self.explanation, *self.problems)),
        }


@dataclass(frozen=True)
class Planned:
    """Both halves of what a scenario does to a recorded exchange, and the clock (epoch seconds) it was planned by."""

    plan: Plan
    rest: ResponsePlan
    now: float

    @property
    def injection(self) -> Injection | None:
        """All that is done; None where nothing is."""
        first, second = self.plan.injection, self.rest.actions
        if not second:
            return first
        return first.then(self.plan.by(*second)) if first is not None else self.plan.by(*second)


class DryRun:
    """One scenario, and the virtual sessions that it brings about, over the exchanges of a recording in their order."""

    def __init__(self, scenario: Scenario, *, reveal: bool = False) -> None:
        self.scenario = scenario
        self._reveal = reveal
        self._api = Api(seed=scenario.name)
        self._running = RunningScenario(scenario, random.Random(scenario.name), read=read)

    def never_matched(self) -> tuple[str, ...]:
        """Rules that have taken no exchange."""
        return self._running.engine.never_matched

    def tell(self, ex: Exchange) -> DryRunResult:
        """What the scenario would have done to an exchange of an operation."""
        return self._told(ex, self._plan(ex, functools.cache(lambda: to_flow(ex))))

    def act(self, flow: http.HTTPFlow) -> DryRunResult:
        """The same, and the plan is performed on the recorded flow, in place."""
        ex = from_flow(flow)
        flow_edits.unmark(flow)
        planned = self._plan(ex, lambda: flow)
        on_recording(flow, planned.plan, planned.now)
        return self._told(ex, planned)

    def _plan(self, ex: Exchange, flow: Callable[[], http.HTTPFlow]) -> Planned:
        now = ex.started or time.time()
        asked = Decoded(replace(ex, response=None, failure=None, injection=None, started=now))
        plan = prepare(
            self._running,
            asked,
            now,
            api=self._api,
            matches_filter=lambda text: bool(parse(text)(flow())),
        )
        rest = plan_response(plan, plan.response or ex.response, recorded=True)
        # The app went on with the code of the response it got; what the scenario remembers goes with it.
        self._running.engine.observe(Decoded(ex))
        if plan.acts:
            after = replace(ex, response=response_after(plan, rest, ex.response))
            self._running.engine.observe(Decoded(after))
        return Planned(plan, rest, now)

    def _told(self, ex: Exchange, planned: Planned) -> DryRunResult:
        decision, done = planned.plan.decision, planned.injection
        explanation, rule, action = "no rule was tried.", None, None
        if decision is not None:
            show = Redactor(Decoded(ex), reveal=self._reveal).text
            explanation = decision.explanation.sentence(lambda value: escape_controls(show(value)))
            rule = decision.rule
        if rule is not None:
            action = in_words(rule.then)
        elif done is not None:
            action = done.to_member()["how"]
        problems = tuple(map(_sentence, (*planned.plan.problems, *planned.rest.problems)))
        if planned.plan.fault in UNSHOWABLE:
            problems = (f"The fault {planned.plan.fault} cannot be shown: {UNSHOWABLE[planned.plan.fault]}.",)
        return DryRunResult(
            self.scenario.name, rule.name if rule else None, action, explanation, done is not None, problems
        )


def _sentence(words: str) -> str:
    return escape_controls(words[:1].upper() + words[1:])


def in_words(then: Then) -> str:
    """What a rule does, in a few words: ``outcome P3, delay``."""
    details: dict[str, object] = {
        "outcome": then.outcome.name if then.outcome is not None else "",
        "respond": then.respond.status if then.respond is not None else "",
        "fault": then.fault,
        "state": then.state,
    }
    return ", ".join(f"{name} {details[name]}" if name in details else name for name in then.actions)
