"""Puts a plan onto a flow, live or recorded: what takes no time. Waiting, and breaking connections, need a live client;
they are in proxy/injector.py and proxy/faults.py."""

from mitmproxy import http

from passlens.exchange.injection import Action
from passlens.exchange.model import Response
from passlens.proxy import flow_edits
from passlens.recordings.flow_to_exchange import from_flow
from passlens.scenarios.plan import Plan, ResponsePlan, plan_response
from passlens.scenarios.then import Fault


def request_half(flow: http.HTTPFlow, plan: Plan, now: float) -> None:
    """Change the request, or give passlens' own response, dated ``now`` (epoch seconds)."""
    if plan.request_edit is not None:
        flow_edits.change_request(flow, plan.request_edit, None)
    if plan.response is not None:
        flow_edits.set_response(flow, plan.response, now)
    if plan.injection is not None and not plan.unanswered:
        flow_edits.mark(flow, plan.injection)


def response_half(flow: http.HTTPFlow, plan: Plan, rest: ResponsePlan, before: Response | None) -> None:
    """Change the response (``before``), live or recorded; the flow keeps the server's one as its original. Its times
    tell that it was held back; waiting is for the live proxy."""
    done = flow_edits.injection_of(flow)
    if rest.actions and not (done is not None and done.by_passlens):
        flow_edits.keep_response(flow)
    if rest.edit is not None:
        flow_edits.change_response(flow, rest.edit, before.body if before is not None else None)
        flow_edits.mark(flow, plan.by(Action("rewrite_response")))
    if rest.delay:
        flow_edits.later(flow, rest.delay)
        flow_edits.mark(flow, plan.by(Action("delay")))


def break_content(flow: http.HTTPFlow, fault: Fault) -> bool:
    """Break what a response says; False for faults of the way it comes."""
    match fault:
        case "cut_body":
            flow_edits.cut_body(flow)
        case "malformed_json":
            flow_edits.break_json(flow)
        case "wrong_content_type":
            flow_edits.wrong_content_type(flow)
        case _:
            return False
    return True


def on_recording(flow: http.HTTPFlow, plan: Plan, now: float) -> ResponsePlan:
    """Perform a whole plan on a recorded flow, in place: delays show in its times, and where nothing is answered there
    is no response. Returns the second half as it was performed."""
    request_half(flow, plan, now)
    if plan.unanswered:
        flow_edits.no_answer(flow, f"{plan.fault}, as the scenario says")
        if plan.injection is not None:
            flow_edits.mark(flow, plan.injection)
        return ResponsePlan()
    response = from_flow(flow).response
    rest = plan_response(plan, response, recorded=True)
    response_half(flow, plan, rest, response)
    if rest.fault is not None and break_content(flow, rest.fault):
        flow_edits.mark(flow, plan.by(Action("fault", rest.fault)))
    flow_edits.stamp(flow)
    return rest
