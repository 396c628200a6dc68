"""The HTTP/2 side of the local upstream: one connection, many streams, flow control kept."""

import asyncio
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

from support.http1_server import FOREVER, Choose
from support.reply import Received, Reply

WITH_LENGTH = ("plain", "cut", "stuck", "once")


@dataclass
class _Stream:
    headers: list[tuple[str, str]]
    body: bytearray = field(default_factory=bytearray)
    left: bytes | None = None


async def serve_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, choose: Choose) -> None:
    """Serve one connection until the client closes it."""
    config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8", validate_inbound_headers=False)
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    streams: dict[int, _Stream] = {}
    writer.write(connection.data_to_send())
    while data := await asyncio.wait_for(reader.read(1 << 16), FOREVER):
        for event in connection.receive_data(data):
            match event:
                case h2.events.RequestReceived():
                    streams[event.stream_id] = _Stream([(str(name), str(value)) for name, value in event.headers])
                case h2.events.DataReceived():
                    streams[event.stream_id].body += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                case h2.events.StreamEnded():
                    ends = await _response(connection, event.stream_id, streams[event.stream_id], choose)
                    if ends is not None:
                        writer.write(connection.data_to_send()[:ends])
                        return
                case h2.events.StreamReset():
                    streams.pop(event.stream_id, None)
                case h2.events.ConnectionTerminated():
                    return
        for stream_id, stream in list(streams.items()):
            _flush(connection, stream_id, stream)
            if stream.left == b"":
                del streams[stream_id]
        writer.write(connection.data_to_send())
        await writer.drain()


async def _response(
    connection: h2.connection.H2Connection, stream_id: int, stream: _Stream, choose: Choose
) -> int | None:
    """Begin to answer a request. Where the connection ends with it: how many bytes of what is to be sent still go."""
    pseudo = {name: value for name, value in stream.headers if name.startswith(":")}
    headers = tuple(pair for pair in stream.headers if not pair[0].startswith(":"))
    request = Received(pseudo[":method"], pseudo[":path"], headers, bytes(stream.body), "HTTP/2", True)
    reply = choose(request)
    await asyncio.sleep(reply.delay)
    if reply.how == "silent":
        return None
    if reply.how == "close":
        return 0
    if reply.how == "reset":
        connection.reset_stream(stream_id)
        return None
    connection.send_headers(stream_id, _headers(reply), end_stream=not reply.body)
    if reply.how == "cut-head":
        return 20
    if reply.how == "stuck":
        connection.send_data(stream_id, reply.body[: min(len(reply.body) // 2, 1 << 14)])
    elif reply.how == "once":
        connection.send_data(stream_id, reply.body, end_stream=True)
        return 1 << 20
    elif reply.how == "cut":
        connection.send_data(stream_id, reply.body[: min(len(reply.body) // 2, 1 << 14)])
        connection.reset_stream(stream_id)
    elif reply.body:
        stream.left = reply.body
    return None


def _headers(reply: Reply) -> list[tuple[str, str]]:
    headers = [(":status", str(reply.status)), *((name.lower(), value) for name, value in reply.headers)]
    return [*headers, ("content-length", str(len(reply.body)))] if reply.how in WITH_LENGTH else headers


def _flush(connection: h2.connection.H2Connection, stream_id: int, stream: _Stream) -> None:
    """Send as much of a body as flow control allows now."""
    while stream.left:
        room = min(connection.local_flow_control_window(stream_id), connection.max_outbound_frame_size)
        if room <= 0:
            return
        piece, stream.left = stream.left[:room], stream.left[room:]
        connection.send_data(stream_id, piece, end_stream=not stream.left)
