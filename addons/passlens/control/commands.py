"""The commands of mitmproxy's prompt: what the control API does, by name. What a command did is said as an alert, which
the prompts show."""

import logging
from collections.abc import Sequence

from mitmproxy import command, ctx, exceptions
from mitmproxy.log import ALERT

from passlens.control.models import SessionBody
from passlens.control.service import Service
from passlens.proxy import status
from passlens.proxy.command_types import SCENARIOS, SESSIONS, ScenarioName, SessionActionName, SessionCode
from passlens.proxy.injector import Injector
from passlens.proxy.inspector import Inspector
from passlens.proxy.link_state import LinkState
from passlens.proxy.scenario_switch import ScenarioSwitch
from passlens.sandbox.session_actions import ACTIONS
from passlens.scenarios.nearest import nearest_question
from passlens.util.text import escape_controls

logger = logging.getLogger(__name__)


class PromptCommands:
    """What can be typed at the prompt of mitmproxy and mitmweb."""

    def __init__(
        self, inspector: Inspector, injector: Injector, switch: ScenarioSwitch, links: LinkState, service: Service
    ) -> None:
        self._inspector, self._injector, self._switch = inspector, injector, switch
        self._links, self._service = links, service

    @command.command("passlens.status")
    def status(self) -> str:
        """Show what passlens has seen so far: exchanges, outcomes, findings, devices."""
        devices = status.devices(self._links, self._inspector.shown_address)
        return "\n".join([*self._inspector.status(), *status.lines(self._injector), *devices])

    @command.command("passlens.scenario")
    def scenario(self, name: ScenarioName) -> None:
        """Run a scenario from now on, by its name or path."""
        self._set_scenario(name)

    @command.command(SCENARIOS)
    def scenario_list(self) -> Sequence[str]:
        """List the scenarios that passlens.scenario can run, by name."""
        return self._switch.names(ctx.options.passlens_rules)

    @command.command("passlens.scenario.off")
    def scenario_off(self) -> None:
        """Run no scenario from now on; virtual sessions stay."""
        if not self._injector.scenarios:
            logger.log(ALERT, "passlens: no scenario was on.")
        self._set_scenario("")

    def _set_scenario(self, name: str) -> None:
        try:
            if name:
                self._switch.read_again(name)
            ctx.options.update(passlens_scenario=name)
        except (ValueError, exceptions.OptionsError) as error:
            # The prompts of mitmproxy show the one and end at the other.
            raise exceptions.CommandError(str(error)) from error

    @command.command("passlens.session")
    def session(self, code: SessionCode, action: SessionActionName) -> None:
        """Sign in to a virtual session (sign-in), deny it (deny), or let it expire (expire), by its code."""
        if action not in ACTIONS:
            words = nearest_question(action, ACTIONS)
            raise exceptions.CommandError(f"{action!r} is nothing to do to a session; {words}")
        try:
            done = self._service.session(code, SessionBody.model_validate({"action": action}))["sessions"]
        except (LookupError, ValueError) as error:
            raise exceptions.CommandError(str(error.args[0] if error.args else error)) from error
        for one in done:
            state = "over" if action == "expire" else one["state"]
            logger.log(ALERT, "passlens: the session %s is %s.", escape_controls(code), state)

    @command.command(SESSIONS)
    def session_list(self) -> Sequence[str]:
        """List the codes of virtual sessions that passlens.session can act on."""
        return [one["code"] for one in self._service.sessions()["sessions"] if one["code"]]

    @command.command("passlens.reset")
    def reset(self) -> None:
        """Start counting anew; forget states, counters, virtual sessions, and entries of the control API."""
        self._service.reset()
        logger.log(ALERT, "passlens: counts, states and virtual sessions are forgotten.")
