"""The mitmproxy addon: its options, commands and hooks, and what each of them sets going.
Looking (live/looking.py) never touches traffic; scenarios and the sandbox, which do, are in live/acting.py."""

import asyncio
import logging
import sys
from collections.abc import Awaitable
from typing import Final

from mitmproxy import command, ctx, dns, exceptions, http, tcp, udp
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import server_hooks

from passlens.live import onflow, web_guard
from passlens.live.acting import Acting
from passlens.live.looking import Looking, has_terminal
from passlens.live.options import OPTIONS, parse_choice, parse_flag, unknown
from passlens.live.switching import Switch
from passlens.reports.words import safe
from passlens.spec.operations import HOSTS
from passlens.verdict import fault

logger = logging.getLogger(__name__)

_LOOK: Final = 0.5
"""Seconds between two looks whether a rule file has changed."""

_OFFLINE: Final = {"connection_strategy": "lazy", "upstream_cert": False}
"""Options of mitmproxy under which nothing connects to a server before it has to."""


class Late:
    """Stands last among mitmproxy's addons, so that answers of server replay and map_local are known by then; and only
    while there is something to act for, because every addon costs at every event."""

    name = "passlens-late"

    def __init__(self, sessions: "Sessions") -> None:
        self._sessions = sessions

    async def request(self, flow: http.HTTPFlow) -> None:
        await self._sessions.act(flow)


def _place_late(late: Late, wanted: bool) -> None:
    addons = ctx.master.addons
    if wanted and addons.get(Late.name) is None:
        addons.add(late)
    elif not wanted and addons.get(Late.name) is not None:
        addons.remove(late)


