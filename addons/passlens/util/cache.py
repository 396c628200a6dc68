"""A cache by the value of texts, because devices repeat themselves. Bounded in number and in size, because a device
that means harm does not: what is long is worked out anew."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Final, Generic, TypeVar

MAX_CHARS: Final = 4096
"""Characters of all texts together; a documented header has some hundred."""

T = TypeVar("T")


class CachedByValue(Generic[T]):
    """A function of texts that keeps its last results. Failures are not kept."""

    def __init__(self, make: Callable[..., T], count: int, chars: int) -> None:
        update_wrapper(self, make)
        self._make, self._chars = make, chars
        self._kept = lru_cache(maxsize=count)(make)

    def __call__(self, *texts: str | bytes) -> T:
        return self._kept(*texts) if sum(map(len, texts)) <= self._chars else self._make(*texts)

    def cache_clear(self) -> None:
        """Forget everything."""
        self._kept.cache_clear()


def cached_by_value(count: int, chars: int = MAX_CHARS) -> Callable[[Callable[..., T]], CachedByValue[T]]:
    """Keep the last ``count`` results of a function of texts, but none for more than ``chars`` characters."""
    return lambda make: CachedByValue(make, count, chars)
