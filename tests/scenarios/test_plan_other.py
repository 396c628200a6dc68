"""Requests that call no operation: preflights, and what else comes to the sandbox."""

import random

import pytest

from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange, Request
from passlens.sandbox.server import Api
from passlens.scenarios.active import ActiveScenarios
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.plan import SANDBOX, Plan
from passlens.scenarios.plan_other import plan_other
from scenarios.made import NOW, scenario

HOST = "sp.auth.adobe.com"


def planned(path: str, *, method: str = "OPTIONS", then: str = "", sandbox: bool = False, device: str = "") -> Plan:
    scenarios = ActiveScenarios()
    if then:
        text = f"rules:\n  - name: only\n    then: {then}\n"
        scenarios.set(RunningScenario(scenario(text), random.Random(1)), device or None)
    ex = Decoded(Exchange(Request((("Access-Control-Request-Method", "POST"),), method=method, host=HOST, path=path)))
    return plan_other(ex, NOW, api=Api(seed=1), scenarios=scenarios, sandbox=sandbox)


@pytest.mark.parametrize("device", ["", "192.0.2.7"])
def test_a_scenario_answers_the_preflight_of_what_it_answers(device: str) -> None:
    made = planned("/api/v2/SP/sessions", then="{outcome: throttled}", device=device)
    assert made.injection == Injection("demo", "preflight", (Action("respond"),))
    assert made.response is not None
    assert planned("/api/v2/SP/sessions", then="{delay: 5}") == Plan()
    assert planned("/elsewhere", then="{outcome: throttled}") == Plan()


def test_the_sandbox_answers_everything() -> None:
    made = planned("/api/v2/SP/sessions", sandbox=True)
    assert made.injection == Injection(SANDBOX, "preflight", (Action("sandbox"),))
    made = planned("/poster.png", method="GET", sandbox=True)
    assert made.injection == Injection(SANDBOX, "not found", (Action("sandbox"),))
    assert made.response is not None
    assert made.response.status == 404


def test_anything_else_is_the_servers() -> None:
    assert planned("/api/v2/SP/sessions") == Plan()
    assert planned("/poster.png", method="GET") == Plan()
