"""The control API as the addon has it: its option, its sinks, its server, its file, its end."""

import logging
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from mitmproxy.options import Options
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from passlens.control import guard, runtime_file
from passlens.control.connection import HOST, PORT, TOKEN
from passlens.control.events import Events
from passlens.control.server import ControlServer
from passlens.control.service import Service
from passlens.proxy.sinks import Sinks
from passlens.util.address import bracketed
from passlens.util.local_address import default_address

logger = logging.getLogger(__name__)

MIN_TOKEN: Final = 16
"""Characters of a token that is given."""

TOKEN_BYTES: Final = 24
"""Random bytes of a token that is made up: more than anybody guesses, and short enough for a line and a QR code."""

NETWORK: Final = "lan"
"""In place of a host: this machine's address in the local network."""


def parse(value: str) -> tuple[str, int, bool] | None:
    """Host, port, and whether another port will do; None for no control API. Raises ValueError with a sentence."""
    if value in ("", "false"):
        return None
    if value == "true":
        return HOST, PORT, True
    if value == NETWORK:
        return _network_address(), PORT, True
    host, colon, port = value.rpartition(":")
    host = host.strip("[]") if colon else HOST
    if not (port.isascii() and port.isdigit() and int(port[:6]) <= 65535):
        raise ValueError(
            f"passlens_control is {value!r}, expected true, false, a port, HOST:PORT, {NETWORK} or {NETWORK}:PORT."
        )
    if host == NETWORK:
        return _network_address(), int(port), False
    try:
        host = HOST if host == "localhost" else str(ip_address(host))
    except ValueError:
        raise ValueError(f"passlens_control names {host!r}, expected an address of this machine.") from None
    return host, int(port), False


def _network_address() -> str:
    found = default_address()
    if found is None:
        raise ValueError(
            "This machine has no address in a local network; join one, or leave the panel on this machine."
        )
    return found


def proxy_ports(options: Options) -> set[int]:
    """The ports that the proxy is about to take, later than the control API takes its own."""
    ports = (ProxyMode.parse(mode).listen_port(options.listen_port) for mode in options.mode)
    return {port for port in ports if port}


class Control:
    """At most one server. Without the option there is no sink, and nothing costs."""

    def __init__(self, service: Service, sinks: Sinks) -> None:
        self._service, self._sinks = service, sinks
        self._events = Events(service.journal, service.shown_address)
        self._token = secrets.token_urlsafe(TOKEN_BYTES)
        self._wanted: tuple[str, int, bool] | None = None
        self._server: ControlServer | None = None
        self._file: Path | None = None
        self.address: runtime_file.Address | None = None
        """Where it listens, while it does."""

    def configure(self, value: str, running: bool, taken: Collection[int] = ()) -> None:
        """Take the address of the option, on none of the ports that are ``taken`` by the proxy; ValueError with a
        sentence where that cannot be. Before it runs it can be told again, as more options come."""
        wanted = parse(value)
        clash = not running and self._server is not None and self._server.port in taken
        if wanted == self._wanted and not clash:
            return  # mitmproxy hands the old value in again after it has refused a new one
        token = os.environ.get(TOKEN) or self._token
        if wanted is not None and (len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable()):
            words = f"{TOKEN} is too short or holds signs that no header takes"
            raise ValueError(f"{words}; give {MIN_TOKEN} or more letters and digits.")
        if wanted is None:
            self.close()
            return
        if self._server is not None and self._server.port == wanted[1]:
            self.close()
        server = self._bound(*wanted, token, taken)
        self.close()
        self._server, self._wanted = server, wanted
        self._sinks.add(self._service.journal)
        self._sinks.add(self._events)
        if running:
            self.start()

    def _bound(self, host: str, port: int, other: bool, token: str, taken: Collection[int]) -> ControlServer:
        server = ControlServer(self._service, self._events, token)
        if port in taken:
            if not other:
                raise ValueError(
                    f"The proxy has port {port}; name another one for the control API, or 0 for a free one."
                )
            port = 0
        try:
            server.bind(host, port)
        except OSError as error:
            if not other:
                words = f"The control API cannot listen at {host} port {port} ({error.strerror or error})"
                raise ValueError(f"{words}; name another port, or 0 for a free one.") from None
            server.bind(host, 0)
        return server

    def start(self) -> None:
        """Answer, from a running loop; write the file with address and token."""
        if self._server is None:
            return
        self._server.start()
        self.address = address = runtime_file.Address(self._server.host, self._server.port, self._server.token)
        try:
            self._file = runtime_file.write(address, runtime_file.folder())
        except OSError as error:
            logger.warning(
                "passlens: the file for passlens ctl cannot be written (%s); set %s on both sides instead.",
                error.strerror or error,
                TOKEN,
            )
        # After the file is there: whoever waits for this line may look for it.
        logger.info("passlens: the control API listens at http://%s:%d (passlens ctl finds it).",
                    bracketed(address.host), address.port)  # fmt: skip

    def refuse(self, data: ServerConnectionHookData) -> None:
        """Keep what comes through the proxy away from the API."""
        if self._server is not None:
            guard.refuse(data, self._server.host, self._server.port)

    def close(self) -> None:
        """End the server and take its file away."""
        self.address, self._wanted = None, None
        if self._file is not None:
            with suppress(OSError):
                self._file.unlink()
            self._file = None
        if self._server is not None:
            self._service.journal.closed()
            self._events.closed()
            self._server.stop()
            self._sinks.remove(self._service.journal)
            self._sinks.remove(self._events)
            self._server = None
