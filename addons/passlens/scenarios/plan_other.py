"""What is done to requests that call no operation: a browser's preflight for what passlens answers itself, and the
sandbox's answer to anything else."""

from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, ActionKind, Injection
from passlens.rest_v2.routing import Route, route
from passlens.sandbox.cors import preflight
from passlens.sandbox.server import Api
from passlens.scenarios.active import ActiveScenarios
from passlens.scenarios.model import Scenario
from passlens.scenarios.plan import SANDBOX, VIRTUAL, Plan


def plan_other(ex: Decoded, now: float, *, api: Api, scenarios: ActiveScenarios, sandbox: bool) -> Plan:
    """The plan for a request without an operation; an empty one where it is the server's to answer."""
    by = _asked_for(ex, api, scenarios, sandbox=sandbox)
    if by is not None:
        given = preflight(ex.request.header("Access-Control-Request-Headers"))
        action = Action("sandbox" if by == SANDBOX else "respond")
        return Plan(response=given.as_response(), injection=Injection(by, "preflight", (action,)))
    gone = api.signed_out(ex)
    if gone is not None:
        kind: ActionKind = SANDBOX if sandbox else VIRTUAL
        return Plan(response=gone.as_response(), injection=Injection(kind, "sign-out", (Action(kind),)))
    if sandbox:
        given = api.respond(ex, now)
        return Plan(response=given.as_response(), injection=Injection(SANDBOX, "not found", (Action("sandbox"),)))
    return Plan()


def _asked_for(ex: Decoded, api: Api, scenarios: ActiveScenarios, *, sandbox: bool) -> str | None:
    """Who answers the request that a preflight announces: the sandbox, a scenario, a virtual session; or None."""
    found = _announced(ex)
    if found is None:
        return None
    if sandbox:
        return SANDBOX
    # A preflight carries no header that tells the device, so any scenario that runs may be the one.
    for running in scenarios.all():
        if _may_respond(running.scenario, found.operation.id):
            return running.scenario.name
    code, provider = found.parameters.get("code"), found.parameters.get("serviceProvider")
    return VIRTUAL if api.sessions.by_code(code, provider) is not None else None


def _announced(ex: Decoded) -> Route | None:
    """The operation that a preflight asks leave for; None for what is no preflight of one."""
    if ex.request.method != "OPTIONS":
        return None
    method = ex.request.header("Access-Control-Request-Method")
    tried = (route(name, ex.request.path, ex.request.host) for name in ([method] if method else ["GET", "POST"]))
    return next((found for found in tried if found is not None), None)


def _may_respond(scenario: Scenario, operation: str) -> bool:
    """True if a rule answers such requests itself, so that the server need not be there for its preflight."""
    return any(
        (rule.then.outcome is not None or rule.then.respond is not None)
        and (not rule.when.operation or operation in rule.when.operation)
        for rule in scenario.rules
    )
