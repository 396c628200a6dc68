"""The mitmproxy addon: its options and hooks, and what each of them sets going. Looking (proxy/inspector.py) never
touches traffic; scenarios and the sandbox, which do, are in proxy/injector.py, and commands in control/commands.py."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable
from typing import TextIO

from mitmproxy import connection, ctx, dns, exceptions, http, tcp, tls, udp
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy import server_hooks

from passlens.control.commands import PromptCommands
from passlens.control.control import Control, proxy_ports
from passlens.control.panel.address import is_for_others, panel_url
from passlens.control.service import Service
from passlens.device.qr_code import qr_lines
from passlens.proxy import (
    banner,
    clock_formatter,
    content_view,
    flow_edits,
    hang_up,
    header_guard,
    listening,
    log_filter,
    status,
    web_guard,
)
from passlens.proxy.hosts import Hosts, options_hide, parse_hosts
from passlens.proxy.injector import Injector
from passlens.proxy.inspector import Inspector
from passlens.proxy.late_hook import LateHook
from passlens.proxy.link_sink import LinkSink
from passlens.proxy.offline import Offline
from passlens.proxy.options import OPTIONS, parse_choice, parse_flag, unknown
from passlens.proxy.periodic import Look, look_on
from passlens.proxy.record_sink import RecordSink
from passlens.proxy.scenario_switch import ScenarioSwitch
from passlens.proxy.terminal_sink import has_terminal
from passlens.proxy.world_switch import WorldSwitch
from passlens.rest_v2.operations import HOSTS
from passlens.runner.report_sink import ReportSink
from passlens.util.terminal import width
from passlens.util.text import escape_controls, escape_lines

logger = logging.getLogger(__name__)


def _flush() -> None:
    if sys.stderr is not None:  # None where the shell has closed it
        sys.stderr.flush()


class Sessions:
    """Sees, checks and explains the traffic of the operations; everything else costs one look at its path."""

    def __init__(self) -> None:
        self._running = False
        self._last_error = ""
        self._injector = Injector()
        self._inspector = Inspector(self._injector.scenarios)
        self._switch = ScenarioSwitch(self._injector, self._inspector.sinks.scenario, self._inspector.ran)
        self._world, self._offline = WorldSwitch(self._injector), Offline()
        self._late = LateHook(self.act)
        self._hosts = Hosts()
        self._links = LinkSink(self._inspector.sinks, self._hosts)
        self._record, self._reports = RecordSink(), ReportSink(lambda: self._inspector.reveal)
        self._inspector.sinks.add(self._record)
        self._inspector.sinks.add(self._reports)
        self._welcome: asyncio.Task[None] | None = None
        links = self._links.state
        self._service = Service(self._inspector, self._injector, self._switch, links, self._hosts, self._place)
        self._control = Control(self._service, self._inspector.sinks)
        self._commands = PromptCommands(self._inspector, self._injector, self._switch, links, self._service)
        self._watch: asyncio.Task[None] | None = None

    # ---- options and life

    def load(self, loader: Loader) -> None:
        if log_filter.is_own_process():
            log_filter.install(lambda: self._inspector.reveal, lambda: has_terminal() and sys.stdout.isatty())
            clock_formatter.install()
        for option in OPTIONS:
            loader.add_option(option.name, str, option.default, option.help)
        loader.master.commands.collect_commands(self._commands)
        content_view.register(lambda: self._inspector.reveal)

    def configure(self, updated: set[str]) -> None:
        """Take over changed options. A mistake at the start is logged as an error, which ends mitmproxy with status
        1; a mistake while running is refused, and the old value stays."""
        try:
            self._configure(updated)
        except ValueError as error:
            # A rule file has a line for each of its mistakes.
            words = escape_lines(str(error))
            if self._running:
                raise exceptions.OptionsError(words) from error
            if words == self._last_error:
                return  # mitmproxy hands the options in one after the other
            self._last_error = words
            logger.error("passlens: %s", words)
            # mitmdump and mitmweb log to standard output; where that is no terminal, the reason must not get lost.
            if has_terminal() and not sys.stdout.isatty():
                print(f"passlens: {words}", file=sys.stderr, flush=True)

    def _configure(self, updated: set[str]) -> None:
        misspelt = unknown(list(ctx.options.deferred))
        if misspelt and not self._running:
            raise ValueError(misspelt)
        if "passlens_reveal" in updated:
            self._inspector.reveal = parse_flag("passlens_reveal", ctx.options.passlens_reveal)
            if self._inspector.reveal:
                logger.warning("passlens: passlens_reveal is on, tokens and identifiers are shown.")
        if "passlens_filter" in updated:
            self._inspector.look_at(ctx.options.passlens_filter)
        if "passlens_log" in updated:
            self._inspector.log.open(ctx.options.passlens_log)
        if "passlens_record" in updated:
            self._record.open(ctx.options.passlens_record, real=self._inspector.reveal)
        if "passlens_output" in updated:
            self._reports.open(ctx.options.passlens_output)
        self._configure_injector(updated)
        self._configure_hosts(updated)
        if {"passlens_control", "listen_port", "mode"} & updated:
            self._control.configure(ctx.options.passlens_control, self._running, proxy_ports(ctx.options))

    def _configure_injector(self, updated: set[str]) -> None:
        given, injector = ctx.options, self._injector
        if {"passlens_scenario", "passlens_rules"} & updated:
            self._switch.scenario(given.passlens_scenario, given.passlens_rules)
        if "passlens_sandbox" in updated:
            self._offline.turn(on=self._switch.sandbox(given.passlens_sandbox))
        if "passlens_world" in updated:
            self._world.play(given.passlens_world)
        if "passlens_sign_in" in updated:
            self._world.sign_in(parse_choice("passlens_sign_in", given.passlens_sign_in, ("at-once", "ask")))
        if "passlens_explain" in updated:
            injector.explaining = parse_flag("passlens_explain", given.passlens_explain)
        if "passlens_header" in updated:
            injector.header = parse_flag("passlens_header", given.passlens_header)
        if "passlens_rewrite_recordings" in updated:
            name = "passlens_rewrite_recordings"
            injector.rewriting_recordings = parse_flag(name, given.passlens_rewrite_recordings)
        self._place()

    def _place(self) -> None:
        """Stand among the addons, or aside, as there is something to act for."""
        if self._running:
            self._late.place(not self._injector.idle)

    def _configure_hosts(self, updated: set[str]) -> None:
        if {"passlens_hosts", "passlens_sandbox"} & updated:
            self._hosts.look_into(parse_hosts(ctx.options.passlens_hosts), self._injector.hosts or ())
        if {"ignore_hosts", "allow_hosts"} & updated and (words := options_hide(ctx.options)):
            logger.warning("passlens: %s", escape_controls(words))

    def running(self) -> None:
        self._running = True
        self._place()
        self._control.start()
        hang_up.watch(ctx.master.shutdown)
        loop = asyncio.get_running_loop()
        self._watch = loop.create_task(look_on(self._looks()))
        self._welcome = loop.create_task(self._say_start())
        gc.freeze()  # what is loaded stays: the collector need not go through it again and again

    async def _say_start(self) -> None:
        """As soon as the proxy can be reached, say where."""
        if not await listening.begun():
            return
        self._links.listening()
        if log_filter.is_own_process() and has_terminal():
            panel, code = self._panel(sys.stdout)
            sandbox = self._world.words() if self._injector.hosts is not None else None
            ports, columns = listening.addresses(), width(sys.stdout)
            rows = banner.lines(ctx.options, ports, self._hosts, width=columns, panel=panel, sandbox=sandbox)
            self._inspector.show([*rows, *code])

    def _panel(self, out: TextIO) -> tuple[list[str], list[str]]:
        """What is said of the panel, and its QR code where others can open it; the token on a terminal alone."""
        address = self._control.address
        if address is None:
            return [], []
        url = panel_url(address)
        if not out.isatty():
            return [f"{url.partition('#')[0]}   (passlens ctl panel, on a terminal, shows it with its token)"], []
        return ([url], ["", *qr_lines(url, out)]) if is_for_others(address) else ([url], [])

    def _looks(self) -> list[Look]:
        """What is looked at while it runs."""
        seen = self._inspector
        return [self._switch.refresh, self._world.refresh, self._links.look, seen.look, seen.screen.go_on, _flush]

    def done(self) -> None:
        content_view.unregister()
        for task in filter(None, (self._watch, self._welcome)):
            task.cancel()
        self._inspector.see_open()
        self._late.place(False)
        devices = status.devices(self._links.state, self._inspector.shown_address, only_waiting=True)
        tells = log_filter.is_own_process() and ctx.options.server
        self._inspector.close(self._injector.scenarios.never_matched(), devices if tells else ())
        self._control.close()

    # ---- flows

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self._links.asked(flow)
        may_stream = bool(ctx.options.stream_large_bodies or flow.request.stream)
        header_guard.request_headers(flow, may_stream=may_stream, stamps=self._injector.header)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        header_guard.response_headers(flow, stamps=self._injector.header)

    def request(self, flow: http.HTTPFlow) -> None:
        header_guard.request_trailers(flow, stamps=self._injector.header)
        if flow.live:
            if not header_guard.refused(flow):
                flow_edits.unmark(flow)
            self._inspector.began(flow)

    async def act(self, flow: http.HTTPFlow) -> None:
        """Let scenarios, virtual sessions and the sandbox have the request."""
        if not self._injector.idle and not header_guard.refused(flow) and self._inspector.wanted(flow):
            await self._injector.before(flow)

    def response(self, flow: http.HTTPFlow) -> Awaitable[None] | None:
        header_guard.response_trailers(flow, stamps=self._injector.header)
        if self._injector.concerns(flow):
            return self._act_and_see(flow)
        self._inspector.see(flow)
        return None

    async def _act_and_see(self, flow: http.HTTPFlow) -> None:
        self._inspector.see(flow, await self._injector.after(flow))

    def error(self, flow: http.HTTPFlow) -> None:
        self._injector.gone(flow)
        self._inspector.failed(flow)

    def http_connect_error(self, flow: http.HTTPFlow) -> None:
        """The tunnel to a server of the API could not be opened, so that no exchange will come; nobody else says so."""
        host, cause = flow.request.host.lower(), flow.server_conn.error
        if cause and host in HOSTS:
            logger.warning(
                "passlens: %s cannot be reached (%s); what the app wants from it fails.", host, escape_controls(cause)
            )

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Let TLS to hosts that nobody wants looked into pass unread."""
        self._links.greeted(data, ctx.options.allow_hosts)

    def http_connect(self, flow: http.HTTPFlow) -> None:
        self._links.asked(flow)

    def client_disconnected(self, client: connection.Client) -> None:
        self._links.left(client)

    def tls_failed_client(self, data: tls.TlsData) -> None:
        self._links.handshake_failed(data)

    def tls_established_client(self, data: tls.TlsData) -> None:
        self._links.handshake_done(data)

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        web_guard.refuse(data, ctx.options)
        self._control.refuse(data)

    def tcp_end(self, flow: tcp.TCPFlow) -> None:
        self._inspector.other(flow)

    def tcp_error(self, flow: tcp.TCPFlow) -> None:
        self._inspector.other(flow)

    def udp_end(self, flow: udp.UDPFlow) -> None:
        self._inspector.other(flow)

    def udp_error(self, flow: udp.UDPFlow) -> None:
        self._inspector.other(flow)

    def dns_response(self, flow: dns.DNSFlow) -> None:
        self._inspector.other(flow)

    def dns_error(self, flow: dns.DNSFlow) -> None:
        self._inspector.other(flow)
