"""What the control API remembers: the last entries, with a number and a mark, and their flows for a recording.
Bounded in number and bytes; what was dropped is counted. Waits are futures that the next entry that fits fulfils."""

import asyncio
import json
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from mitmproxy import http

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.control.query import EntryFacts, ExchangesQuery
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.sinks import Sink
from passlens.util.address import plain_address

MAX_ENTRIES: Final = 10_000
MAX_BYTES: Final = 32_000_000
"""Bytes of the entries as JSON."""

MAX_FLOW_BYTES: Final = 16_000_000
"""Bytes of the bodies that are kept for a recording; the oldest go first."""

MAX_DEVICES: Final = 1000
MAX_JOURNEYS: Final = 1000
MAX_EXPECTATIONS: Final = 1000
MAX_KEYS: Final = 20
"""Device keys of one address that are remembered."""

MAX_WAITS: Final = 200
"""Requests that may wait for an entry at the same time; each costs a look at every entry."""

FLOW_OVERHEAD: Final = 4000
"""Bytes that a flow counts beside its bodies: headers, and what mitmproxy keeps of connections."""


class JournalRecord(NamedTuple):
    """An entry with its number, its mark, and the address of its client, which is never written. Kept as the text that
    most calls give anyway: thousands of entries as objects slow down everything in the process."""

    number: int
    mark: str | None
    address: str | None
    facts: EntryFacts
    text: str
    """The entry as JSON."""

    @property
    def entry(self) -> Entry:
        """The entry, read anew each time."""
        entry: Entry = json.loads(self.text)
        return entry

    def json(self) -> str:
        """The entry as the API shows it, with number and mark."""
        return f'{{"number":{self.number},"mark":{json.dumps(self.mark)},{self.text[1:]}'


@dataclass
class Seen:
    """What is known of one client address: its device keys, and its exchanges."""

    address: str
    keys: list[str]
    exchanges: int
    last: JournalRecord


class Journal(Sink):
    """The store. Numbers begin at 1 and only grow, also over a reset."""

    def __init__(
        self,
        texts: EntryTexts,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        max_flow_bytes: int = MAX_FLOW_BYTES,
    ) -> None:
        self._texts = texts
        self._limits = max_entries, max_bytes, max_flow_bytes
        self.number = 0
        self.mark: str | None = None
        self.dropped = 0
        self._records: deque[JournalRecord] = deque()
        self._bytes = 0
        self._flows: deque[tuple[int, http.HTTPFlow]] = deque()
        self._flow_bytes = 0
        self._devices: OrderedDict[str, Seen] = OrderedDict()
        self.ended: deque[tuple[int, Journey]] = deque(maxlen=MAX_JOURNEYS)
        """The journeys that have ended, each with the number of the exchange that showed it."""
        self._expectations: dict[tuple[str, str, str | None], Expectation] = {}
        self._waits: dict[asyncio.Future[None], ExchangesQuery] = {}

    def __len__(self) -> int:
        return len(self._records)

    # ---- what comes

    def exchange(self, flow: http.HTTPFlow, entry: Entry) -> None:
        """Remember one, and wake who waits for it."""
        self.number += 1
        peer = flow.client_conn.peername
        address = plain_address(str(peer[0])) if peer else None
        record = JournalRecord(self.number, self.mark, address, EntryFacts.of(entry), self._texts.json(entry))
        self._records.append(record)
        self._bytes += len(record.text)
        while len(self._records) > 1 and (self._bytes > self._limits[1] or len(self._records) > self._limits[0]):
            self._bytes -= len(self._records.popleft().text)
            self.dropped += 1
        self._keep(flow)
        if address is not None:
            self._see(address, record)
        for future, query in list(self._waits.items()):
            if not future.done() and query.fits(record.number, record.mark, record.address, record.facts):
                future.set_result(None)

    def journey(self, journey: Journey) -> None:
        """Remember a journey that the exchange which comes next has ended."""
        self.ended.append((self.number + 1, journey))

    @property
    def journeys(self) -> list[Journey]:
        """The journeys that have ended."""
        return [journey for _, journey in self.ended]

    def expectation(self, expectation: Expectation) -> None:
        """Remember a verdict in the place of an earlier one on the same expectation and device."""
        key = expectation["scenario"], expectation["name"], expectation["device"]
        self._expectations.pop(key, None)
        self._expectations[key] = expectation
        if len(self._expectations) > MAX_EXPECTATIONS:
            del self._expectations[next(iter(self._expectations))]

    @property
    def expectations(self) -> list[Expectation]:
        """The verdicts, the latest one last."""
        return list(self._expectations.values())

    def _keep(self, flow: http.HTTPFlow) -> None:
        size = _size(flow)
        self._flows.append((size, flow))
        self._flow_bytes += size
        while self._flow_bytes > self._limits[2]:
            self._flow_bytes -= self._flows.popleft()[0]

    def _see(self, address: str, record: JournalRecord) -> None:
        seen = self._devices.get(address)
        if seen is None:
            seen = self._devices[address] = Seen(address, [], 0, record)
        self._devices.move_to_end(address)
        key = record.facts.device
        if key is not None and key not in seen.keys:
            seen.keys = [*seen.keys[1 - MAX_KEYS :], key]
        seen.exchanges += 1
        seen.last = record
        while len(self._devices) > MAX_DEVICES:
            self._devices.popitem(last=False)

    # ---- what is asked

    def find(self, query: ExchangesQuery) -> Iterator[JournalRecord]:
        """The entries that fit, oldest first."""
        for record in self.after(query.since):
            if query.fits(record.number, record.mark, record.address, record.facts):
                yield record

    def after(self, since: int) -> Iterator[JournalRecord]:
        """The entries after a number, oldest first."""
        first = self._records[0].number if self._records else 0
        yield from islice(self._records, min(max(0, since + 1 - first), len(self._records)), None)

    def last(self, count: int) -> list[JournalRecord]:
        """The last entries, oldest first."""
        return list(islice(reversed(self._records), count))[::-1]

    async def wait(self, query: ExchangesQuery) -> bool:
        """Return as soon as an entry fits, at the latest after ``query.wait`` seconds; at once and with False where too
        many wait already."""
        if len(self._waits) >= MAX_WAITS:
            return False
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waits[future] = query
        try:
            await asyncio.wait_for(future, query.wait)
        except TimeoutError:
            pass
        finally:
            del self._waits[future]
        return True

    def devices(self) -> tuple[Seen, ...]:
        """The client addresses that were seen, the one seen last at the end."""
        return tuple(self._devices.values())

    def flows(self) -> tuple[http.HTTPFlow, ...]:
        """The flows that are kept, oldest first."""
        return tuple(flow for _, flow in self._flows)

    def reset(self) -> None:
        """Forget entries, flows and the mark; numbers go on."""
        self._records.clear()
        self._flows.clear()
        self._devices.clear()
        self.ended.clear()
        self._expectations.clear()
        self._bytes = self._flow_bytes = self.dropped = 0
        self.mark = None

    def closed(self) -> None:
        """Nothing more comes: who waits is let go."""
        for future in self._waits:
            if not future.done():
                future.set_result(None)


def _size(flow: http.HTTPFlow) -> int:
    request, response = flow.request.data.content, flow.response.data.content if flow.response is not None else None
    return FLOW_OVERHEAD + len(request or b"") + len(response or b"")
