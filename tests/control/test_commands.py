"""The commands of mitmproxy's prompt, as it calls them. tests/proxy/test_command_types.py has their completion."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.test import taddons

from cases import as_exchange, case
from passlens.addon import Sessions
from passlens.control.models import ScenarioBody
from passlens.exchange.decoded import Decoded


@pytest.fixture
def context() -> Iterator[Any]:
    addon = Sessions()
    with taddons.context(addon) as made:
        addon._running = True  # from here on a mistake is refused
        yield made


def test_every_command_is_there_with_what_it_takes(context: Any) -> None:
    known = {name: one for name, one in context.master.commands.commands.items() if name.startswith("passlens.")}
    assert {name: " ".join(one.signature_help().split()) for name, one in known.items()} == {
        "passlens.status": "passlens.status -> str",
        "passlens.scenario": "passlens.scenario name",
        "passlens.scenario.list": "passlens.scenario.list -> str[]",
        "passlens.scenario.off": "passlens.scenario.off",
        "passlens.session": "passlens.session code action",
        "passlens.session.list": "passlens.session.list -> str[]",
        "passlens.reset": "passlens.reset",
    }
    assert all(one.help for one in known.values())


def test_a_scenario_is_on_and_off(context: Any) -> None:
    run = context.master.commands.execute
    run("passlens.scenario pfs-fallback")
    assert "scenario pfs-fallback: " in run("passlens.status")
    with pytest.raises(exceptions.CommandError, match="did you mean pfs-fallback"):
        run("passlens.scenario pfs-falback")
    assert context.options.passlens_scenario == "pfs-fallback"
    run("passlens.scenario.off")
    assert "no scenario" in run("passlens.status").splitlines()


RULES = "description: x\nrules:\n  - {name: a, then: {outcome: throttled}}\n"


def test_a_scenario_that_runs_is_named_again_as_it_is_now(context: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(RULES)
    addon, run = context.master.addons.get("sessions"), context.master.commands.execute
    calls = (
        (exceptions.CommandError, lambda: run(f"passlens.scenario {file}")),
        (ValueError, lambda: addon._service.run(ScenarioBody(name=str(file)))),
    )
    for refused, name in calls:
        name()
        file.write_text(f"{RULES}    when: {{}}\nrule: []\n")
        with pytest.raises(refused, match=r"mine\.yaml:4:"):
            name()
        file.write_text(f"{RULES}  - {{name: b, then: {{delay: 1}}}}\n")
        name()
        assert [rule.name for one in addon._injector.scenarios.all() for rule in one.scenario.rules] == ["a", "b"]
        file.write_text(RULES)


def test_a_session_is_signed_in_to_and_forgotten(context: Any) -> None:
    run = context.master.commands.execute
    now = time.time()
    context.master.addons.get("sessions")._injector.api.respond(Decoded(as_exchange(case("C1", now), now)), now)
    (code,) = run("passlens.session.list")
    run(f"passlens.session {code} sign-in")
    for words, said in ((f"{code} sing-in", "did you mean sign-in"), ("NOCODE1 deny", "NOCODE1")):
        with pytest.raises(exceptions.CommandError, match=said):
            run(f"passlens.session {words}")
    run("passlens.reset")
    assert run("passlens.session.list") == []
