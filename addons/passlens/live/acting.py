"""Scenarios, virtual sessions and the sandbox at work on flows: gives answers, changes requests and answers, delays and
breaks them. Nothing is touched unless a scenario was named, a virtual session is asked for, or the sandbox is on."""

import asyncio
import logging
import random
import time
from dataclasses import dataclass, replace

from mitmproxy import flowfilter, http

from passlens.exchange import Exchange
from passlens.flows import INJECTED, from_flow, host_of, may_be_operation
from passlens.live import faults, onflow
from passlens.redaction import Redactor
from passlens.reports.words import safe
from passlens.sandbox.api import Api
from passlens.sandbox.produce import produce
from passlens.scenarios import act
from passlens.scenarios.actions import NOTHING_ANSWERED, RewriteRequest, Then
from passlens.scenarios.engine import Decision
from passlens.scenarios.library import Running
from passlens.scenarios.rewrite import rewrite_answer, rewrite_request
from passlens.scenarios.state import Memory
from passlens.scenarios.template import TemplateMistake
from passlens.spec.routing import route
from passlens.spec.wire import moment
from passlens.verdict import fault

logger = logging.getLogger(__name__)

VIRTUAL = "virtual session"
SANDBOX = "sandbox"

_LISTED = 20
"""Virtual sessions that a status names; the newest."""


@dataclass(frozen=True)
class Pending:
    """What is left to do once an exchange has its answer."""

    decision: Decision
    then: Then
    now: float
    recorded: bool

    @property
    def wants_whole(self) -> bool:
        """True if nothing of the answer may have left before it is changed, held back or broken."""
        return bool(self.then.rewrite_response or self.then.delay or self.then.fault)


