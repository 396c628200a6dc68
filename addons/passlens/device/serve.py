"""Serves a profile once, on a short address with one unguessable part, to the network it is meant for."""

import html
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Address, ip_address
from types import TracebackType
from typing import Final

from passlens.util.address import bracketed

MEDIA_TYPE: Final = "application/x-apple-aspen-config"

LETTERS: Final = "abcdefghkmnpqrstuwxyz"
"""What the unguessable part is made of: no letters that look like others or need a second look on a television."""

LENGTH: Final = 6
"""Letters of the unguessable part: 86 million possibilities, of which a guesser may try MAX_MISSES."""

MAX_MISSES: Final = 30
"""Requests for anything else (a browser's favicon is one) before the server ends."""

PORTS: Final = range(8000, 8010)
"""Tried in turn, since a short number is quick to type with a remote; then any free port."""

LIFETIME: Final = 600.0
"""Seconds until the server ends without a fetch."""

GRACE: Final = 5.0
"""Seconds for which the device that fetched it may fetch it again, as one does whose first try broke off."""

_PATIENCE: Final = 15.0
"""Seconds that one connection may take for its request and its response."""

_BROWSERS: Final = ("iPhone", "iPad", "Android", "Macintosh", "Windows NT", "X11")
"""Words in the User-Agent of a browser on a phone or a computer."""


class ProfileServer:
    """``with ProfileServer(profile, address) as server``: serves ``profile`` at ``server.url`` once.

    ``address`` is the IP address of this machine to listen on. With ``for_television``, a browser on a phone or a
    computer gets a page that holds the address, to be copied, and no profile.
    """

    def __init__(self, profile: bytes, address: str, *, for_television: bool = False) -> None:
        self.profile, self.address, self.for_television = profile, address, for_television
        self.fetched_by: str | None = None
        self.misses = 0
        self._part = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self._fetched_at: float | None = None
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._server = _listen(address, self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._open = True

    @property
    def url(self) -> str:
        """The address to type."""
        return f"http://{bracketed(self.address)}:{self._server.server_address[1]}/{self._part}"

    def wait(self, seconds: float) -> bool:
        """Wait for a fetch or for too many misses, at most ``seconds``; whether it was fetched since the last call."""
        news = self._news.wait(seconds)
        self._news.clear()
        return news and self.fetched_by is not None

    @property
    def ended(self) -> bool:
        """Whether it serves no longer: the profile was fetched, or somebody guesses."""
        if self._fetched_at is not None:
            return time.monotonic() - self._fetched_at > GRACE
        return self.misses >= MAX_MISSES

    def close(self) -> None:
        """Stop listening; more than once is no harm."""
        if self._open:
            self._open = False
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def __enter__(self) -> "ProfileServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        parent = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _PATIENCE
            server_version = "passlens"
            sys_version = ""

            def do_GET(self) -> None:
                parent._respond(self, body=True)

            def do_HEAD(self) -> None:
                parent._respond(self, body=False)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing: the path is a secret."""

        return Handler

    def _respond(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        request.close_connection = True
        # In constant time, and without what a keyboard may add.
        path = request.path.split("?", 1)[0].rstrip("/").lower()
        known = secrets.compare_digest(path.encode("utf-8", "replace"), f"/{self._part}".encode())
        client = str(request.client_address[0])
        if self.ended or self.fetched_by not in (None, client):
            _gone(request, body)
        elif not known:
            with self._lock:
                self.misses += 1
                if self.misses >= MAX_MISSES:
                    self._news.set()
            _send(request, HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"Nothing here.\n", body)
        elif self.for_television and any(word in request.headers.get("User-Agent", "") for word in _BROWSERS):
            _send(request, HTTPStatus.OK, "text/html; charset=utf-8", self._page(), body)
        else:
            first = body and self._claimed(client)
            if self.fetched_by not in (None, client):  # another one came first by a moment
                _gone(request, body)
                return
            _send(request, HTTPStatus.OK, MEDIA_TYPE, self.profile, body)
            if first:
                self._news.set()

    def _claimed(self, client: str) -> bool:
        """True for the first fetch; noted before the profile goes out, so that no other device gets it meanwhile."""
        with self._lock:
            if self.fetched_by is not None:
                return False
            self.fetched_by, self._fetched_at = client, time.monotonic()
            return True

    def _page(self) -> bytes:
        """What a phone shows that was held before the QR code."""
        url = html.escape(self.url)
        return (
            "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            "<title>passlens</title><style>body{font:1.2em sans-serif;margin:2em}input{font:1em monospace;width:100%}"
            f"</style><p>Copy this address: it is for the Apple TV.<p><input readonly value='{url}'>"
            "<p>When the television asks for the address, paste it with the keyboard that appears on this phone."
        ).encode()


def _gone(request: BaseHTTPRequestHandler, body: bool) -> None:
    _send(request, HTTPStatus.GONE, "text/plain; charset=utf-8", b"It was fetched already.\n", body)


def _send(request: BaseHTTPRequestHandler, status: HTTPStatus, media_type: str, data: bytes, body: bool) -> None:
    request.send_response(status)
    request.send_header("Content-Type", media_type)
    request.send_header("Content-Length", str(len(data)))
    request.send_header("Cache-Control", "no-store")
    request.send_header("X-Content-Type-Options", "nosniff")
    request.send_header("Connection", "close")
    request.end_headers()
    if body:
        request.wfile.write(data)


class _ProfileHttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # A port is free again as soon as the server before has ended; on Windows the option would share it with others.
    allow_reuse_address = os.name == "posix"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is nobody's fault."""


class _Server6(_ProfileHttpServer):
    address_family = socket.AF_INET6


def _listen(address: str, handler: Callable[..., BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """A server on a port that is quick to type; raises OSError if this machine has no such address."""
    kind = _Server6 if isinstance(ip_address(address), IPv6Address) else _ProfileHttpServer
    for port in PORTS:
        try:
            return kind((address, port), handler)
        except OSError:
            continue
    return kind((address, 0), handler)
