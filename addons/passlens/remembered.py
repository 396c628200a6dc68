"""Results that are remembered, because devices repeat themselves. Bounded in number and in size, because a device that
means harm does not: what is long is remembered for the exchange at hand only."""

import functools
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

LONGEST: Final = 4096
"""Characters of all arguments together; a documented header has some hundred."""

_AT_HAND: Final = 4
"""Long ones that are remembered: several parts of passlens ask for the same header of one exchange."""

T = TypeVar("T")


class Remembered(Generic[T]):
    """A function of texts, and flat tuples of them, that remembers what it returned."""

    def __init__(self, make: Callable[..., T], most: int, longest: int) -> None:
        functools.update_wrapper(self, make)
        self._longest = longest
        self._short = functools.lru_cache(maxsize=most)(make)
        self._long = functools.lru_cache(maxsize=_AT_HAND)(make)

    def __call__(self, *values: Any) -> T:
        first = values[0]
        # The usual case without a call: this stands in the way of every exchange.
        size = len(first) if len(values) == 1 and type(first) is str else _size(values)
        return self._short(*values) if size <= self._longest else self._long(*values)

    def cache_clear(self) -> None:
        """Forget everything."""
        self._short.cache_clear()
        self._long.cache_clear()


def remembered(most: int, longest: int = LONGEST) -> Callable[[Callable[..., T]], Remembered[T]]:
    """Let a function remember its last ``most`` results, but few of those for more than ``longest`` characters."""
    return lambda make: Remembered(make, most, longest)


def _size(values: tuple[Any, ...]) -> int:
    size = 0
    for value in values:
        if isinstance(value, (str, bytes)):
            size += len(value)
        elif isinstance(value, tuple):
            size += sum(map(len, value))
    return size
