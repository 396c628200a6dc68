"""Clients for the end-to-end tests: HTTP/1.1 over a raw socket, which may send anything, and httpx with HTTP/2.
Both go through the proxy and trust its certificate authority; both give up after a time-out."""

import http.client
import io
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import wsproto
from wsproto.events import CloseConnection, Event, Request, TextMessage

from samples.case import HOST, Case

TIMEOUT = 15.0
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Got:
    """An answer as a client got it."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    version: str

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for have, value in self.headers if have.lower() == name.lower()), None)


def trusting(ca: Path, *protocols: str) -> ssl.SSLContext:
    """A client-side TLS context that trusts the proxy's CA alone."""
    context = ssl.create_default_context(cafile=str(ca))
    context.set_alpn_protocols(list(protocols))
    return context


class Http1Client:
    """One HTTP/1.1 connection through the proxy. With ``ca`` it is a TLS tunnel, else requests go in absolute form."""

    def __init__(self, port: int, ca: Path | None = None, host: str = HOST, timeout: float = TIMEOUT) -> None:
        self.host, self.tls = host, ca is not None
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout)
        try:
            if ca is not None:
                self._tunnel(ca)
        except BaseException:
            self.socket.close()
            raise

    def _tunnel(self, ca: Path) -> None:
        target = f"{self.host}:443"
        self.socket.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = self.socket.recv(1)
            if not piece:
                raise ConnectionError("the proxy closed the connection")
            head += piece
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(f"the proxy refused the tunnel: {head!r}")
        self.socket = self._context(ca).wrap_socket(self.socket, server_hostname=self.host)

    def _context(self, ca: Path) -> ssl.SSLContext:
        return trusting(ca, "http/1.1")

    def case(self, case: Case) -> Got:
        """Send a case's request."""
        return self.request(case.method, case.path, case.headers, case.body)

    def request(self, method: str, path: str, headers: Headers = (), body: bytes | None = b"") -> Got:
        """Send a request: headers in this order and case, repeats and all. Content-Length is added if need be."""
        target = path if self.tls else f"http://{self.host}{path}"
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.host}", *(f"{name}: {value}" for name, value in headers)]
        named = {name.lower() for name, _ in headers}
        if body and not named & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(body)}")
        elif body is not None and method == "POST" and "content-length" not in named:
            lines.append("Content-Length: 0")
        head = "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")
        return self.raw(head + (body or b""), method)

    def raw(self, data: bytes, method: str = "GET") -> Got:
        """Send bytes as they are and read one answer."""
        self.socket.sendall(data)
        response = http.client.HTTPResponse(self.socket, method=method)
        response.begin()
        try:
            body = response.read()
        except http.client.IncompleteRead as cut:
            body = cut.partial
        version = "HTTP/1.1" if response.version == 11 else "HTTP/1.0"
        return Got(response.status, response.reason, tuple(response.getheaders()), body, version)

    def send(self, data: bytes) -> None:
        """Send bytes and wait for nothing."""
        self.socket.sendall(data)

    def read_all(self) -> bytes:
        """Everything until the other side closes or the time-out passes."""
        got = io.BytesIO()
        try:
            while piece := self.socket.recv(1 << 16):
                got.write(piece)
        except (TimeoutError, ConnectionError):
            pass
        return got.getvalue()

    def websocket(self, path: str, *messages: str) -> list[str]:
        """Upgrade, send text messages one by one, and give what came back for each."""
        client = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        self.socket.sendall(client.send(Request(host=self.host, target=path)))
        self._event(client)
        responses = []
        for message in messages:
            self.socket.sendall(client.send(TextMessage(message)))
            event = self._event(client)
            responses.append(event.data if isinstance(event, TextMessage) else repr(event))
        self.socket.sendall(client.send(CloseConnection(1000)))
        self._event(client)
        return responses

    def _event(self, client: wsproto.WSConnection) -> Event:
        while True:
            for event in client.events():
                return event
            client.receive_data(self.socket.recv(1 << 16) or None)

    def close(self) -> None:
        """Close the connection, also where an answer that nobody read to its end still holds on to the socket."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def __enter__(self) -> "Http1Client":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Http2Client:
    """httpx with HTTP/2 through the proxy."""

    def __init__(self, port: int, ca: Path, host: str = HOST, timeout: float = TIMEOUT) -> None:
        self.host = host
        proxy = httpx.Proxy(f"http://127.0.0.1:{port}")
        context = trusting(ca, "h2", "http/1.1")
        self.client = httpx.Client(http2=True, verify=context, proxy=proxy, timeout=timeout, trust_env=False)

    def case(self, case: Case) -> Got:
        """Send a case's request."""
        return self.request(case.method, case.path, case.headers, case.body, host=case.host)

    def request(self, method: str, path: str, headers: Headers = (), body: bytes = b"", *, host: str = "") -> Got:
        """Send a request with these headers and no others but Host and Content-Length."""
        # A request that the client did not build has no time-out before httpx 0.28.
        timeout = {"timeout": self.client.timeout.as_dict()}
        url = f"https://{host or self.host}{path}"
        request = httpx.Request(method, url, headers=list(headers), content=body, extensions=timeout)
        response = self.client.send(request)
        pairs = tuple((name.decode(), value.decode("latin-1")) for name, value in response.headers.raw)
        return Got(response.status_code, response.reason_phrase, pairs, response.content, response.http_version)

    def __enter__(self) -> "Http2Client":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.client.close()
