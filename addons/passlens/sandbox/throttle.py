"""Throttling as its page tells it: a device may make so many calls in each second, and a few more, once.
A device is told by its address, which is that of X-Forwarded-For where a server calls for it."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from passlens.exchange.decoded import Decoded
from passlens.sandbox.world import Throttle

MAX_ADDRESSES: Final = 10_000
"""Addresses that are remembered; the one that has been silent for longest goes first."""

_MAX_ADDRESS_CHARS: Final = 64


@dataclass
class _Counter:
    began: float
    second: int
    calls: int
    burst: int


class Throttling:
    """Counts calls by address. Seconds are full ones from an address's first call: after the burst is used up, calls
    are taken again from the next full second on, as in the page's example."""

    def __init__(self) -> None:
        self._counters: OrderedDict[str, _Counter] = OrderedDict()

    def refuses(self, limits: Throttle, ex: Decoded, now: float) -> bool:
        """True if a call at ``now`` (epoch seconds) is one too many; counts it otherwise."""
        address = _address(ex)
        counter = self._counters.get(address)
        if counter is None or now < counter.began:
            counter = _Counter(now, 0, 0, limits.burst)
            while len(self._counters) >= MAX_ADDRESSES:
                self._counters.popitem(last=False)
            self._counters[address] = counter
        self._counters.move_to_end(address)
        second = int(now - counter.began)
        if second != counter.second:
            counter.second, counter.calls = second, 0
        if counter.calls < limits.per_second:
            counter.calls += 1
        elif counter.burst:
            counter.burst -= 1
        else:
            return True
        return False


def _address(ex: Decoded) -> str:
    forwarded = (ex.request.header("X-Forwarded-For") or "").split(",")[0].strip()
    return (forwarded or ex.request.client or "")[:_MAX_ADDRESS_CHARS]
