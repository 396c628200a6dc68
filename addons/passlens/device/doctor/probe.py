"""Asks a port who it is: what a TCP connection and one request without a host come to."""

import socket
from dataclasses import dataclass
from typing import Final, Literal

_REQUEST: Final = b"GET / HTTP/1.0\r\n\r\n"
"""A mitmproxy in regular mode refuses it by itself, with its name in ``Server``, and asks no other server."""

_SERVER: Final = b"server: mitmproxy"
_PATIENCE: Final = 3.0
_MAX_BYTES: Final = 4096

ProbeOutcome = Literal["mitmproxy", "other", "hung-up", "silent", "refused", "timeout", "unreachable"]


@dataclass(frozen=True)
class ProbeResult:
    """``mitmproxy`` (with its version), ``other`` (something else answers), ``hung-up`` (accepts and closes),
    ``silent`` (accepts and says nothing), ``refused`` (nobody listens), ``timeout`` (no answer to the connection),
    ``unreachable`` (no way there); ``detail`` is the version or what the system says."""

    kind: ProbeOutcome
    detail: str = ""


def ask(address: str, port: int, patience: float = _PATIENCE) -> ProbeResult:
    """Connect to a port and find out who listens; takes at most twice ``patience`` seconds."""
    try:
        connection = socket.create_connection((address, port), patience)
    except TimeoutError:
        return ProbeResult("timeout")
    except ConnectionRefusedError:
        return ProbeResult("refused")
    except OSError as error:
        return ProbeResult("unreachable", error.strerror or type(error).__name__)
    with connection:
        try:
            connection.sendall(_REQUEST)
            data = _read(connection)
        except TimeoutError:
            return ProbeResult("silent")
        except OSError:
            return ProbeResult("hung-up")
    for line in data.split(b"\r\n"):
        if line.lower().startswith(_SERVER):
            return ProbeResult("mitmproxy", line[len(_SERVER) :].decode("ascii", "replace").strip())
    return ProbeResult("other" if data else "hung-up")


def _read(connection: socket.socket) -> bytes:
    data = b""
    while len(data) < _MAX_BYTES and b"\r\n\r\n" not in data and (chunk := connection.recv(_MAX_BYTES)):
        data += chunk
    return data
