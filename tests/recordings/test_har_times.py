"""Start times as tools write them: understood, or known to be none."""

from typing import Any

import pytest

from passlens.recordings.har_times import milliseconds, start_time

AT = 1767323045.0


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-02T03:04:05.000Z", "2026-01-02T04:04:05+01:00", "2026-01-02T04:04:05+01:00[Europe/Paris]",
        "2026-01-02T03:04:05Z[UTC]", "2026-01-02T03:04:05 UTC", "2026-01-02 03:04:05", "2026/01/02 03:04:05",
        "2026-1-2 3:04:05", "20260102T030405Z", 1767323045000, 1767323045, 1767323045.0, "1767323045000",
        "1767323045", "1767323045.000", 1767323045000000, "Fri, 02 Jan 2026 03:04:05 GMT",
        "Fri, 2 Jan 2026 04:04:05 +0100", "Friday, 02-Jan-2026 03:04:05 GMT", "Fri Jan  2 03:04:05 2026",
        "Fri Jan 02 2026 03:04:05 GMT+0000 (Coordinated Universal Time)", "Fri Jan 02 2026 04:04:05 GMT+0100 (CET)",
        "Thu, 01 Jan 2026 22:04:05 EST", "1/2/2026 3:04:05 AM", "1/2/2026, 3:04:05\u202fAM", "Jan 2, 2026, 3:04:05 AM",
        "Jan 2, 2026 at 3:04:05 AM", "2026-01-02 3:04:05 AM", "02.01.2026 03:04:05", "/Date(1767323045000)/",
        "/Date(1767323045000+0100)/", "1/2/26, 3:04:05 AM", "Friday, 02-Jan-26 03:04:05 GMT",
        "Fri Jan 02 03:04:05 UTC 2026", "Thu Jan 01 22:04:05 EST 2026", "2026-01-02 03:04:05 +0000 UTC",
        "2026-01-02 04:04:05 +0100 CET m=+0.001", "02/Jan/2026:04:04:05 +0100",
    ],
)  # fmt: skip
def test_understood(value: Any) -> None:
    assert start_time(value) == AT


@pytest.mark.parametrize(
    ("value", "hour"), [("1/2/2026 12:04:05 AM", 0), ("1/2/2026 12:04:05 PM", 12), ("1/2/2026 11:04:05 p.m.", 23)]
)
def test_noon_and_midnight(value: str, hour: int) -> None:
    assert start_time(value) == AT + (hour - 3) * 3600


def test_the_month_of_two_numbers_between_slashes() -> None:
    day = 86_400
    assert start_time("13/01/2026 03:04:05") == start_time("1/13/2026 03:04:05") == AT + 11 * day
    assert start_time("12/11/2026 03:04:05") is None  # either
    assert start_time("12/12/2026 03:04:05") == start_time("2026-12-12T03:04:05Z")


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "yesterday", 0, -1, float("nan"), float("inf"), "0001-01-01T00:00:00", "0001-01-01T00:00:00Z",
        "1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00", "1/1/0001 12:00:00 AM",
        "/Date(-62135596800000)/", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05+99:00", "2026-01-02T03:04:05 XYZ",
        "1/2/2026 13:04:05 PM", "1/2/2026 0:04:05 AM", "2026-01-02", "Fri Jan 02 03:04:05 XYZ 2026",
        "Monday, 01-Jan-0001 00:00:00 GMT", [], {}, 10**30, "9" * 200,
    ],
)  # fmt: skip
def test_none(value: Any) -> None:
    assert start_time(value) is None


def test_units_of_numbers() -> None:
    assert start_time(99_999_999_999) == 99_999_999_999
    assert start_time(100_000_000_000) == 100_000_000
    assert start_time(1) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (43, 43),
        ("43", 43),
        ("43.5 ms", 43.5),
        (0, 0),
        (-1, None),
        ("-1", None),
        ("5 s", None),
        (86_400_000, 86_400_000),
        (86_400_001, None),
        (True, None),
    ],
)
def test_durations(value: Any, expected: float | None) -> None:
    assert milliseconds(value) == expected
