"""Times of rule files and of traffic."""

import pytest

from passlens.scenarios.times import read, resolve

NOW = 1767323045.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("now", NOW),
        ("now +5 minutes", NOW + 300),
        ("now - 1 day", NOW - 86400),
        ("now+2hours", NOW + 7200),
        ("now +1 second", NOW + 1),
        ("now -999999 seconds", NOW - 999_999),
        ("2026-01-02T03:04:05Z", NOW),
        ("2026-01-02T04:04:05+01:00", NOW),
        ("2026-01-02 03:04:05", NOW),
    ],
)
def test_resolve(text: str, seconds: float) -> None:
    assert resolve(text, NOW) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "now 5 minutes", "now +5 years", "2026-13-01", "now +5", "now +1000000 seconds"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        resolve(text, NOW)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1767323045000", NOW),
        (1767323045, NOW),
        (1767323045.0, NOW),
        (99_999_999_999, 99_999_999_999.0),
        (100_000_000_000, 100_000_000.0),
        (0, 0.0),
        ("9" * 16, 9_999_999_999_999.999),
        ("0" * 17, None),
        (10**16, None),
        ("soon", None),
        (True, None),
        (None, None),
        (-1, None),
        ("9" * 30, None),
        ("²", None),
    ],
)
def test_read(value: object, seconds: float | None) -> None:
    assert read(value) == seconds
