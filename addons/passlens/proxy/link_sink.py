"""Feeds the table of devices from what mitmproxy tells of its clients, and hands what is new to the sinks."""

import time
from collections.abc import Sequence
from typing import Final

from mitmproxy import connection, http, tls

from passlens.analysis.entry import Entry
from passlens.proxy.hosts import Hosts
from passlens.proxy.link_state import DeviceEvent, LinkState
from passlens.proxy.sinks import Sink, Sinks
from passlens.proxy.tls_alert import refusal

DOCTOR: Final = "passlens doctor"
"""The User-Agent by which ``passlens doctor`` asks."""


class LinkSink(Sink):
    """Keeps the link state; itself a sink, since exchanges are part of it."""

    def __init__(self, sinks: Sinks, hosts: Hosts) -> None:
        self.state = LinkState()
        self._sinks, self._hosts = sinks, hosts
        self._clients: dict[str, bool] = {}
        """Open connections that have asked for something, by their ids: whether they may be a device's."""
        sinks.add(self)

    def listening(self) -> None:
        """The proxy can be reached from now on."""
        self.state.started(time.time())

    def asked(self, flow: http.HTTPFlow) -> None:
        """A client asks for something, be it a tunnel: whoever only connects uses nothing."""
        client = flow.client_conn
        if client.id in self._clients or not flow.live:
            return
        self._clients[client.id] = flow.request.headers.get("User-Agent") != DOCTOR
        if self._is_device(client):
            self._tell(self.state.connected(client.peername[0], time.time()))

    def left(self, client: connection.Client) -> None:
        """A client has disconnected."""
        self._clients.pop(client.id, None)

    def _is_device(self, client: connection.Client) -> bool:
        """Whether it may be a device: the doctor tries everything itself, and is none."""
        return bool(client.peername) and self._clients.get(client.id, True)

    def greeted(self, data: tls.ClientHelloData, allow_hosts: Sequence[str]) -> None:
        """A client begins with TLS: let it pass unread, or look into it."""
        host = self._hosts.passed(data, allow_hosts)
        if host is None:
            return
        data.ignore_connection = True
        if self._is_device(data.context.client):
            self._tell(self.state.let_pass(data.context.client.peername[0], host, time.time()))

    def handshake_failed(self, data: tls.TlsData) -> None:
        """A client's TLS handshake with the proxy has failed."""
        client, found = data.context.client, refusal(data.conn.error)
        if found is None or not self._is_device(client):
            return
        address = data.context.server.address
        host = data.conn.sni or (address[0] if address else "the proxy")
        self._tell(self.state.refused(client.peername[0], str(host), found.alert, time.time()))

    def handshake_done(self, data: tls.TlsData) -> None:
        """A client's TLS handshake with the proxy has succeeded."""
        if self._is_device(data.context.client):
            self._tell(self.state.trusted(data.context.client.peername[0], time.time()))

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """A client has called the API."""
        if flow.live and self._is_device(flow.client_conn):
            key = entry["device"]["key"] if entry["device"] is not None else None
            self._tell(self.state.exchanged(flow.client_conn.peername[0], key, time.time()))

    def look(self) -> None:
        """Say what is missing where nothing has happened for a while."""
        self._tell(self.state.idle(time.time()))

    def _tell(self, events: Sequence[DeviceEvent]) -> None:
        for event in events:
            self._sinks.device(event)
