"""The mitmproxy addon: judges each exchange with an operation, prints and logs it, annotates its flow.
Looking never touches traffic; scenarios and the sandbox, which do, are in acting.py."""

import asyncio
import logging
import sys
from typing import Final
from weakref import WeakSet

from mitmproxy import command, ctx, dns, exceptions, flowfilter, hooks, http, tcp, udp
from mitmproxy import flow as mitm
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import server_hooks

from passlens.flows import from_flow, is_operation
from passlens.live import onflow, web_guard
from passlens.live.acting import Acting
from passlens.live.annotate import annotate, worst_of
from passlens.live.logfile import LogFile
from passlens.live.options import OPTIONS, parse_choice, parse_flag, unknown
from passlens.live.screen import Screen
from passlens.live.switching import Switch
from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.reports.text import block, summary
from passlens.reports.words import plural, safe
from passlens.spec.operations import HOSTS
from passlens.terminal import takes_colour, width
from passlens.verdict import Entry, fault, judge

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
        self._tally = Tally()
        self._flows = 0
        self._open: WeakSet[http.HTTPFlow] = WeakSet()
        self._seen: WeakSet[http.HTTPFlow] = WeakSet()
        self._log: LogFile | None = None
        self._filter: flowfilter.TFilter | None = None
        self._reveal = False
        self._running = False
        self._screen = Screen()
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
            if _has_terminal() and not sys.stdout.isatty():
                print(f"passlens: {words}", file=sys.stderr, flush=True)

    def _configure(self, updated: set[str]) -> None:
        misspelt = unknown(list(ctx.options.deferred))
        if misspelt and not self._running:
            raise ValueError(misspelt)
        if "passlens_reveal" in updated:
            self._reveal = parse_flag("passlens_reveal", ctx.options.passlens_reveal)
            if self._reveal:
                logger.warning("passlens: passlens_reveal is on, tokens and identifiers are shown.")
        if "passlens_filter" in updated:
            self._filter = _parse_filter(ctx.options.passlens_filter)
        if "passlens_log" in updated:
            self._open_log(ctx.options.passlens_log)
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

    def _open_log(self, path: str) -> None:
        try:
            log = LogFile(path) if path else None
        except OSError as error:
            raise ValueError(
                f"cannot open the log {path}: {error.strerror}; name a file that can be written."
            ) from error
        if self._log is not None:
            self._log.close()
        self._log = log

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
            self._screen.go_on()

    def done(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._see_open()
        _place_late(self._late, False)
        if self._tally.exchanges:
            self._screen.show(summary(self._tally, colour=takes_colour(sys.stdout)))
            never = self._acting.never_matched()
            if never:
                self._screen.show(f"never matched: {safe(', '.join(never))}")
        self._screen.close()
        if self._log is not None:
            if self._log.lost:
                logger.error("passlens: %s missing from the log.", plural(self._log.lost, "line"))
            self._log.close()
            self._log = None

    # ---- flows

    def request(self, flow: http.HTTPFlow) -> None:
        if flow.live:
            onflow.unmark(flow)
            self._open.add(flow)
            self._seen.discard(flow)

    async def act(self, flow: http.HTTPFlow) -> None:
        """Let scenarios, virtual sessions and the sandbox have the request."""
        if not self._acting.idle and self._wanted(flow):
            await self._acting.before(flow)

    async def response(self, flow: http.HTTPFlow) -> None:
        await self._acting.after(flow)
        self._see(flow)

    def error(self, flow: http.HTTPFlow) -> None:
        self._acting.gone(flow)
        # A recorded answer that was cut comes as an answer first and as an error then.
        if flow not in self._seen:
            self._see(flow)

    def _see_open(self) -> None:
        """At the end, have a look at the requests that are still without an answer: often they are why it ends."""
        for flow in sorted(self._open, key=lambda flow: flow.request.timestamp_start):
            if flow.response is None and flow.error is None:
                flow.error = mitm.Error("the proxy was ended while the answer was awaited")
            self._see(flow)

    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """The tunnel to a server of the API could not be opened, so that no exchange will come; nobody else says so."""
        host, cause = flow.request.host.lower(), flow.server_conn.error
        if cause and host in HOSTS:
            logger.warning("passlens: %s cannot be reached (%s); what the app wants from it fails.", host, safe(cause))

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        web_guard.refuse(data, ctx.options)

    def tcp_end(self, flow: tcp.TCPFlow) -> None:
        self._other()

    def tcp_error(self, flow: tcp.TCPFlow) -> None:
        self._other()

    def udp_end(self, flow: udp.UDPFlow) -> None:
        self._other()

    def udp_error(self, flow: udp.UDPFlow) -> None:
        self._other()

    def dns_response(self, flow: dns.DNSFlow) -> None:
        self._other()

    def dns_error(self, flow: dns.DNSFlow) -> None:
        self._other()

    def _other(self) -> None:
        self._flows += 1
        self._tally.other_flows += 1

    def _see(self, flow: http.HTTPFlow) -> None:
        self._open.discard(flow)
        self._seen.add(flow)
        index = self._flows
        self._flows += 1
        if not is_operation(flow) or not self._wanted(flow):
            self._tally.other_flows += 1
            return
        try:
            entry = judge(from_flow(flow, index), reveal=self._reveal)
        except Exception as error:
            # Whatever went wrong is a fault of passlens; the flow goes on unharmed.
            words = "passlens: an exchange could not be judged (%s); the flow is not touched."
            logger.warning(words, fault(error))
            self._tally.unreadable += 1
            return
        self._tally.add(entry)
        self._write(entry)
        text = block(entry)
        self._show(entry, text, live=flow.live)
        annotate(flow, entry, text)
        if ctx.master.addons.get("view") is not None:
            ctx.master.addons.trigger(hooks.UpdateHook([flow]))

    def _wanted(self, flow: http.HTTPFlow) -> bool:
        return self._filter is None or bool(self._filter(flow))

    # ---- outputs

    def _write(self, entry: Entry) -> None:
        problem = self._log.write(line(entry)) if self._log is not None else None
        if problem is not None:
            logger.error("passlens: %s.", problem)

    def _show(self, entry: Entry, text: str, *, live: bool) -> None:
        if _has_terminal():
            colour, columns = takes_colour(sys.stdout), width(sys.stdout)
            shown = block(entry, colour=colour, width=columns) if colour or columns is not None else text
            # A file that is read can wait for its reader.
            self._screen.show(shown + "\n", wait=not live)
        else:
            worst = worst_of(entry)
            words = f"passlens: {entry['operation']} {entry['outcome'] or entry['error'] or entry['status']}"
            logger.log(logging.WARNING if worst in ("error", "warning") else logging.INFO, "%s", safe(words))

    # ---- commands

    @command.command("passlens.status")
    def status(self) -> str:
        """Show what passlens has seen so far: exchanges, outcomes, findings."""
        log = f"log {self._log.path}" if self._log is not None else "no log"
        lines = [summary(self._tally), f"{log}, {'revealing' if self._reveal else 'redacting'}", *self._acting.status()]
        return "\n".join(lines)

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
        self._tally = Tally()
        self._flows = 0
        self._acting.forget()


def _parse_filter(expression: str) -> flowfilter.TFilter | None:
    if not expression:
        return None
    try:
        return flowfilter.parse(expression)
    except ValueError as error:
        words = f"passlens_filter is {expression!r}, which is no filter expression of mitmproxy"
        raise ValueError(f"{words}; see its documentation on filter expressions.") from error


def _has_terminal() -> bool:
    """False in the console interface, whose screen a print would break."""
    return ctx.master.addons.get("termlog") is not None
