"""Server-sent events: each reader has a bounded queue. One that reads too slowly is dropped, and holds up nothing."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from mitmproxy import http

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.control.journal import Journal
from passlens.proxy.link_state import DeviceEvent
from passlens.proxy.sinks import Sink

logger = logging.getLogger(__name__)

MAX_READERS: Final = 50
MAX_QUEUE_BYTES: Final = 250_000
"""Characters that wait for one reader, beyond which it gets no more."""

APART: Final = 0.1
"""Seconds between two writes to a reader: the first event goes at once, those in a row cost the proxy one write."""


class EventReader:
    """What waits for one reader."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._size = 0
        self._news = asyncio.Event()
        self._wrote = 0.0
        self.over = False

    def put(self, text: str) -> bool:
        """Hand over an event, of any size; False where too much waits already."""
        if self._size > MAX_QUEUE_BYTES:
            return False
        self._texts.append(text)
        self._size += len(text)
        self._news.set()
        return True

    def end(self) -> None:
        """There will be no more."""
        self.over = True
        self._news.set()

    async def next(self, patience: float) -> str | None:
        """The events that have come, as they go over the wire: empty where none came in ``patience`` seconds, None once
        there will be no more."""
        try:
            async with asyncio.timeout(patience):
                await self._news.wait()
        except TimeoutError:
            return ""
        if not self.over and (early := self._wrote + APART - time.monotonic()) > 0:
            await asyncio.sleep(early)
        self._wrote = time.monotonic()
        text = "".join(self._texts)
        self._texts.clear()
        self._size = 0
        if not self.over:
            self._news.clear()
        return text or None


class Events(Sink):
    """Tells all readers. Has to come after the journal among the sinks, which gives entries their numbers."""

    def __init__(self, journal: Journal, shown_address: Callable[[str], str]) -> None:
        self._journal, self._shown_address = journal, shown_address
        self._readers: set[EventReader] = set()

    def read(self) -> EventReader | None:
        """One more reader; None where there are too many."""
        if len(self._readers) >= MAX_READERS:
            return None
        reader = EventReader()
        self._readers.add(reader)
        return reader

    def leave(self, reader: EventReader) -> None:
        """The reader is gone."""
        self._readers.discard(reader)

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """An entry with its number."""
        if self._readers:
            (record,) = self._journal.last(1)
            self._send("exchange", record.json())

    def scenario(self, name: str | None, device: str | None) -> None:
        """A scenario goes on or off."""
        self._tell("scenario", {"name": name, "device": device})

    def device(self, event: DeviceEvent) -> None:
        """A device has come further."""
        if self._readers:
            member = event.member()
            for name in ("address", "before"):
                member[name] = self._shown_address(member[name]) if member[name] else None
            self._tell("device", member)

    def journey(self, journey: Journey) -> None:
        """A journey has ended."""
        self._tell("journey", journey)

    def expectation(self, expectation: Expectation) -> None:
        """It was decided whether the app did what a scenario expects."""
        self._tell("expectation", expectation)

    def session(self, event: dict[str, Any]) -> None:
        """Something was done to a virtual session."""
        self._tell("session", event)

    def closed(self) -> None:
        """The proxy ends, and so do the streams."""
        for reader in self._readers:
            reader.end()

    def _tell(self, event: str, data: Any) -> None:
        if self._readers:
            self._send(event, json.dumps(data))

    def _send(self, event: str, data: str) -> None:
        text = f"event: {event}\ndata: {data}\n\n"
        for reader in tuple(self._readers):
            if not reader.put(text):
                self._readers.discard(reader)
                reader.end()
                logger.warning("passlens: a reader of the control API's events was too slow and was dropped.")
