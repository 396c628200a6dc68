"""A memory of limited size and age: what a sequence check remembers of devices and codes, however many there are."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

MAX_COUNT: Final = 2000
"""Devices, tokens or codes that one check remembers; a desk has a handful, a recording of a lab some hundred."""

MAX_AGE: Final = 24 * 3600.0
"""Seconds after which something is forgotten; a code lives for half an hour, an access token for a day."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """The values set last, by key; the oldest one goes when there are too many. ``dropped`` counts those. ``held`` has
    them with their times, the oldest first; a check that holds nothing has nothing to compare with."""

    def __init__(self, max_count: int = MAX_COUNT, max_age: float = MAX_AGE) -> None:
        self._max_count, self._max_age = max_count, max_age
        self.held: Final[OrderedDict[K, tuple[float, V]]] = OrderedDict()  # forgets its oldest at once
        self.dropped = 0

    def get(self, key: K, now: float) -> V | None:
        """The value, or None where there is none that is young enough at ``now`` (seconds)."""
        found = self.held.get(key)
        return None if found is None or now - found[0] > self._max_age else found[1]

    def set(self, key: K, value: V, now: float) -> None:
        """Remember a value as of ``now``."""
        self.held[key] = (now, value)
        self.held.move_to_end(key)
        if len(self.held) > self._max_count:
            self.held.popitem(last=False)
            self.dropped += 1

    def pop(self, key: K) -> V | None:
        """Forget a value; what it was."""
        found = self.held.pop(key, None)
        return None if found is None else found[1]
