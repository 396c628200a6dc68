"""Performs plans on live flows: gives responses, changes requests and responses, delays and breaks them.
Nothing is touched unless a scenario was named, a virtual session is asked for, or the sandbox is on."""

import asyncio
import logging
import time
from dataclasses import replace

from mitmproxy import http
from mitmproxy.log import ALERT

from passlens.analysis.analyzer import fault
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action
from passlens.exchange.model import Exchange
from passlens.proxy import faults, flow_edits, perform
from passlens.recordings.filters import parse
from passlens.recordings.flow_to_exchange import from_flow, host_of, may_be_operation
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.logouts import URL_PATH
from passlens.rest_v2.routing import route
from passlens.sandbox.pages import address
from passlens.sandbox.server import Api
from passlens.sandbox.world import World
from passlens.scenarios.active import ActiveScenarios
from passlens.scenarios.engine import RuleDecision
from passlens.scenarios.plan import Plan, plan_response, prepare
from passlens.scenarios.plan_other import plan_other
from passlens.util.text import escape_controls

logger = logging.getLogger(__name__)


class Injector:
    """Scenarios, virtual sessions and the sandbox at work. ``hosts`` are the sandbox's (None: it is off)."""

    def __init__(self) -> None:
        self.api = Api()
        self.scenarios = ActiveScenarios()
        self.hosts: frozenset[str] | None = None
        self.header = True
        self.explaining = False
        self.rewriting_recordings = False
        self.missed: tuple[RuleDecision, Decoded] | None = None
        """The last request that a scenario's rules all left alone."""
        self._plans: dict[str, Plan] = {}
        self._announced: set[str] = set()

    def play(self, world: World) -> None:
        """Change the sandbox's world; virtual sessions stay."""
        self.api.world = world

    def forget(self) -> None:
        """Drop all states, counters and virtual sessions."""
        self.scenarios.memory.forget()
        self.missed = None
        self.api = Api(interactive=self.api.interactive, world=self.api.world)

    @property
    def idle(self) -> bool:
        """True where there is nothing to act for: the common case, which has to cost nothing."""
        return not self.scenarios and self.hosts is None and not self.api.sessions

    # ---- before the server is asked

    async def before(self, flow: http.HTTPFlow) -> None:
        """Answer or change a request. Whatever fails in here is logged, and the flow goes on as it came."""
        try:
            await self._before(flow)
        except Exception as error:
            logger.warning("passlens: a rule could not be applied (%s); the request goes on as it came.", fault(error))

    async def _before(self, flow: http.HTTPFlow) -> None:
        # A client replay is live; what is not live was read from a file.
        recorded = not flow.live
        if recorded and not self.rewriting_recordings:
            return
        host = host_of(flow.request)
        sandbox = self.hosts is not None and host in self.hosts
        if route(flow.request.method, flow.request.path, host) is None:
            signs_out = flow.request.path.startswith(f"{URL_PATH}?")
            if flow.response is None and (sandbox or signs_out or flow.request.method == "OPTIONS"):
                now = time.time()
                ex = Decoded(Exchange(from_flow(flow).request))
                plan = plan_other(ex, now, api=self.api, scenarios=self.scenarios, sandbox=sandbox)
                perform.request_half(flow, plan, now)
                self._stamp(flow)
            return
        flow_edits.unmark(flow)
        now = (flow.request.timestamp_start if recorded else None) or time.time()
        ex = Decoded(replace(from_flow(flow), response=None, failure=None, started=now))
        plan = prepare(
            self.scenarios.of(ex),
            ex,
            now,
            api=self.api,
            sandbox=sandbox,
            has_response=flow.response is not None and not recorded,
            matches_filter=lambda text: bool(parse(text)(flow)),
        )
        self._tell(plan, ex)
        self._announce()
        if plan.acts:
            self._plans[flow.id] = plan
        perform.request_half(flow, plan, now)
        if plan.unanswered and plan.fault is not None:
            if plan.delay and not recorded:
                await asyncio.sleep(plan.delay)
            if plan.injection is not None:
                flow_edits.mark(flow, plan.injection)
            await faults.without_response(flow, plan.fault)

    def _announce(self) -> None:
        """Say where a person signs in, once for each virtual session whose page asks."""
        if not self.api.interactive:
            return
        found = map(address, self.api.sessions.list(time.time()))
        pages = {page for page in found if page is not None}
        for page in pages - self._announced:
            logger.log(ALERT, "passlens: sign in at %s, in a browser that uses this proxy.", escape_controls(page))
        self._announced = pages

    def _tell(self, plan: Plan, ex: Decoded) -> None:
        """Log what the plan leaves alone and why and, if asked to, which rule matched."""
        if plan.decision is not None and plan.decision.rule is None:
            self.missed = plan.decision, ex
        if self.explaining and plan.decision is not None:
            show = Redactor(ex).text
            words = plan.decision.explanation.sentence(lambda value: escape_controls(show(value)))
            logger.info("passlens: %s %s: %s", ex.operation.id, plan.decision.scenario.name, words)
        if self.explaining and plan.skipped is not None:
            logger.info("passlens: %s.", plan.skipped)
        _warn(plan.problems)

    def _stamp(self, flow: http.HTTPFlow) -> None:
        if self.header:
            flow_edits.stamp(flow)

    # ---- once there is a response

    def concerns(self, flow: http.HTTPFlow) -> bool:
        """Whether there is anything to be done about a response."""
        return flow.id in self._plans or (not self.idle and bool(flow.live))

    async def after(self, flow: http.HTTPFlow) -> Exchange | None:
        """Change, delay or break a response on its way to the app. Returns the exchange as it has become where that is
        known, to spare others the making; the header that names passlens is not in it."""
        if not self.concerns(flow):
            return None
        plan = self._plans.pop(flow.id, None)
        ex = None
        try:
            ex = from_flow(flow) if may_be_operation(flow) else None
            if ex is not None and ex.route is not None:
                self._observe(ex)
                if plan is not None and plan.holds_response:
                    before, ex = ex, None
                    await self._after(flow, before, plan)
        except Exception as error:
            logger.warning("passlens: a rule could not be applied (%s); the response goes on as it is.", fault(error))
            ex = None
        self._stamp(flow)
        return ex

    def _observe(self, ex: Exchange) -> None:
        """Also where no rule took the exchange: the code it hands out goes on in the device's state."""
        if self.scenarios and ex.response is not None:
            decoded = Decoded(ex)
            running = self.scenarios.of(decoded)
            if running is not None:
                running.engine.observe(decoded)

    async def _after(self, flow: http.HTTPFlow, ex: Exchange, plan: Plan) -> None:
        rest = plan_response(plan, ex.response, recorded=not flow.live)
        _warn(rest.problems)
        if rest.delay and flow.live:
            await asyncio.sleep(rest.delay)
        perform.response_half(flow, plan, rest, ex.response)
        if rest.fault is not None and faults.break_response(flow, rest.fault):
            flow_edits.mark(flow, plan.by(Action("fault", rest.fault)))

    def gone(self, flow: http.HTTPFlow) -> None:
        """The exchange ended without a response."""
        self._plans.pop(flow.id, None)


def _warn(problems: tuple[str, ...]) -> None:
    for problem in problems:
        logger.warning("passlens: %s", escape_controls(problem))
