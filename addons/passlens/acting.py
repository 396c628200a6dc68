"""Scenarios, virtual sessions and the sandbox at work on flows: gives answers, changes requests and answers, delays and
breaks them. Nothing is touched unless a scenario was named, a virtual session is asked for, or the sandbox is on."""

import asyncio
import logging
import random
import time
from dataclasses import dataclass, replace

from mitmproxy import flowfilter, http

from passlens import faults, onflow
from passlens.exchange import Answer, Exchange
from passlens.flows import from_flow, host_of
from passlens.redaction import Redactor
from passlens.reports.words import safe
from passlens.sandbox.api import Api
from passlens.sandbox.produce import produce
from passlens.scenarios import act
from passlens.scenarios.actions import NOTHING_ANSWERED, Then
from passlens.scenarios.engine import Decision
from passlens.scenarios.library import Running
from passlens.scenarios.rewrite import rewrite_answer, rewrite_request
from passlens.scenarios.state import Memory
from passlens.spec.routing import route
from passlens.spec.wire import moment

logger = logging.getLogger(__name__)

VIRTUAL = "virtual session"
SANDBOX = "sandbox"


@dataclass(frozen=True)
class Pending:
    """What is left to do once an exchange has its answer."""

    decision: Decision
    then: Then
    now: float


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
        for session in self.api.sessions.list(time.time()):
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
        except Exception:
            logger.warning("passlens: a scenario could not be applied; the flow is not touched.", exc_info=True)

    async def _before(self, flow: http.HTTPFlow) -> None:
        recorded = _is_recorded(flow)
        if recorded and not self.rewriting_recordings:
            return
        host = host_of(flow.request)
        if route(flow.request.method, flow.request.path, host) is None:
            if self._in_sandbox(host) and flow.response is None:
                self._not_found(flow)
            return
        now = flow.request.timestamp_start if recorded else time.time()
        ex = replace(from_flow(flow), answer=None, failure=None, started=now)
        decision = self._decide(flow, ex, now)
        then = decision.then if decision is not None else None
        set_by_others = flow.response is not None and not recorded
        if set_by_others and not (then is not None and then.override):
            return
        if decision is not None and then is not None:
            self._pending[flow.id] = Pending(decision, then, now)
            if await self._apply(flow, ex, decision, then, now):
                return
            ex = replace(from_flow(flow), answer=None, failure=None, started=now)
        if not set_by_others:
            self._answer_itself(flow, ex, host, now)

    def _in_sandbox(self, host: str) -> bool:
        return self.hosts is not None and host in self.hosts

    def _not_found(self, flow: http.HTTPFlow) -> None:
        onflow.set_answer(flow, self.api.answer(Exchange(from_flow(flow).request), time.time()).as_answer())
        onflow.mark(flow, SANDBOX, "not found", SANDBOX, header=self.header)

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
            self._mark(flow, decision, "fault")
            await asyncio.sleep(act.delay_seconds(then.delay, decision.random))
            await _without_answer(flow, then)
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
            self._set(flow, made.as_answer(), decision, "outcome")
            return True
        if then.respond is not None:
            self._set(flow, act.answer(then.respond, ex, decision, now), decision, "respond")
            return True
        if then.rewrite_request is not None:
            changed = rewrite_request(then.rewrite_request, ex, act.filler(ex, decision, now))
            onflow.change_request(flow, changed, ex.request.body)
            self._mark(flow, decision, "rewrite_request")
            _say(changed.problems)
        return False

    def _answer_itself(self, flow: http.HTTPFlow, ex: Exchange, host: str, now: float) -> None:
        """Answer for a virtual session, or in the sandbox."""
        if self._in_sandbox(host):
            made, rule, how = self.api.answer(ex, now), ex.operation.id, SANDBOX
        else:
            owned = self.api.owned(ex, now)
            if owned is None:
                return
            made, rule, how = owned, ex.operation.id, VIRTUAL
        answered = flow.metadata.get(onflow.INJECTED)
        onflow.set_answer(flow, made.as_answer())
        if answered is None:
            onflow.mark(flow, how, rule, how, header=self.header)

    def _set(self, flow: http.HTTPFlow, answer: Answer, decision: Decision, how: str) -> None:
        onflow.set_answer(flow, answer)
        self._mark(flow, decision, how)

    def _mark(self, flow: http.HTTPFlow, decision: Decision, how: str) -> None:
        rule = decision.rule.name if decision.rule is not None else ""
        onflow.mark(flow, decision.scenario.name, rule, how, header=self.header)

    # ---- once there is an answer

    async def after(self, flow: http.HTTPFlow) -> None:
        """Change, delay or break an answer on its way to the app."""
        pending = self._pending.pop(flow.id, None)
        if pending is None:
            return
        try:
            await self._after(flow, pending)
        except Exception:
            logger.warning("passlens: a scenario could not be applied; the answer is not touched.", exc_info=True)

    async def _after(self, flow: http.HTTPFlow, pending: Pending) -> None:
        decision, then = pending.decision, pending.then
        ex = from_flow(flow)
        if then.rewrite_response is not None and ex.answer is not None:
            changed = rewrite_answer(then.rewrite_response, ex.answer, act.filler(ex, decision, pending.now))
            onflow.change_answer(flow, changed, ex.answer.body)
            self._mark(flow, decision, "rewrite_response")
            _say(changed.problems)
        if self.running is not None:
            self.running.engine.observe(from_flow(flow))
        if then.delay is not None:
            await asyncio.sleep(act.delay_seconds(then.delay, decision.random))
            self._mark_also(flow, decision, "delay")
        if then.fault is not None and then.fault not in NOTHING_ANSWERED:
            _break(flow, then)
            self._mark_also(flow, decision, "fault")

    def _mark_also(self, flow: http.HTTPFlow, decision: Decision, how: str) -> None:
        """Mark a flow whose answer comes from elsewhere; an answer of the rule's own keeps its mark."""
        if onflow.INJECTED not in flow.metadata or flow.metadata[onflow.INJECTED]["how"] in (SANDBOX, VIRTUAL):
            self._mark(flow, decision, how)
        elif self.header:
            self._mark(flow, decision, flow.metadata[onflow.INJECTED]["how"])

    def gone(self, flow: http.HTTPFlow) -> None:
        """The exchange ended without an answer."""
        self._pending.pop(flow.id, None)


def new_random() -> random.Random:
    """A source that nobody can guess, for scenarios without a seed."""
    return random.Random(random.SystemRandom().getrandbits(128))


def _is_recorded(flow: http.HTTPFlow) -> bool:
    """True for a flow read from a file, as opposed to a live one and to a client replay."""
    return not flow.live and flow.is_replay is None


async def _without_answer(flow: http.HTTPFlow, then: Then) -> None:
    if then.fault == "connection_reset":
        if not faults.reset(flow):
            logger.warning("passlens: this flow has no connection of its own to reset; it ends without an answer.")
    elif then.fault == "no_answer":
        await faults.leave_unanswered(flow)
    else:
        flow.kill()


def _break(flow: http.HTTPFlow, then: Then) -> None:
    match then.fault:
        case "cut_body":
            onflow.cut_body(flow)
        case "malformed_json":
            onflow.break_json(flow)
        case "wrong_content_type":
            onflow.wrong_content_type(flow)
        case "slow_drip":
            if not faults.drip(flow):
                logger.warning("passlens: this flow has no client whose answer could drip.")


def _say(problems: tuple[str, ...]) -> None:
    for problem in problems:
        logger.warning("passlens: %s", safe(problem))
