"""A proxy with the addon whose upstream, client or surroundings fail: a stage that the tests of faults share.
Each exchange carries a marker in its path, by which it is found on every side."""

import itertools
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import h2.connection
import h2.events

from support.api import Api
from support.clients import Headers, Http1Client, Http2Client, trusting
from support.device import SP, Device
from support.http1_server import reset_socket
from support.proxy import Proxy
from support.reply import How, Received, Reply
from support.stage import Entry, Remote, entries_of

WAYS = ("plain", "TLS", "HTTP/2")
PATIENCE = 60.0
PATH = f"/api/v2/{SP}/profiles"


def wait_until(true: Callable[[], object], what: str) -> None:
    """Wait for something to become true; fail with ``what`` if it does not in time."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.01)


class TroubledApi(Api):
    """The server of the API; to a request with a marker it behaves as ``trouble`` says, ``more`` bytes are added."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble: dict[str, How] = {}
        self.delays: dict[str, float] = {}
        self.more = b""

    def choose(self, request: Received) -> Reply:
        """The right answer, in the way that was asked for."""
        marker = marker_of(request.target)
        reply = super().choose(request)
        return replace(
            reply,
            how=self.trouble.get(marker, "plain"),
            delay=self.delays.get(marker, 0.0),
            body=reply.body + self.more,
        )

    def has(self, marker: str) -> int:
        """How many requests with this marker have come."""
        return sum(marker_of(request.target) == marker for request in list(self.received))


def marker_of(path: str) -> str:
    """The marker in a path or in a logged path."""
    return path.partition("?")[2].partition("=")[0]


@dataclass
class ReadError:
    """The stage: ``rules`` is the folder of rule files, ``log`` the log."""

    proxy: Proxy
    api: TroubledApi
    remote: Remote
    log: Path
    rules: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def marker(self) -> str:
        """A new one."""
        return f"m{next(self._numbers)}"

    def client(self, way: str, timeout: float = PATIENCE) -> Any:
        """A client on a connection of its own."""
        if way == "HTTP/2":
            return Http2Client(self.proxy.port, self.proxy.ca, timeout=timeout)
        return Http1Client(self.proxy.port, self.proxy.ca if way == "TLS" else None, timeout=timeout)

    def entries(self, marker: str) -> list[Entry]:
        """What the log has about an exchange."""
        return [entry for entry in entries_of(self.log) if marker_of(entry["path"]) == marker]

    def entry(self, marker: str) -> Entry:
        """The one line that the log has about an exchange, once it is there."""
        wait_until(lambda: self.entries(marker), f"a line about {marker}")
        (entry,) = self.entries(marker)
        return entry

    def goes_on(self, way: str = "TLS", client: Any = None) -> None:
        """Another exchange is answered and judged, on this client or a new one."""
        marker = self.marker()
        if client is None:
            with self.client(way) as new:
                got = Device(new).get(f"{PATH}?{marker}=")
        else:
            got = Device(client).get(f"{PATH}?{marker}=")
        assert (got.status, list(json.loads(got.body))) == (200, ["profiles"])
        entry = self.entry(marker)
        assert (entry["operation"], entry["status"], entry["findings"]) == ("retrieve-profiles", 200, [])

    @contextmanager
    def behind(self, port: int) -> Iterator[None]:
        """Connections go to this port of loopback."""
        assert self.remote.set(f"upstream_tls={port}") == ""
        assert self.remote.set(f"upstream_plain={port}") == ""
        try:
            yield
        finally:
            self.remote.set(f"upstream_tls={self.api.tls_port}")
            self.remote.set(f"upstream_plain={self.api.plain_port}")

    @contextmanager
    def scenario(self, name: str, text: str) -> Iterator[Path]:
        """A rule file is written and switched on; then off, and everything made up is forgotten."""
        path = self.rules / f"{name}.yaml"
        path.write_text(text)
        self.remote.run(f"passlens.scenario {name}")
        try:
            yield path
        finally:
            self.remote.run("passlens.scenario.off")
            self.remote.run("passlens.reset")


@contextmanager
def rude(then: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port whose every connection is treated by ``then`` and closed."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(PATIENCE)
                    then(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)


class RawHttp2(Http1Client):
    """One HTTP/2 connection whose frames a test sends one by one."""

    def _tunnel(self, ca: Path) -> None:
        super()._tunnel(ca)
        self.h2 = h2.connection.H2Connection()
        self.h2.initiate_connection()
        self.flush()

    def _context(self, ca: Path) -> ssl.SSLContext:
        return trusting(ca, "h2")

    def flush(self) -> None:
        """Send what is to be sent."""
        self.socket.sendall(self.h2.data_to_send())

    def head(self, method: str, path: str, headers: Headers, *, ends: bool) -> int:
        """Send the headers of a request; its stream."""
        stream = self.h2.get_next_available_stream_id()
        fields = [(":method", method), (":scheme", "https"), (":authority", self.host), (":path", path)]
        self.h2.send_headers(stream, [*fields, *((name.lower(), value) for name, value in headers)], end_stream=ends)
        self.flush()
        return stream

    def wait_for_data(self) -> None:
        """Read until a body has begun to come."""
        while not any(
            isinstance(event, h2.events.DataReceived) for event in self.h2.receive_data(self.socket.recv(1 << 14))
        ):
            pass


def leave(client: Http1Client, how: str) -> None:
    """The client closes its connection, or resets it."""
    if how == "resets":
        reset_socket(client.socket)
        client.socket.close()
    else:
        client.close()
