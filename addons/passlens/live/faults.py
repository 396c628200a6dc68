"""The faults of a scenario: a connection that is reset or left without an answer, an answer that drips or is broken.
Some reach past mitmproxy's layers to the client's socket; where there is none (a replay), they say so."""

import asyncio
import logging
import socket
import struct
from typing import Any, Final

from mitmproxy import ctx, http

from passlens.live import onflow
from passlens.scenarios.actions import Fault

logger = logging.getLogger(__name__)

LONGEST_WAIT: Final = 600
"""Seconds that a client may wait without an answer."""

PIECES: Final = 12
"""Pieces that a dripping answer comes in."""

PAUSE: Final = 0.25
"""Seconds between two pieces."""

_LOOK: Final = 0.1
"""Seconds between two looks whether the client is still there."""


async def without_answer(flow: http.HTTPFlow, fault: Fault) -> None:
    """Let the client have no answer in one of three ways."""
    if not flow.live:
        onflow.no_answer(flow, f"{fault}, as the scenario says")
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


def break_answer(flow: http.HTTPFlow, fault: Fault) -> None:
    """Break an answer, or the way it comes."""
    match fault:
        case "cut_body":
            onflow.cut_body(flow)
        case "malformed_json":
            onflow.break_json(flow)
        case "wrong_content_type":
            onflow.wrong_content_type(flow)
        case "slow_drip":
            if not drip(flow):
                logger.warning("passlens: this flow has no client whose answer could drip.")


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
    for _ in range(int(LONGEST_WAIT / _LOOK)):
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
            transport.writer = SlowWriter(transport)
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


class SlowWriter:
    """Stands in for a connection's writer until one answer is through, then gives the place back."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._writer = transport.writer
        self._waiting = bytearray()
        self._piece = 1
        self._task: asyncio.Task[None] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def write(self, data: bytes) -> None:
        """Take data; it leaves in pieces."""
        self._waiting += data
        self._piece = max(1, -(-len(self._waiting) // PIECES))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._drip())

    async def _drip(self) -> None:
        while self._waiting and not self._writer.is_closing():
            self._writer.write(bytes(self._waiting[: self._piece]))
            del self._waiting[: self._piece]
            # No pause after the last piece: the next answer on this connection is none of this fault's business.
            if self._waiting:
                await asyncio.sleep(PAUSE)
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
