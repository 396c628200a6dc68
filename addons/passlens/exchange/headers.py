"""Headers as one object for all requests that have the same: a device sends its headers again and again, and what is
read of them is read once. Bounded in number and in size, because a device that means harm does not repeat itself."""

from functools import lru_cache
from itertools import chain
from typing import Any, Final

from passlens.util.cached_property import cached_property

Headers = tuple[tuple[str, str], ...]
"""Names and values as received: order, case and repeats kept."""

MAX_COUNT: Final = 256
"""Headers that are remembered; a device has about a dozen."""

MAX_CHARS: Final = 1 << 13
"""Characters of headers that are remembered; documented ones have some two thousand."""


class KnownHeaders(tuple[tuple[str, str], ...]):
    """The same, and what was read of them."""

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Values by lower-case name, in order."""
        found: dict[str, list[str]] = {}
        for name, value in self:
            found.setdefault(name.lower(), []).append(value)
        return found

    @cached_property
    def views(self) -> dict[Any, Any]:
        """What others have read of these headers, by a key of theirs."""
        return {}


def length(pairs: Headers | tuple[tuple[bytes, bytes], ...]) -> int:
    """Characters, or bytes, of all names and values."""
    return sum(map(len, chain.from_iterable(pairs)))


def known(headers: Headers) -> KnownHeaders:
    """The one object for these headers; long ones get a new one each time."""
    if isinstance(headers, KnownHeaders):
        return headers
    return _known(headers) if length(headers) <= MAX_CHARS else KnownHeaders(headers)


@lru_cache(maxsize=MAX_COUNT)
def _known(headers: Headers) -> KnownHeaders:
    return KnownHeaders(headers)
