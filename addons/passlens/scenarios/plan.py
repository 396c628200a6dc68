"""What a rule, a virtual session or the sandbox does to an exchange, worked out before anything is done.
The live proxy and the rewriting of recordings perform a plan, the dry run prints it; nothing else decides anything.

A plan has two halves, because the server stands between them: ``plan`` before it is asked, ``plan_response`` once there
is a response. Both are pure but for what passlens remembers, the virtual sessions."""

from dataclasses import dataclass, replace
from typing import Final

from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, ActionKind, Injection
from passlens.exchange.model import Message, Response
from passlens.sandbox.build_outcome import build_outcome
from passlens.sandbox.server import Api
from passlens.scenarios import apply, template
from passlens.scenarios.base_model import BODILESS
from passlens.scenarios.changes import RewriteResponse
from passlens.scenarios.engine import RuleDecision
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.match import MatchesFilter
from passlens.scenarios.rewrite import Rewritten, edit_response, rewrite_request
from passlens.scenarios.then import NO_RESPONSE, Fault, Then

VIRTUAL: Final = "virtual session"
SANDBOX: Final = "sandbox"

TAKEN: Final = "skipped: the flow already has a response; override: true in the rule replaces it"

_NO_BODY: Final = frozenset({"streamed", "not-recorded", "failed"})
"""Gaps of messages whose body never was there to be changed."""

_ON_THE_BODY: Final = ("cut_body", "malformed_json")
"""Faults that need a body to break."""


@dataclass(frozen=True)
class ResponseEdit:
    """Changes to a response that is not there yet, with what fills in their templates."""

    rewrite: RewriteResponse
    fill: template.Fill


@dataclass(frozen=True)
class Plan:
    """What is to be done. Members that are None or 0 ask for nothing.

    ``request_edit`` goes to the server; ``response`` is passlens' own, and the server is not asked. ``delay`` is in
    seconds. ``injection`` says what the first half does; the second adds to it (``by``). ``problems`` are sentences
    about what could not be done, ``skipped`` says why nothing is.
    """

    decision: RuleDecision | None = None
    request_edit: Rewritten | None = None
    response: Response | None = None
    response_edit: ResponseEdit | None = None
    delay: float = 0.0
    fault: Fault | None = None
    state: str | None = None
    injection: Injection | None = None
    problems: tuple[str, ...] = ()
    skipped: str | None = None

    @property
    def unanswered(self) -> bool:
        """True if the app gets no response at all."""
        return self.fault in NO_RESPONSE

    @property
    def acts(self) -> bool:
        """True if a rule took the exchange and was not kept from it."""
        return self.decision is not None and self.decision.rule is not None and self.skipped is None

    @property
    def holds_response(self) -> bool:
        """True if nothing of the response may leave before it is changed, held back or broken."""
        return bool(self.response_edit or self.delay or self.fault) and not self.unanswered

    def by(self, *actions: Action) -> Injection:
        """The actions under the names of scenario and rule."""
        decision = self.decision
        rule = decision.rule.name if decision is not None and decision.rule is not None else ""
        return Injection(decision.scenario.name if decision is not None else "", rule, actions)


