"""The client: sends requests through a proxy over a few kept connections, one after the other on each.
Connections are opened, and TLS is agreed on, before the clock starts."""

import asyncio
import ssl
import time
from collections.abc import Iterator

from traffic import Sent

CONNECTIONS = 8

AT_HAND = 1 << 20
"""Bytes that wait for the client at most, and that it takes at a time: what it does itself is to cost little beside
what is measured."""


class Line:
    """One kept connection through a proxy."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prefix: str, host: str) -> None:
        self._reader, self._writer, self._prefix, self._host = reader, writer, prefix, host

    @classmethod
    async def open(cls, proxy: int, upstream: int, tls: bool) -> "Line":
        """Connect to the proxy, and through it by TLS to the server if asked to."""
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy, limit=AT_HAND)
        host = f"localhost:{upstream}"  # by name: the address is the client's too, and would be hidden
        if not tls:
            return cls(reader, writer, f"http://{host}", host)
        writer.write(f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        await writer.start_tls(context, server_hostname="bench.example")
        return cls(reader, writer, "", host)

    async def send(self, sent: Sent) -> int:
        """One exchange; returns the status."""
        headers = {"Host": self._host, **sent.headers}
        if sent.body:
            headers["Content-Length"] = str(len(sent.body))
        lines = [f"{sent.method} {self._prefix}{sent.path} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + sent.body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        size = next((line[15:] for line in head.split("\r\n") if line.startswith("content-length:")), "0")
        left = int(size)
        while left:
            piece = await self._reader.read(min(left, AT_HAND))
            if not piece:
                raise RuntimeError("an answer ended early")
            left -= len(piece)
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


async def burst(
    proxy: int, upstream: int, tls: bool, wanted: Iterator[Sent], count: int, connections: int = CONNECTIONS
) -> float:
    """Send so many requests; the seconds it took. Raises RuntimeError if one is not answered with 200."""
    lines = await asyncio.gather(*(Line.open(proxy, upstream, tls) for _ in range(connections)))
    for line in lines:
        await line.send(next(wanted))
    left = iter(range(count))

    async def work(line: Line) -> None:
        for _ in left:
            status = await line.send(next(wanted))
            if status != 200:
                raise RuntimeError(f"a request was answered with {status}")

    start = time.perf_counter()
    await asyncio.gather(*(work(line) for line in lines))
    taken = time.perf_counter() - start
    for line in lines:
        line.close()
    return taken
