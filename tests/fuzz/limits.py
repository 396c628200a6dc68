"""What one input may cost: CPU time and memory by its size. A machine that is busy is told from slow code by trying
again; what was remembered from one try does not make the next one fast."""

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

SIZE = 100_000
"""Bytes that the limits are for; a shorter input may take as much, a longer one more in proportion."""

SECONDS = 0.05
BYTES = 32 << 20
TRIES = 4
YARDSTICK = 0.008
"""Seconds that the yardstick takes where the limits were set."""

T = TypeVar("T")


class TooSlow(AssertionError):
    """An input takes longer than its size allows."""


class TooLarge(AssertionError):
    """An input takes more memory than its size allows."""


@lru_cache(maxsize=1)
def _caches(modules: int) -> list[Any]:
    ours = [module for name, module in list(sys.modules.items()) if name.startswith("passlens")]
    values = [value for module in ours for value in list(vars(module).values()) if not isinstance(value, type)]
    return [value for value in values if hasattr(value, "cache_clear")]


def forget() -> None:
    """Empty the caches of passlens."""
    for cached in _caches(len(sys.modules)):
        cached.cache_clear()


def within(seconds: float, run: Callable[[], T]) -> T:
    """What ``run`` gives; raises TooSlow if even the fastest of some tries takes more CPU time than it may, where the
    yardstick takes ``YARDSTICK``."""
    best = float("inf")
    for _ in range(TRIES):
        forget()
        started = time.thread_time()
        result = run()
        best = min(best, time.thread_time() - started)
        # Only what is too slow is worth a look at how fast the machine is by now.
        if best <= seconds or best <= seconds * _yardstick() / YARDSTICK:
            return result
    raise TooSlow(f"{best * 1000:.0f} ms, {seconds * 1000:.0f} ms are allowed on a machine of {YARDSTICK} s")


def _yardstick() -> float:
    """Seconds of CPU time that some plain work takes: loops, dictionaries and texts."""
    started = time.thread_time()
    counts: dict[str, int] = {}
    for number in range(60_000):
        word = f"{number % 999}"
        counts[word] = counts.get(word, 0) + len(word)
    return time.thread_time() - started


def within_time(run: Callable[[bytes], Any], data: bytes, seconds: float = SECONDS) -> None:
    """Run an input, for which a time is allowed by its size."""
    within(seconds * max(len(data) / SIZE, 1), lambda: run(data))


def within_memory(run: Callable[[bytes], Any], data: bytes, most: int = BYTES) -> None:
    """Run an input; raise TooLarge if it takes more memory at a time than it may."""
    allowed = most * max(len(data) / SIZE, 1)
    forget()
    tracemalloc.start()
    try:
        run(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if peak > allowed:
        raise TooLarge(f"{peak >> 20} MiB for {len(data)} bytes, {int(allowed) >> 20} MiB are allowed")


def stretched(data: bytes, seed: int, size: int = SIZE) -> bytes:
    """An input of that size, in which one part of this one is repeated: what grows faster than its input shows so."""
    if not data:
        return data
    begin = seed % len(data)
    part = data[begin : begin + 1 + seed // 7 % min(len(data), 64)]
    return data[:begin] + part * (max(size - len(data), 0) // len(part)) + data[begin:]
