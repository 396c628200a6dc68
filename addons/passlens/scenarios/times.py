"""Times in rule files: ``now``, ``now +5 minutes``, an ISO 8601 time; and times in traffic: seconds or milliseconds.
All are seconds since the epoch here; ``now`` is the exchange's clock."""

import re
from datetime import UTC, datetime
from typing import Any, Final

_RELATIVE: Final = re.compile(r"now(?:\s*(?P<sign>[+-])\s*(?P<count>\d{1,6})\s*(?P<unit>[a-z]+))?")
_UNITS: Final = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
_MILLISECONDS: Final = 1e11
"""From here on a number is milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973."""


def resolve(text: str, now: float) -> float:
    """A time of a rule file; raises ValueError with a clause.

    >>> resolve("now -2 minutes", 1000.0)
    880.0
    """
    if match := _RELATIVE.fullmatch(text.strip()):
        if match["sign"] is None:
            return now
        unit = _UNITS.get(match["unit"].removesuffix("s"))
        if unit is None:
            raise ValueError(f"{match['unit']!r} is no unit of time; known are {', '.join(_UNITS)}")
        return now + float(f"{match['sign']}{match['count']}") * unit
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no time; write now, now -5 minutes, or 2026-01-02T03:04:05Z") from None


def read(value: Any) -> float | None:
    """A time in traffic: epoch seconds or milliseconds, a number or digits in a text; None for anything else.

    >>> read("1767323045000") == read(1767323045)
    True
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e16:
        return None
    return value / 1000 if value >= _MILLISECONDS else float(value)