@dataclass(frozen=True)
class ResponsePlan:
    """The second half: what becomes of a response on its way to the app."""

    edit: Rewritten | None = None
    delay: float = 0.0
    fault: Fault | None = None
    problems: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is done, in this order."""
        found = [Action("rewrite_response")] if self.edit is not None else []
        found += [Action("delay")] if self.delay else []
        found += [Action("fault", self.fault)] if self.fault is not None else []
        return tuple(found)


def prepare(
    running: RunningScenario | None,
    ex: Decoded,
    now: float,
    *,
    api: Api,
    sandbox: bool = False,
    has_response: bool = False,
    matches_filter: MatchesFilter | None = None,
) -> Plan:
    """Let a scenario decide about a request and plan what follows; a request without its body is left alone."""
    if (why := _lacks_body(ex.request)) is not None:
        return Plan(problems=(f"skipped: the request cannot be looked into: {why}.",))
    decision = running.engine.decide(ex, now, matches_filter) if running is not None else None
    return plan(decision, ex, now, api=api, sandbox=sandbox, has_response=has_response)


def plan(
    decision: RuleDecision | None,
    ex: Decoded,
    now: float,
    *,
    api: Api,
    sandbox: bool = False,
    has_response: bool = False,
) -> Plan:
    """What is done to a request of an operation at ``now`` (epoch seconds).

    ``sandbox``: passlens answers in the server's place. ``has_response``: somebody else, such as server replay, has set
    a response already.
    """
    then = decision.then if decision is not None else None
    if has_response and not (then is not None and then.override):
        return Plan(decision, skipped=TAKEN if then is not None else None)
    made = Plan(decision)
    if decision is not None and then is not None:
        made = _by_rule(decision, then, ex, now, api)
    if has_response or made.response is not None or made.unanswered:
        return made
    return _by_passlens(made, edited(ex, made.request_edit), now, api, sandbox=sandbox)


def _by_rule(decision: RuleDecision, then: Then, ex: Decoded, now: float, api: Api) -> Plan:
    made = Plan(decision, fault=then.fault, state=then.state)
    done: list[Action] = []
    try:
        if then.outcome is not None or then.respond is not None:
            made = replace(made, response=_response(decision, then, ex, now, api))
            done.append(Action("outcome" if then.outcome is not None else "respond"))
        elif then.rewrite_request is not None:
            changed = rewrite_request(then.rewrite_request, ex, apply.filler(ex, decision, now))
            edit = _request_edit(changed, ex)
            made = replace(made, request_edit=edit, problems=changed.problems)
            done += [Action("rewrite_request")] if edit is not None else []
    except TemplateError as error:
        made = replace(made, problems=(f"a rule could not be applied: {error}; the request goes on as it came.",))
    made = replace(made, delay=apply.delay_seconds(then.delay, decision.random))
    if made.unanswered and then.fault is not None:
        done += [Action("delay")] if made.delay else []
        done.append(Action("fault", then.fault))
    elif then.rewrite_response is not None:
        fill = apply.filler(edited(ex, made.request_edit), decision, now)
        made = replace(made, response_edit=ResponseEdit(then.rewrite_response, fill))
    return replace(made, injection=made.by(*done) if done else None)


def _response(decision: RuleDecision, then: Then, ex: Decoded, now: float, api: Api) -> Response | None:
    if then.respond is not None:
        return apply.response(then.respond, ex, decision, now)
    if then.outcome is None:
        return None
    wanted = then.outcome
    rng = decision.random if decision.scenario.seed is not None else api.rng
    made = build_outcome(
        wanted.name,
        ex,
        now=now,
        rng=rng,
        sessions=api.sessions,
        missing=wanted.missing,
        mvpd=wanted.mvpd,
        world=api.world,
    )
    return made.as_response()


def _request_edit(changed: Rewritten, ex: Decoded) -> Rewritten | None:
    """The change, with a body only where that changed; None where nothing did."""
    sent = ex.request
    body = changed.body if changed.body != sent.body else None
    same = (changed.headers, changed.path, body) == (sent.headers, sent.path, None)
    return None if same else replace(changed, body=body)


def edited(ex: Decoded, edit: Rewritten | None) -> Decoded:
    """The exchange as the server sees it after a change to its request."""
    if edit is None:
        return ex
    body = edit.body if edit.body is not None else ex.request.body
    request = replace(ex.request, headers=edit.headers, path=edit.path, body=body)
    return Decoded(replace(ex.exchange, request=request))


def _by_passlens(made: Plan, ex: Decoded, now: float, api: Api, *, sandbox: bool) -> Plan:
    """Answer in the sandbox, or for a virtual session; where a rule changed the request, it goes by the rule's name."""
    kind: ActionKind = SANDBOX if sandbox else VIRTUAL
    given = api.respond(ex, now) if sandbox else api.belongs_to(ex, now)
    if given is None:
        return made
    before = made.injection or Injection(kind, ex.operation.id)
    return replace(made, response=given.as_response(), injection=before.also(Action(kind)))


def plan_response(made: Plan, response: Response | None, *, recorded: bool = False) -> ResponsePlan:
    """What becomes of a response, passlens' own or the server's; nothing without one. A recording does not keep the
    pieces that a response came in, so ``slow_drip`` leaves a recorded one alone."""
    if response is None or not made.holds_response:
        return ResponsePlan()
    if (why := _lacks_body(response)) is not None:
        return ResponsePlan(problems=(f"skipped: the response cannot be changed: {why}.",))
    edit: Rewritten | None = None
    problems: tuple[str, ...] = ()
    if made.response_edit is not None:
        try:
            edit = edit_response(made.response_edit.rewrite, response, made.response_edit.fill)
        except TemplateError as error:
            return ResponsePlan(problems=(f"a rule could not be applied: {error}; the response goes on as it is.",))
        problems = edit.problems
        if (edit.headers, edit.body, edit.status) == (response.headers, response.body, response.status):
            edit = None
    status, body = (edit.status, edit.body) if edit is not None else (response.status, response.body)
    # A body that is None is there, but too long or too deeply encoded to be looked into.
    nothing = status in BODILESS or body == b""
    fault = made.fault
    if (fault in _ON_THE_BODY and nothing) or (recorded and fault == "slow_drip"):
        fault = None
    return ResponsePlan(edit, made.delay, fault, problems)


def response_after(made: Plan, rest: ResponsePlan, response: Response | None) -> Response | None:
    """The response as the app gets it, faults aside; ``response`` is the server's."""
    if made.unanswered:
        return None
    response = made.response or response
    if response is None or rest.edit is None:
        return response
    status = rest.edit.status if rest.edit.status is not None else response.status
    return replace(response, headers=rest.edit.headers, body=rest.edit.body, status=status)


def _lacks_body(message: Message) -> str | None:
    """Why a message has no body that could be changed, or None."""
    return message.gap.detail if message.gap is not None and message.gap.kind in _NO_BODY else None
