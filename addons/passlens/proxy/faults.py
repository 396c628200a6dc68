"""Fault injection: connection reset, timeout without a response, slow response, malformed response.
Some reach past mitmproxy's layers to the client's socket; where there is none (a replay), they say so."""

import asyncio
import logging
import socket
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from mitmproxy import ctx, http
from mitmproxy.proxy.layers.tls import ClientTLSLayer

from passlens.proxy import flow_edits
from passlens.proxy.perform import break_content
from passlens.scenarios.then import Fault

logger = logging.getLogger(__name__)

MAX_WAIT: Final = 600
"""Seconds that a client may wait without an answer."""

PIECES: Final = 12
"""Pieces that a dripping answer comes in."""

PAUSE: Final = 0.25
"""Seconds between two pieces."""

_GRACE: Final = 0.02
"""Seconds without anything more to send after which a response is through."""

_LOOK: Final = 0.1
"""Seconds between two looks whether the client is still there."""


async def without_response(flow: http.HTTPFlow, fault: Fault) -> None:
    """Let the client have no answer in one of three ways."""
    if not flow.live:
        flow_edits.no_answer(flow, f"{fault}, as the scenario says")
        return
    if fault == "connection_reset":
        alone = reset(flow)
    elif fault == "no_answer":
        alone = await leave_unanswered(flow)
    else:
        flow.kill()
        return
    if not alone:
        logger.warning("passlens: nobody is connected who could see %s; the flow ends without an answer.", fault)


def break_response(flow: http.HTTPFlow, fault: Fault) -> bool:
    """Break a response, or the way it comes; False if there is no client whose response could drip."""
    if fault == "slow_drip" and not drip(flow):
        logger.warning("passlens: this flow has no client whose response could drip.")
        return False
    return fault == "slow_drip" or break_content(flow, fault)


def reset(flow: http.HTTPFlow) -> bool:
    """Break the client's connection with a TCP reset; False if it has none of its own."""
    writer = _writer(flow)
    found = writer.get_extra_info("socket") if writer is not None else None
    flow.kill()
    if writer is None or found is None:
        return False
    # A lingering time of zero makes the system send a reset in place of an orderly end.
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return True


async def leave_unanswered(flow: http.HTTPFlow) -> bool:
    """Hold the request until the client gives up, ten minutes at most; False if it has no client who could."""
    waits = _writer(flow) is not None
    for _ in range(int(MAX_WAIT / _LOOK)):
        if not waits or not flow.client_conn.connected:
            break
        await asyncio.sleep(_LOOK)
    flow.kill()
    return waits


def drip(flow: http.HTTPFlow) -> bool:
    """Let what is sent to the client from now on drip, until it is through; False if there is no client."""
    for handler in _handlers():
        if handler.client is flow.client_conn:
            transport = handler.transports.get(handler.client)
            if transport is None or transport.writer is None or isinstance(transport.writer, SlowWriter):
                return transport is not None and transport.writer is not None
            take_back = _cut_small(handler, flow)
            records = flow.client_conn.tls
            transport.writer = SlowWriter(transport, take_back, records=records)
            return True
    return False


def _handlers() -> list[Any]:
    master = getattr(ctx, "master", None)  # there is none outside of a running mitmproxy
    proxyserver = master.addons.get("proxyserver") if master is not None else None
    return list(proxyserver.connections.values()) if proxyserver is not None else []


def _writer(flow: http.HTTPFlow) -> Any:
    for handler in _handlers():
        if handler.client is flow.client_conn:
            transport = handler.transports.get(handler.client)
            return transport.writer if transport is not None else None
    return None


def _stream(handler: Any, flow: http.HTTPFlow) -> Any:
    """The layer of mitmproxy that carries a flow, which knows the layers around it; None if there is none."""
    waiting, seen = [handler.layer], set()
    while waiting:
        layer = waiting.pop()
        if getattr(layer, "flow", None) is flow:
            return layer
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        # A context lists the layers of a connection, a NextLayer holds the one it decided on, a tunnel its child, HTTP
        # its streams.
        waiting += layer.context.layers
        waiting += [child for name in ("layer", "child_layer") if (child := getattr(layer, name, None)) is not None]
        waiting += list(getattr(layer, "streams", {}).values())
    return None


def _cut_small(handler: Any, flow: http.HTTPFlow) -> Callable[[], None]:
    """Let TLS and HTTP/2 write the answer in small records and frames: an app sees nothing of one that is not whole.
    Returns what takes that back."""
    stream = _stream(handler, flow)
    around = stream.context.layers if stream is not None else []
    undo: list[Callable[[], None]] = []
    tunnels = [layer for layer in around if isinstance(layer, ClientTLSLayer)]
    for tls in tunnels[-1:]:
        members: dict[str, Any] = vars(tls)
        whole = tls.send_data

        def in_pieces(data: bytes, whole: Any = whole) -> Any:
            for piece in _pieces(data):
                yield from whole(piece)

        members["send_data"] = in_pieces
        undo.append(partial(members.pop, "send_data", None))
    for layer in around:
        protocol = getattr(getattr(layer, "connections", {}).get(handler.client), "h2_conn", None)
        if protocol is not None:
            frames: dict[str, Any] = vars(protocol)
            send = protocol.send_data

            def in_frames(stream_id: int, data: bytes, end_stream: bool = False, send: Any = send) -> None:
                *first, last = _pieces(data) or [data]
                for piece in first:
                    send(stream_id, piece)
                send(stream_id, last, end_stream)

            frames["send_data"] = in_frames
            undo.append(partial(frames.pop, "send_data", None))

    def take_back() -> None:
        for step in undo:
            step()

    return take_back


def _pieces(data: bytes) -> list[bytes]:
    """Data in as many pieces as an answer drips in, fewer if it is short."""
    size = max(1, -(-len(data) // PIECES))
    return [data[start : start + size] for start in range(0, len(data), size)]


class SlowWriter:
    """Stands in for a connection's writer until one answer is through, then gives the place back.

    ``done`` is called then. What TLS wrote is handed on record by record, since half a record says nothing yet.
    """

    def __init__(self, transport: Any, done: Callable[[], None] = lambda: None, *, records: bool = False) -> None:
        self._transport = transport
        self._writer = transport.writer
        self._done = done
        self._records = records
        self._waiting: list[bytes] = []
        self._at_once = 1
        self._task: asyncio.Task[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def write(self, data: bytes) -> None:
        """Take data; it leaves in pieces."""
        self._waiting += [data] if self._records else _pieces(data)
        self._at_once = max(1, -(-len(self._waiting) // PIECES))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._drip())

    async def _drip(self) -> None:
        try:
            while not self._writer.is_closing():
                if not self._waiting:
                    # mitmproxy 12 lets others run between two records of one response.
                    await asyncio.sleep(_GRACE)
                if not self._waiting:
                    break
                self._writer.write(b"".join(self._waiting[: self._at_once]))
                del self._waiting[: self._at_once]
                # No pause after the last piece: the next answer on this connection is none of this fault's business.
                if self._waiting:
                    await asyncio.sleep(PAUSE)
        finally:
            self._done()
            if self._transport.writer is self:
                self._transport.writer = self._writer

    async def drain(self) -> None:
        """Wait until everything has left; a connection that closes must not swallow the rest."""
        if self._task is not None:
            await asyncio.shield(self._task)
        await self._writer.drain()

    def close(self) -> None:
        """Close once everything has left."""
        if self._task is None or self._task.done():
            self._writer.close()
        else:
            self._task.add_done_callback(lambda _: self._writer.close())
