"""The control API over HTTP, on tornado, in the proxy's own event loop: its socket and its bounds."""

import asyncio
import re
import socket
from contextlib import suppress
from typing import Any, Final

from tornado import iostream, web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from passlens.control.calls import CALLS
from passlens.control.events import Events
from passlens.control.handler import OPENAPI, ApiHandler
from passlens.control.panel import page as panel
from passlens.control.service import Service

MAX_BODY: Final = 1_000_000
MAX_CONNECTIONS: Final = 400
IDLE: Final = 60
"""Seconds that a connection may be idle."""


class ControlServer:
    """The server on one address. ``open`` raises OSError."""

    def __init__(self, service: Service, events: Events, token: str) -> None:
        self.service, self.events, self.token = service, events, token
        self.host, self.port = "", 0
        self.saving = asyncio.Lock()
        self.stopped = False
        self._sockets: list[socket.socket] = []
        self._http: HTTPServer | None = None

    def bind(self, host: str, port: int) -> None:
        """Take the address; 0 for a free port. Nothing is answered before ``start``."""
        self._sockets = bind_sockets(port, host, reuse_port=False)
        self.host, self.port = host, int(self._sockets[0].getsockname()[1])

    def start(self) -> None:
        """Answer from now on, in the running loop."""
        paths = dict.fromkeys(call.path for call in CALLS)
        routes: list[Any] = [(_pattern(path), ApiHandler, {"server": self, "path": path}) for path in paths]
        routes += [(re.escape(path), ApiHandler, {"server": self, "path": path}) for path in (OPENAPI, *panel.files())]
        routes.append((r".*", ApiHandler, {"server": self, "path": None}))
        application = web.Application(routes, log_function=lambda handler: None)
        self._http = _BoundedServer(
            application,
            max_body_size=MAX_BODY,
            max_buffer_size=2 * MAX_BODY,
            max_header_size=16_000,
            idle_connection_timeout=IDLE,
            body_timeout=IDLE,
        )
        self._http.add_sockets(self._sockets)

    def stop(self) -> None:
        """Answer no more, not on connections that are open either; what waits is answered before that."""
        self.stopped = True
        if self._http is not None:
            self._http.stop()
            self._http.conn_params.no_keep_alive = True  # a connection that is open ends with its next answer
        for one in self._sockets:
            with suppress(OSError):
                one.close()
        self._sockets = []


class _BoundedServer(HTTPServer):
    """Takes so many connections at most; one more is closed at once."""

    def handle_stream(self, stream: iostream.IOStream, address: tuple[Any, ...]) -> None:
        if len(self._connections) >= MAX_CONNECTIONS:
            stream.close()
            return
        super().handle_stream(stream, address)


def _pattern(path: str) -> str:
    return re.escape(path).replace(r"\{code\}", r"([^/]+)")
