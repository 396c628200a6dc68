"""The HTTP/1.1 side of the local upstream: one connection, one request after the other, WebSocket echo."""

import asyncio
import socket
import struct
from collections.abc import Callable

import wsproto
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Request, TextMessage

from support.reply import Received, Reply

Choose = Callable[[Received], Reply]

FOREVER = 60.0


async def serve_http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, choose: Choose, *, tls: bool) -> None:
    """Serve one connection until either side is done with it."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        request = await _read(reader, head, tls=tls)
        reply = choose(request)
        await asyncio.sleep(reply.delay)
        if reply.how == "websocket":
            await _echo(reader, writer, head)
            return
        if not await _response(reader, writer, request, reply):
            return
        if (request.header("connection") or "").lower() == "close":
            return


async def _read(reader: asyncio.StreamReader, head: bytes, *, tls: bool) -> Received:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ", 2)
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines if line))
    by_name = {name.lower(): value for name, value in headers}
    if "chunked" in by_name.get("transfer-encoding", ""):
        body = await _dechunk(reader)
    else:
        body = await reader.readexactly(int(by_name.get("content-length", "0")))
    return Received(method, target, headers, body, version, tls)


async def _dechunk(reader: asyncio.StreamReader) -> bytes:
    pieces = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        pieces.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(pieces)


async def _response(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Received, reply: Reply
) -> bool:
    """Send a reply; False if the connection ends with it."""
    if reply.how == "silent":
        await asyncio.wait_for(reader.read(), FOREVER)
        return False
    if reply.how == "reset":
        reset(writer)
        return False
    if reply.how == "close":
        return False
    headers = [f"{name}: {value}" for name, value in reply.headers]
    body = b"" if request.method == "HEAD" else reply.body
    if reply.how == "chunked":
        headers.append("Transfer-Encoding: chunked")
        body = _chunked(body)
    elif reply.how == "until-close":
        headers.append("Connection: close")
    elif reply.status not in (204, 304):
        headers.append(f"Content-Length: {len(body)}")
    if reply.how in ("cut", "stuck"):
        body = body[: len(body) // 2]
    head = "\r\n".join([f"HTTP/1.1 {reply.status} {reply.reason}", *headers, "", ""])
    if reply.how == "cut-head":
        head, body = head[: len(head) // 2], b""
    writer.write(head.encode("utf-8", "surrogateescape") + body)
    await writer.drain()
    if reply.how == "stuck":
        await asyncio.wait_for(reader.read(), FOREVER)
    return reply.how in ("plain", "chunked")


def _chunked(body: bytes, size: int = 100) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with a TCP reset."""
    reset_socket(writer.get_extra_info("socket"))
    writer.transport.abort()


def reset_socket(connection: socket.socket) -> None:
    """Let the end of a connection, when it is closed, be a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
    server = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    server.receive_data(head)
    while True:
        for event in server.events():
            match event:
                case Request():
                    writer.write(server.send(AcceptConnection()))
                case TextMessage() | BytesMessage() | Ping():
                    writer.write(server.send(event.response() if isinstance(event, Ping) else event))
                case CloseConnection():
                    writer.write(server.send(event.response()))
                    await writer.drain()
                    return
        await writer.drain()
        data = await reader.read(1 << 16)
        if not data:
            return
        server.receive_data(data)
