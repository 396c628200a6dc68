"""Puts exchanges of a recording in the order of their ends, and hands them on in the order of the file.
The window is bounded: what comes later than it reaches is judged alone."""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

WINDOW: Final = 5000
"""Exchanges that wait to be put in order: browsers write a .har by starts or by pages."""

PATIENCE: Final = 1.2
"""Of the window's size, how many may wait for one that ends long after them."""

T = TypeVar("T")


@dataclass
class _Slot(Generic[T]):
    item: T
    done: bool = False


class Window(Generic[T]):
    """``take`` is called with each item in the order of ``end`` (seconds), as far as the window reaches; ``alone`` with
    one that others cannot wait for. Both before the item is handed on."""

    def __init__(self, take: Callable[[T], None], alone: Callable[[T], None], size: int = WINDOW) -> None:
        self._take, self._alone, self.size = take, alone, size
        self._heap: list[tuple[float, int, _Slot[T]]] = []
        self._queue: deque[_Slot[T]] = deque()
        self._count = 0

    def add(self, item: T, end: float | None) -> Iterator[T]:
        """One more item, in file order; what can be handed on. Without an ``end`` there is nothing to put in order."""
        slot = _Slot(item, end is None)
        self._queue.append(slot)
        if end is not None:
            self._count += 1
            heapq.heappush(self._heap, (end, self._count, slot))
            if len(self._heap) > self.size:
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
        yield from self._ready()

    def _next(self) -> None:
        slot = heapq.heappop(self._heap)[2]
        if slot.done:
            return
        self._take(slot.item)
        slot.done = True

    def _ready(self) -> Iterator[T]:
        while self._queue and self._queue[0].done:
            yield self._queue.popleft().item
