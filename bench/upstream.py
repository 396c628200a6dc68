"""The server behind the proxies: one process of its own on the loopback interface, with or without TLS.
Prints its port and serves until its standard input closes."""

import asyncio
import itertools
import ssl
import sys
import time

from traffic import respond

_NUMBERS = itertools.count()

_PIECE = 1 << 18
"""Bytes that are written at a time: encrypting a large answer at once copies it several times."""


class _Connection(asyncio.Protocol):
    """One client; answers in the order of the requests."""

    def __init__(self) -> None:
        self._buffer = b""
        self._left = memoryview(b"")
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].decode("latin-1")
            names = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
            size = end + 4 + int(names.get("content-length", "0"))
            if len(self._buffer) < size:
                return
            self._buffer = self._buffer[size:]
            method, path, _ = head.split(" ", 2)
            head, body = _response(method, path)
            if len(body) < _PIECE:
                self._transport.write(head + body)
            else:  # nobody asks for two of these at a time
                self._transport.write(head)
                self._left = memoryview(body)
                self._go_on()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._go_on()

    def _go_on(self) -> None:
        while self._left and not self._paused:
            piece, self._left = self._left[:_PIECE], self._left[_PIECE:]
            self._transport.write(piece)


def _response(method: str, path: str) -> tuple[bytes, bytes]:
    headers, body = respond(method, path, next(_NUMBERS), time.time())
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 200 OK\r\n{''.join(lines)}Content-Length: {len(body)}\r\n\r\n".encode(), body


async def _serve(certificate: str | None) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1] if len(sys.argv) > 1 else None))
