"""Start times of a HAR entry, as recorders really write them, in seconds since the epoch. Nothing here raises."""

import math
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

_DATE: Final = re.compile(
    r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]((?:[01][0-9]|2[0-3]):[0-9]{2})(?::([0-5][0-9])(?:[.,]([0-9]+))?)?"
    r"\s*(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2})?)?\s*"
)
_DAY: Final = 86_400

_ZONE_NAME: Final = re.compile(r"\s*(?:\[[\w/+:-]{1,64}\]|\([^()]{1,64}\))\s*$")
_GO: Final = re.compile(r"([+-]\d{4}) [A-Z]{3,4}(?: m=[+-]\d{1,10}\.\d{1,12})?$")
"""The zone as Go writes it a second time, and the reading of its monotonic clock."""
_ZONES: Final = {"gmt": 0, "utc": 0, "ut": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
                 "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "bst": 1}  # fmt: skip
"""Hours of the zones that RFC 822 names, and of a few that tools write."""

_MONTHS: Final = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_REST = (
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?\s*"
    r"(?:(?P<zone>[A-Za-z]{1,4})?(?:(?P<sign>[+-])(?P<off>\d{1,2}):?(?P<minutes>\d{2})?)?)"
)
_BASIC = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_WEEKDAY = r"(?:[A-Za-z]{3,9},?\s+)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FORMS: Final = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[\s/-](?P<month>[A-Za-z]{{3,9}})[\s/-]{_YEAR}(?:,?\s+|:){_CLOCK}{_REST}",
        rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3,9}})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}),?\s+(?:at\s+)?{_CLOCK}{_REST}",
        rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3,9}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?:\s+(?P<zone>[A-Z]{{1,4}}))?\s+(?P<year>\d{{4}})",
        rf"(?P<first>\d{{1,2}})/(?P<other>\d{{1,2}})/{_YEAR},?\s+{_CLOCK}{_REST}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}),?\s+{_CLOCK}{_REST}",
        rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})[Tt ,]\s*{_CLOCK}{_REST}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)[Tt]{_BASIC}{_REST}",
    )
)
"""RFC 1123 and 850, the logs of web servers, JavaScript's and Apple's words, asctime and Java's form of it, the United
States' slashes, Germany's dots, ISO 8601 with one digit where two belong or AM and PM, and its basic form."""

_NET: Final = re.compile(r"/?Date\((-?\d{1,17})(?:[+-]\d{4})?\)/?")

_LATEST: Final = 253_402_300_800.0  # the year 10000
_UNITS: Final = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
"""Numbers below so much are seconds, milliseconds, microseconds, nanoseconds since the epoch: from 1973 to 5138."""


def start_time(value: Any) -> float | None:
    """Seconds since the epoch of a date as recorders write it; UTC where no zone stands. None if it is no date, or a
    zero value that stands for none: 0 of C and JavaScript, the year 1 of .NET and Go, 1601 of Windows.

    >>> start_time("Fri, 02 Jan 2026 03:04:05 GMT") == start_time(1767323045000) == start_time("1/2/2026 3:04:05 AM")
    True
    """
    found = _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, str):
        found = _iso(value)
        if found is None:
            found = _other(value.strip()) if len(value) <= 100 else None
    return found if found is not None and 0 < found < _LATEST else None


def _number(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return next((value / unit for limit, unit in _UNITS if 0 < value < limit), None)


def _iso(value: str) -> float | None:
    """The common form: ISO 8601."""
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    date, time, second, fraction, sign, hours, minutes = match.groups()
    offset = int(f"{sign}1") * (int(hours) * 3600 + int(minutes or 0) * 60) if sign else 0
    start = _minute(date, time)
    if start is None or abs(offset) >= _DAY:
        return None
    return start + int(second or 0) - offset + float("0." + (fraction or "0")[:9])


def _other(text: str) -> float | None:
    text = _GO.sub(r"\1", _ZONE_NAME.sub("", re.sub("[\u00a0\u202f]", " ", text)))  # what ICU puts before AM
    if (found := _iso(text)) is not None:
        return found
    if re.fullmatch(r"\d{9,19}(?:\.\d{1,9})?", text, re.ASCII):
        return _number(float(text))
    if (match := _NET.fullmatch(text)) is not None:
        return int(match[1]) / 1000
    for form in _FORMS:
        if (match := form.fullmatch(text)) is not None:
            return _made(match.groupdict())
    return None


def _made(parts: dict[str, str | None]) -> float | None:
    """The time that the named parts of a form make, None if they make none."""
    if "first" in parts:
        parts = _slashes(parts)
    month = str(parts["month"]).lower()
    zone, sign = (parts.get("zone") or "").lower(), parts.get("sign")
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    if zone and zone not in _ZONES:
        return None
    offset = timedelta(hours=_ZONES.get(zone, 0))
    if sign:
        offset = int(f"{sign}1") * timedelta(hours=int(parts.get("off") or 0), minutes=int(parts.get("minutes") or 0))
    try:
        day = int(month) if month.isdigit() else _MONTHS[month[:3]]
        year = f"20{parts['year']}"[-4:]
        moment = datetime(int(year), day, int(parts["day"] or 0), hour, int(parts["minute"] or 0),
                          int(parts.get("second") or 0), tzinfo=UTC)  # fmt: skip
        if abs(offset) >= timedelta(days=1):
            return None
        seconds = (moment - offset).timestamp()
    except (KeyError, ValueError, OverflowError):
        return None
    return seconds + float("0." + (parts.get("fraction") or "0"))


def _slashes(parts: dict[str, str | None]) -> dict[str, str | None]:
    """Which of two numbers is the month: the first with AM or PM, which the United States write; else the one that can
    be, and where both can, neither is known."""
    first, other = int(parts["first"] or 0), int(parts["other"] or 0)
    if first > 12 or (first == other):
        month, day = other, first
    elif other > 12 or parts.get("half"):
        month, day = first, other
    else:
        month = day = 0
    return parts | {"month": str(month), "day": str(day)}


@lru_cache(maxsize=256)
def _minute(date: str, time: str) -> float | None:
    """Seconds since the epoch at which a minute begins; entries of one recording share many."""
    try:
        return datetime.fromisoformat(f"{date}T{time}+00:00").timestamp()
    except ValueError:
        return None


_MAX_DURATION: Final = 1000 * _DAY
"""Milliseconds. Chrome wrote times of its own clock for some entries."""


def milliseconds(value: Any) -> float | None:
    """A duration, also as a text; None for what is none, such as -1, or a time that stands in its place."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?(?:\s*ms)?", value.strip(), re.ASCII):
        value = float(value.strip().removesuffix("ms"))
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not 0 <= value <= _MAX_DURATION
    ):
        return None
    return float(value)
