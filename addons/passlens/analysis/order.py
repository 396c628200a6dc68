"""Puts exchanges of a recording in the order of their ends, and hands them on in the order of the file.
The window is bounded: what comes later than it reaches is judged alone."""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

WINDOW: Final = 5000
"""Exchanges that wait to be put in order: browsers write a .har by starts or by pages, mitmproxy saves its list as it
is shown."""

SETTLED: Final = 100
"""Exchanges after which a recording that is in order so far is taken at its word."""

SLACK: Final = 1.0
"""Seconds by which the times of one that is in order may go back; what is fed with them bears that."""

PATIENCE: Final = 1.2
"""Of the window's size, how many may wait for one that ends long after them."""

T = TypeVar("T")


@dataclass
class _Slot(Generic[T]):
    item: T
    done: bool = False


class _Sorting:
    """How a recording is sorted, as far as it was read: by ends, as mitmproxy writes flows while it runs, by starts, as
    it saves its list, or not at all. Where it is sorted, next to nothing has to wait."""

    def __init__(self) -> None:
        self._by_start = self._by_end = True
        self._start = self._end = float("-inf")
        self._count = 0

    def upto(self, start: float | None, end: float) -> float:
        """One more item; before which end none is expected any more."""
        self._count += 1
        self._by_end &= start is not None and end >= self._end - SLACK
        self._end = max(self._end, end)
        if start is None:
            self._by_start = False
        else:
            self._by_start &= start >= self._start - SLACK
            self._start = max(self._start, start)
        if self._count <= SETTLED or not (self._by_start or self._by_end):
            return float("-inf")
        return self._start if self._by_start else self._end


class Window(Generic[T]):
    """``take`` is called with each item in the order of ``end`` (seconds), as far as the window reaches; ``alone`` with
    one that others cannot wait for. Both before the item is handed on."""

    def __init__(self, take: Callable[[T], None], alone: Callable[[T], None], size: int = WINDOW) -> None:
        self._take, self._alone, self.size = take, alone, size
        self._heap: list[tuple[float, int, _Slot[T]]] = []
        self._sorting = _Sorting()
        self._queue: deque[_Slot[T]] = deque()
        self._count = 0

    def add(self, item: T, end: float | None, start: float | None = None) -> Iterator[T]:
        """One more item, in file order; what can be handed on. Without an ``end`` there is nothing to put in order.
        With a ``start`` an item waits only while it is open whether an earlier one will come."""
        slot = _Slot(item, end is None)
        self._queue.append(slot)
        if end is not None:
            self._count += 1
            heapq.heappush(self._heap, (end, self._count, slot))
            upto = self._sorting.upto(start, end)
            while self._heap and (len(self._heap) > self.size or self._heap[0][0] <= upto):
                self._next()
        # One that ends long after all others must not hold them up for ever.
        if len(self._queue) > PATIENCE * self.size and not self._queue[0].done:
            slot = self._queue[0]
            self._alone(slot.item)
            self._queue[0] = _Slot(slot.item, True)
            slot.done = True
            del slot.item  # the heap holds the slot until its turn comes
        yield from self._ready()

    def flush(self) -> Iterator[T]:
        """The end of the file: everything that is left."""
        while self._heap:
            self._next()
        while self._queue:  # also one that an interruption kept from being taken
            yield self._queue.popleft().item

    def _next(self) -> None:
        slot = heapq.heappop(self._heap)[2]
        if slot.done:
            return
        self._take(slot.item)
        slot.done = True

    def _ready(self) -> Iterator[T]:
        while self._queue and self._queue[0].done:
            yield self._queue.popleft().item