class Sessions:
    """Sees, checks and explains the traffic of the 15 operations; everything else costs one look at its path."""

    def __init__(self) -> None:
        self._running = False
        self._looking = Looking()
        self._acting = Acting()
        self._switch = Switch(self._acting)
        self._late = Late(self)
        self._watch: asyncio.Task[None] | None = None
        self._online: dict[str, object] = {}

    # ---- options and life

    def load(self, loader: Loader) -> None:
        for option in OPTIONS:
            loader.add_option(option.name, str, option.default, option.help)

    def configure(self, updated: set[str]) -> None:
        """Take over changed options. A mistake at the start is logged as an error, which ends mitmproxy with status
        1; a mistake while running is refused, and the old value stays."""
        try:
            self._configure(updated)
        except ValueError as error:
            words = safe(str(error))
            if self._running:
                raise exceptions.OptionsError(words) from error
            logger.error("passlens: %s", words)
            # mitmdump and mitmweb log to standard output; where that is no terminal, the reason must not get lost.
            if has_terminal() and not sys.stdout.isatty():
                print(f"passlens: {words}", file=sys.stderr, flush=True)

    def _configure(self, updated: set[str]) -> None:
        misspelt = unknown(list(ctx.options.deferred))
        if misspelt and not self._running:
            raise ValueError(misspelt)
        if "passlens_reveal" in updated:
            self._looking.reveal = parse_flag("passlens_reveal", ctx.options.passlens_reveal)
            if self._looking.reveal:
                logger.warning("passlens: passlens_reveal is on, tokens and identifiers are shown.")
        if "passlens_filter" in updated:
            self._looking.look_at(ctx.options.passlens_filter)
        if "passlens_log" in updated:
            self._looking.log_to(ctx.options.passlens_log)
        self._configure_acting(updated)

    def _configure_acting(self, updated: set[str]) -> None:
        given, acting = ctx.options, self._acting
        if {"passlens_scenario", "passlens_rules"} & updated:
            self._switch.scenario(given.passlens_scenario, given.passlens_rules)
        if "passlens_sandbox" in updated:
            self._go_offline(self._switch.sandbox(given.passlens_sandbox))
        if "passlens_sign_in" in updated:
            choice = parse_choice("passlens_sign_in", given.passlens_sign_in, ("at-once", "ask"))
            acting.api.interactive = choice == "ask"
        if "passlens_explain" in updated:
            acting.explaining = parse_flag("passlens_explain", given.passlens_explain)
        if "passlens_header" in updated:
            acting.header = parse_flag("passlens_header", given.passlens_header)
        if "passlens_rewrite_recordings" in updated:
            name = "passlens_rewrite_recordings"
            acting.rewriting_recordings = parse_flag(name, given.passlens_rewrite_recordings)
        if self._running:
            _place_late(self._late, not acting.idle)

    def _go_offline(self, offline: bool) -> None:
        """mitmproxy connects to the server at once and copies its certificate; the sandbox has no server."""
        if offline and not self._online:
            self._online = {name: getattr(ctx.options, name) for name in _OFFLINE}
            ctx.options.update(**_OFFLINE)
        elif not offline and self._online:
            ctx.options.update(**self._online)
            self._online = {}

    def running(self) -> None:
        self._running = True
        _place_late(self._late, not self._acting.idle)
        self._watch = asyncio.get_running_loop().create_task(self._watch_rules())

    async def _watch_rules(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            try:
                self._switch.refresh()
            except Exception as error:
                logger.warning("passlens: the rule file could not be looked at (%s).", fault(error))
            self._looking.screen.go_on()

    def done(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._looking.see_open()
        _place_late(self._late, False)
        self._looking.close(self._acting.never_matched())

    # ---- flows

    def request(self, flow: http.HTTPFlow) -> None:
        if flow.live:
            onflow.unmark(flow)
            self._looking.began(flow)

    async def act(self, flow: http.HTTPFlow) -> None:
        """Let scenarios, virtual sessions and the sandbox have the request."""
        if not self._acting.idle and self._looking.wanted(flow):
            await self._acting.before(flow)

    def response(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        if self._acting.concerns(flow):
            return self._act_and_see(flow)
        self._looking.see(flow)
        return None

    async def _act_and_see(self, flow: http.HTTPFlow) -> None:
        self._looking.see(flow, await self._acting.after(flow))

    def error(self, flow: http.HTTPFlow) -> None:
        self._acting.gone(flow)
        self._looking.failed(flow)

    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """The tunnel to a server of the API could not be opened, so that no exchange will come; nobody else says so."""
        host, cause = flow.request.host.lower(), flow.server_conn.error
        if cause and host in HOSTS:
            logger.warning("passlens: %s cannot be reached (%s); what the app wants from it fails.", host, safe(cause))

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        web_guard.refuse(data, ctx.options)

    def tcp_end(self, flow: tcp.TCPFlow) -> None:
        self._looking.other()

    def tcp_error(self, flow: tcp.TCPFlow) -> None:
        self._looking.other()

    def udp_end(self, flow: udp.UDPFlow) -> None:
        self._looking.other()

    def udp_error(self, flow: udp.UDPFlow) -> None:
        self._looking.other()

    def dns_response(self, flow: dns.DNSFlow) -> None:
        self._looking.other()

    def dns_error(self, flow: dns.DNSFlow) -> None:
        self._looking.other()

    # ---- commands

    @command.command("passlens.status")
    def status(self) -> str:
        """Show what passlens has seen so far: exchanges, outcomes, findings."""
        return "\n".join([*self._looking.status(), *self._acting.status()])

    @command.command("passlens.scenario")
    def scenario(self, name: str) -> None:
        """Run a scenario from now on, by its name or path."""
        self._set_scenario(name)

    @command.command("passlens.scenario.off")
    def scenario_off(self) -> None:
        """Run no scenario from now on; virtual sessions stay."""
        self._set_scenario("")

    def _set_scenario(self, name: str) -> None:
        try:
            ctx.options.update(passlens_scenario=name)
        except exceptions.OptionsError as error:
            # The prompts of mitmproxy show the one and end at the other.
            raise exceptions.CommandError(str(error)) from error

    @command.command("passlens.reset")
    def reset(self) -> None:
        """Start counting anew; forget states, counters and virtual sessions."""
        self._looking.reset()
        self._acting.forget()
