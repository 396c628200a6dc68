"""What mitmproxy's prompts complete for passlens' commands, and what they take."""

import json
import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions, types
from mitmproxy.test import taddons

from cases import as_exchange, case
from passlens import addon
from passlens.exchange.decoded import Decoded
from passlens.scenarios.library import Library


@pytest.fixture
def context() -> Iterator[Any]:
    with taddons.context(addon.Sessions()) as made:
        yield made


def completions(context: Any, text: str, command: str = "passlens.scenario") -> list[str]:
    """What the prompt offers for the last argument."""
    commands = context.master.commands
    parts, _ = commands.parse_partial(f"{command} {text}")
    assert parts[-1].valid
    found: Any = types.CommandTypes.get(parts[-1].type)
    return list(found.completion(commands, parts[-1].type, text))


def test_the_names_of_all_scenarios_are_completed(context: Any, tmp_path: Path) -> None:
    shipped = Library().names()
    assert "pfs-fallback" in shipped
    assert completions(context, "pf") == shipped
    (tmp_path / "mine.yaml").write_text("rules: []\n")
    context.options.update(passlens_rules=str(tmp_path))
    assert completions(context, "m") == sorted([*shipped, "mine"])
    assert context.master.commands.execute("passlens.scenario.list") == sorted([*shipped, "mine"])


def test_a_path_is_completed_as_a_path(context: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules: []\n")
    assert completions(context, f"{tmp_path}/mi") == [f"{tmp_path}/mine.yaml"]


def test_help_tells_that_a_scenario_is_wanted(context: Any) -> None:
    said = context.master.commands.commands["passlens.scenario"].signature_help()
    assert said == "passlens.scenario name"


def begun(context: Any) -> str:
    """The code of a virtual session."""
    sessions = context.master.addons.get("sessions")
    now = time.time()
    made = sessions._injector.api.respond(Decoded(as_exchange(case("C1", now), now)), now)
    return str(json.loads(made.body)["code"])


def test_codes_and_actions_of_sessions_are_completed(context: Any) -> None:
    assert completions(context, "x", "passlens.session") == []
    code = begun(context)
    assert completions(context, code[:2], "passlens.session") == [code]
    assert completions(context, "si", f"passlens.session {code}") == ["sign-in", "deny", "expire"]


def test_a_session_is_signed_in_denied_and_ended(context: Any, caplog: pytest.LogCaptureFixture) -> None:
    code, run = begun(context), context.master.commands.execute
    with caplog.at_level(logging.INFO):
        for action in ("sign-in", "deny", "expire"):
            run(f"passlens.session {code} {action}")
    said = [message for message in caplog.messages if "the session" in message]
    assert said == [f"passlens: the session {code} is {state}." for state in ("authenticated", "denied", "over")]
    assert run("passlens.session.list") == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("NOSUCH1 deny", "There is no virtual session with the code 'NOSUCH1'; none is open."),
        ("NOSUCH1 denny", "'denny' is nothing to do to a session; did you mean deny?"),
    ],
)
def test_a_mistake_about_a_session_is_a_sentence(context: Any, words: str, says: str) -> None:
    with pytest.raises(exceptions.CommandError, match=re.escape(says)):
        context.master.commands.execute(f"passlens.session {words}")
