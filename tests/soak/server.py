"""The server of a soak: the API by its truth table for every device, and any bytes for other paths. It keeps a print of
what it received and sent for each marker, and dies as it is told."""

import random
import threading
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, cast

from support.api import Api
from support.device import SP
from support.reply import How, Received, Reply
from support.trouble import marker_of

TROUBLE: Final = "x-soak-trouble"
SIZE: Final = "x-soak-size"
ECHO: Final = "x-soak-echo"
OWN: Final = ("x-soak-", "authorization", "ap-", "content-type", "accept", "user-agent")
"""Beginnings of the names of headers that a device sends itself, so that they must arrive as they were."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Record:
    """What the server had of one exchange: prints of both sides."""

    received: bytes
    sent: bytes


def print_of(method: str, target: str, headers: Pairs, body: bytes) -> bytes:
    """A print of a request: its line, the headers that devices send, in their order, and its body."""
    own = [(name.lower(), value) for name, value in headers if name.lower().startswith(OWN)]
    return sha256(repr((method, target, own, body)).encode()).digest()


def print_of_answer(status: int, headers: Pairs, body: bytes) -> bytes:
    """A print of an answer: its status, type and echo, and its body."""
    own = [(name.lower(), value) for name, value in headers if name.lower() in ("content-type", ECHO)]
    return sha256(repr((status, own, body)).encode()).digest()


def bytes_of(marker: str, size: int) -> bytes:
    """Bytes that belong to a marker."""
    return random.Random(f"soak {marker}").randbytes(size)


class SoakServer(Api):
    """``take`` hands a record out and forgets it."""

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()

    def choose(self, request: Received) -> Reply:
        """The answer to a request, in the way it asks for."""
        marker = marker_of(request.target)
        reply = self._reply(request, marker)
        record = Record(
            print_of(request.method, request.target, request.headers, request.body),
            print_of_answer(reply.status, reply.headers, reply.body),
        )
        with self._lock:
            self._records[marker] = record
        return replace(reply, how=cast(How, request.header(TROUBLE) or "plain"))

    def _reply(self, request: Received, marker: str) -> Reply:
        echo = (ECHO, marker)
        size = request.header(SIZE)
        if size is not None:
            return Reply(200, (("Content-Type", "application/octet-stream"), echo), bytes_of(marker, int(size)), "OK")
        reply = super().choose(request)
        self.received.clear()
        parts = request.target.split("/")
        mine = parts[3].encode() if len(parts) > 4 and parts[1] == "api" and parts[3] != "authenticate" else SP.encode()
        return replace(reply, headers=(*reply.headers, echo), body=reply.body.replace(SP.encode(), mine))

    def take(self, marker: str) -> Record | None:
        """What the server has of an exchange, None if it never came; it is forgotten."""
        with self._lock:
            return self._records.pop(marker, None)

    def die(self) -> None:
        """Break all connections, whatever they are at."""
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in list(self._tasks)])
