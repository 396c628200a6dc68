"""A small HTTP client behind a proxy: one kept connection to the API's host, TLS intercepted by the proxy."""

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

TIMEOUT: Final = 10
"""Seconds for one call."""


@dataclass(frozen=True)
class Reply:
    """An answer as the app sees it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body's object; empty if there is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class ProxiedClient:
    """Talks to one host through a proxy on loopback, trusting the proxy's certificate authority only, ``pause``
    seconds before each call."""

    def __init__(self, proxy_port: int, authority: Path, host: str, pause: float = 0.0) -> None:
        self._pause = pause
        context = ssl.create_default_context(cafile=str(authority))
        self._connection = http.client.HTTPSConnection("127.0.0.1", proxy_port, timeout=TIMEOUT, context=context)
        self._connection.set_tunnel(host, 443)

    def call(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Reply:
        """Send one request and read the answer; raises OSError or http.client.HTTPException if there is none."""
        time.sleep(self._pause)
        data = body.encode() if body is not None else None
        self._connection.request(method, path, data, headers)
        response = self._connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())

    def form(self, path: str, headers: dict[str, str], **parameters: str) -> Reply:
        """POST a form."""
        typed = headers | {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, typed, urlencode(parameters))

    def post_json(self, path: str, headers: dict[str, str], value: Any) -> Reply:
        """POST a JSON body."""
        return self.call("POST", path, headers | {"Content-Type": "application/json;charset=utf-8"}, json.dumps(value))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
