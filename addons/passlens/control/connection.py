"""The control API asked from outside, with the standard library alone: where it is, and one call."""

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import urlencode

from passlens.control import runtime_file
from passlens.control.runtime_file import Address
from passlens.errors import ControlError, NoProxyError, UsageError

__tracebackhide__ = True
"""What fails here is a sentence about the call: pytest shows the line of the test."""

TOKEN: Final = "PASSLENS_CONTROL_TOKEN"
HOST: Final = "127.0.0.1"
PORT: Final = 8084
"""Where the control API listens by default."""

SERVER: Final = "passlens"
"""The header Server of all answers, by which a client knows whom it asks."""

PATIENCE: Final = 5.0
"""Seconds for an answer that nothing holds up."""

MAX_BYTES: Final = 200_000_000


@dataclass(frozen=True)
class ControlConnection:
    """One control API. Calls raise NoProxyError where none answers, ControlError for what it refuses."""

    address: Address
    patience: float = PATIENCE

    def call(self, method: str, path: str, query: Mapping[str, object] | None = None, body: object = None) -> Any:
        """The answer's JSON. ``path`` follows ``/api/v1/``; parameters that are None are left out."""
        data = self.download(method, path, query, body)
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise self._ended("answers with something that is no JSON") from None

    def download(self, method: str, path: str, query: Mapping[str, object] | None = None, body: object = None) -> bytes:
        """The answer's bytes."""
        connection, response = self._open(method, path, query, body)
        try:
            data = response.read(MAX_BYTES)
            # A chunked answer that ends early is an error by itself, one of a known length has to be measured.
            if response.length:
                raise self._ended("ended in the middle of an answer")
            return data
        except (OSError, HTTPException):
            raise self._ended("ended in the middle of an answer") from None
        finally:
            connection.close()

    def events(self) -> Iterator[tuple[str, Any]]:
        """Names and data of server-sent events, until the proxy ends."""
        connection, response = replace(self, patience=60.0)._open("GET", "events", None, None)
        name = ""
        try:
            for raw in response:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))
        except (OSError, HTTPException, ValueError):
            return
        finally:
            connection.close()

    def _open(
        self, method: str, path: str, query: Mapping[str, object] | None, body: object
    ) -> tuple[HTTPConnection, HTTPResponse]:
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        target = f"/api/v1/{path}" + (f"?{urlencode(given)}" if given else "")
        connection = HTTPConnection(self.address.host, self.address.port, timeout=self.patience)
        headers = {"Authorization": f"Bearer {self.address.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            if response.headers["Server"] != SERVER:
                raise NoProxyError(f"What answers at {self._where} is no control API of passlens; name its address.")
            if response.status != 200:
                raise _error(response.status, response.read(MAX_BYTES))
        except (OSError, HTTPException, UnicodeError) as error:  # the last for a host that no name can be
            connection.close()
            raise self._ended(getattr(error, "strerror", None) or "does not answer as it should") from None
        except BaseException:
            connection.close()
            raise
        return connection, response

    @property
    def _where(self) -> str:
        return f"{self.address.host} port {self.address.port}"

    def _ended(self, why: str) -> NoProxyError:
        return NoProxyError(f"The control API at {self._where} is gone ({why}); start passlens proxy again.")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _error(status: int, data: bytes) -> ControlError | NoProxyError:
    try:
        error = json.loads(data)["error"]
        return ControlError(status, str(error["code"]), str(error["message"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return NoProxyError(f"The control API answers with {status} and says nothing of it.")


def parse_address(text: str) -> tuple[str, int]:
    """``[HOST:]PORT``; raises UsageError."""
    host, colon, port = text.rpartition(":")
    is_host = bool(host) and host.isprintable() and " " not in host
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535) or (colon and not is_host):
        raise UsageError(f"{text!r} is no address of a control API; expected PORT or HOST:PORT.")
    return (host.strip("[]") if colon else HOST), int(port)


def connect(address: str | None = None, environment: Mapping[str, str] = os.environ) -> ControlConnection:
    """The control API of the running proxy; ``address`` (``[HOST:]PORT``) chooses among several.

    The token is that of PASSLENS_CONTROL_TOKEN, else of the file that the proxy wrote. Raises NoProxyError where there
    is none, UsageError where there are several and none was chosen.
    """
    found = candidates(address, environment)
    if not found:
        words = f"No proxy with a control API at {address} was found" if address else "No running proxy was found"
        others = candidates(None, environment) if address else ()
        todo = f"one runs at {_places(others)}" if others else "start one with passlens proxy"
        raise NoProxyError(f"{words}; {todo}{_elsewhere(address)}.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} proxies run, with control APIs at {_places(found)}; choose one with --control.")
    return found[0]


def _places(found: Sequence[ControlConnection]) -> str:
    return ", ".join(f"{one.address.host}:{one.address.port}" for one in found)


def candidates(address: str | None = None, environment: Mapping[str, str] = os.environ) -> list[ControlConnection]:
    """The control APIs that ``connect`` has to choose from, the newest first; the one that the token of the environment
    is for may not be there. Raises UsageError for an address or a token that is none."""
    wanted = parse_address(address) if address is not None else None
    token = environment.get(TOKEN)
    if token and not (token.isascii() and token.isprintable()):
        raise UsageError(f"{TOKEN} holds signs that no header takes; give letters and digits.")
    if token and wanted is not None:
        return [ControlConnection(Address(*wanted, token))]
    found = [one for one in runtime_file.addresses(runtime_file.folder(environment)) if _fits(one, wanted)]
    if token:
        found = [one for one in found if one.token == token] or [Address(HOST, PORT, token)]
    here = {"0.0.0.0": HOST, "::": "::1"}
    return [ControlConnection(replace(one, host=here.get(one.host, one.host))) for one in found]


def _elsewhere(address: str | None) -> str:
    """What another machine's proxy takes."""
    host = parse_address(address)[0] if address is not None else HOST
    return "" if _is_here(host) else f", or set {TOKEN} to ask another machine's"


def _fits(address: Address, wanted: tuple[str, int] | None) -> bool:
    """Whether a proxy of this machine is meant; a host that is another machine's is not to be taken for this one."""
    if wanted is None:
        return True
    host, port = wanted
    return address.port == port and (host == address.host or _is_here(host))


def _is_here(host: str) -> bool:
    """Whether a name or an address is one of this machine, which is where a socket can be bound to it."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, 0, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as bound:
            bound.bind(place)
    except (OSError, UnicodeError):
        return False
    return True