class Acting:
    """The acting half of the addon. ``hosts`` are the sandbox's (None: it is off); times are epoch seconds."""

    def __init__(self) -> None:
        self.api = Api()
        self.memory = Memory()
        self.running: Running | None = None
        self.hosts: frozenset[str] | None = None
        self.header = True
        self.explaining = False
        self.rewriting_recordings = False
        self._pending: dict[str, Pending] = {}

    def forget(self) -> None:
        """Drop all states, counters and virtual sessions."""
        self.memory.forget()
        self.api = Api(interactive=self.api.interactive)

    @property
    def idle(self) -> bool:
        """True where there is nothing to act for: the common case, which has to cost nothing."""
        return self.running is None and self.hosts is None and not self.api.sessions

    def never_matched(self) -> tuple[str, ...]:
        """Rules of the running scenario that have taken no exchange."""
        return self.running.engine.never_matched if self.running is not None else ()

    def status(self) -> list[str]:
        """What is on, in lines: the scenario with its counts, the sandbox, the virtual sessions."""
        lines = ["no scenario"]
        if self.running is not None:
            counts = ", ".join(f"{name} {count}" for name, count in self.running.engine.counts.items())
            lines = [safe(f"scenario {self.running.scenario.name}: {counts}")]
        if self.hosts is not None:
            lines.append(f"sandbox for {', '.join(sorted(self.hosts))}")
        sessions = self.api.sessions.list(time.time())
        if len(sessions) > _LISTED:
            lines.append(f"{len(sessions)} virtual sessions, the newest of them:")
        for session in sessions[-_LISTED:]:
            ends = moment(session.not_after / 1000)
            words = (
                f"{session.code or 'no code'} {session.service_provider} {session.mvpd or 'no mvpd'} {session.state}"
            )
            lines.append(safe(f"virtual session {words}, until {ends}"))
        return lines

    # ---- before the server is asked

    async def before(self, flow: http.HTTPFlow) -> None:
        """Answer or change a request. Whatever fails in here is logged, and the flow goes on as it came."""
        try:
            await self._before(flow)
        except Exception as error:
            logger.warning("passlens: %s; the request goes on as it came.", _why(error))

    async def _before(self, flow: http.HTTPFlow) -> None:
        # A client replay is live; what is not live was read from a file.
        recorded = not flow.live
        if recorded and not self.rewriting_recordings:
            return
        host = host_of(flow.request)
        if route(flow.request.method, flow.request.path, host) is None:
            if self._in_sandbox(host) and flow.response is None:
                self._not_found(flow)
            return
        onflow.unmark(flow)
        if flow.request.raw_content is None:
            logger.warning("passlens: skipped, for the request was streamed past before it could be looked at.")
            return
        now = (flow.request.timestamp_start if recorded else None) or time.time()
        ex = replace(from_flow(flow), answer=None, failure=None, started=now)
        decision = self._decide(flow, ex, now)
        then = decision.then if decision is not None else None
        set_by_others = flow.response is not None and not recorded
        if set_by_others and not (then is not None and then.override):
            if self.explaining and then is not None:
                logger.info("passlens: skipped, for there is an answer already; override: true in the rule takes it.")
            return
        if decision is not None and then is not None:
            self._pending[flow.id] = Pending(decision, then, now, recorded)
            if await self._apply(flow, ex, decision, then, now):
                return
            if then.rewrite_request is not None:
                ex = replace(from_flow(flow), answer=None, failure=None, started=now)
        if not set_by_others:
            self._answer_itself(flow, ex, host, now)

    def _in_sandbox(self, host: str) -> bool:
        return self.hosts is not None and host in self.hosts

    def _not_found(self, flow: http.HTTPFlow) -> None:
        now = time.time()
        onflow.set_answer(flow, self.api.answer(Exchange(from_flow(flow).request), now).as_answer(), now)
        onflow.mark(flow, SANDBOX, "not found", SANDBOX)
        self._stamp(flow)

    def _decide(self, flow: http.HTTPFlow, ex: Exchange, now: float) -> Decision | None:
        if self.running is None:
            return None
        decision = self.running.engine.decide(ex, now, lambda text: bool(flowfilter.match(text, flow)))
        if self.explaining:
            show = Redactor(ex).text
            words = decision.explanation.sentence(lambda value: safe(show(value)))
            logger.info("passlens: %s %s: %s", ex.operation.id, decision.scenario.name, words)
        return decision

    async def _apply(self, flow: http.HTTPFlow, ex: Exchange, decision: Decision, then: Then, now: float) -> bool:
        """Do what comes before the answer; True if the server is not to be asked."""
        if then.fault in NOTHING_ANSWERED:
            if then.rewrite_request is not None:
                self._rewrite(flow, ex, decision, then.rewrite_request, now)
            await self._delay(flow, decision, then, recorded=not flow.live)
            _mark(flow, decision, f"fault {then.fault}")
            await faults.without_answer(flow, then.fault)
            return True
        if then.outcome is not None:
            rng = decision.random if decision.scenario.seed is not None else self.api.rng
            wanted = then.outcome
            made = produce(
                wanted.name,
                ex,
                now=now,
                rng=rng,
                sessions=self.api.sessions,
                missing=wanted.missing,
                mvpd=wanted.mvpd,
            )
            onflow.set_answer(flow, made.as_answer(), now)
            _mark(flow, decision, "outcome")
            return True
        if then.respond is not None:
            onflow.set_answer(flow, act.answer(then.respond, ex, decision, now), now)
            _mark(flow, decision, "respond")
            return True
        if then.rewrite_request is not None:
            self._rewrite(flow, ex, decision, then.rewrite_request, now)
        return False

    def _rewrite(
        self, flow: http.HTTPFlow, ex: Exchange, decision: Decision, wanted: RewriteRequest, now: float
    ) -> None:
        changed = rewrite_request(wanted, ex, act.filler(ex, decision, now))
        onflow.change_request(flow, changed, ex.request.body)
        _mark(flow, decision, "rewrite_request")
        _say(changed.problems)

    async def _delay(self, flow: http.HTTPFlow, decision: Decision, then: Then, *, recorded: bool) -> None:
        """Hold back; a recording only tells it by its times."""
        if then.delay is None:
            return
        seconds = act.delay_seconds(then.delay, decision.random)
        if not recorded:
            await asyncio.sleep(seconds)
        onflow.later(flow, seconds)
        _mark(flow, decision, "delay")

    def _answer_itself(self, flow: http.HTTPFlow, ex: Exchange, host: str, now: float) -> None:
        """Answer for a virtual session, or in the sandbox."""
        if self._in_sandbox(host):
            made, how = self.api.answer(ex, now), SANDBOX
        else:
            owned = self.api.owned(ex, now)
            if owned is None:
                return
            made, how = owned, VIRTUAL
        onflow.set_answer(flow, made.as_answer(), now)
        # Where a rule changed the request, the exchange goes by the rule's name.
        by = flow.metadata.get(INJECTED) or {"scenario": how, "rule": ex.operation.id}
        onflow.mark(flow, by["scenario"], by["rule"], how)

    def _stamp(self, flow: http.HTTPFlow) -> None:
        if self.header:
            onflow.stamp(flow)

    # ---- once there is an answer

    def concerns(self, flow: http.HTTPFlow) -> bool:
        """Whether there is anything to be done about an answer."""
        return flow.id in self._pending or (not self.idle and bool(flow.live))

    async def after(self, flow: http.HTTPFlow) -> Exchange | None:
        """Change, delay or break an answer on its way to the app. Returns the exchange as it has become where that is
        known, to spare others the making; the header that names passlens is not in it."""
        if not self.concerns(flow):
            return None
        pending = self._pending.pop(flow.id, None)
        ex = None
        try:
            ex = from_flow(flow) if may_be_operation(flow) else None
            if ex is not None and ex.route is not None:
                if self.running is not None and ex.answer is not None:
                    # Also where no rule took the exchange: the code it hands out goes on in the device's state.
                    self.running.engine.observe(ex)
                if pending is not None and pending.wants_whole:
                    before, ex = ex, None
                    await self._after(flow, before, pending)
        except Exception as error:
            logger.warning("passlens: %s; the answer goes on as it is.", _why(error))
            ex = None
        self._stamp(flow)
        return ex

    async def _after(self, flow: http.HTTPFlow, ex: Exchange, pending: Pending) -> None:
        decision, then = pending.decision, pending.then
        if flow.response is not None and flow.response.raw_content is None:
            logger.warning("passlens: skipped, for the answer was streamed past before it could be changed.")
            return
        if not _answered_here(flow):
            onflow.keep_answer(flow)
        if then.rewrite_response is not None and ex.answer is not None:
            changed = rewrite_answer(then.rewrite_response, ex.answer, act.filler(ex, decision, pending.now))
            onflow.change_answer(flow, changed, ex.answer.body)
            _mark(flow, decision, "rewrite_response")
            _say(changed.problems)
        await self._delay(flow, decision, then, recorded=pending.recorded)
        if then.fault is not None and then.fault not in NOTHING_ANSWERED:
            faults.break_answer(flow, then.fault)
            _mark(flow, decision, f"fault {then.fault}")

    def gone(self, flow: http.HTTPFlow) -> None:
        """The exchange ended without an answer."""
        self._pending.pop(flow.id, None)


def new_random() -> random.Random:
    """A source that nobody can guess, for scenarios without a seed."""
    return random.Random(random.SystemRandom().getrandbits(128))


def _why(error: Exception) -> str:
    """What went wrong: a template's mistake in its own words, anything else by its place, since it may hold secrets."""
    if isinstance(error, TemplateMistake):
        return f"a rule could not be applied: {safe(str(error))}"
    return f"a rule could not be applied ({fault(error)})"


def _mark(flow: http.HTTPFlow, decision: Decision, how: str) -> None:
    rule = decision.rule.name if decision.rule is not None else ""
    onflow.mark(flow, decision.scenario.name, rule, how)


def _answered_here(flow: http.HTTPFlow) -> bool:
    """True if passlens gave the answer."""
    marked = flow.metadata.get(INJECTED) or {"how": ""}
    return bool({"outcome", "respond", SANDBOX, VIRTUAL} & set(marked["how"].split(", ")))


def _say(problems: tuple[str, ...]) -> None:
    for problem in problems:
        logger.warning("passlens: %s", safe(problem))
