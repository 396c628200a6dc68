"""Dates of headers, in the forms that a recipient has to know, and what is none."""

import pytest

from passlens.util.http_date import http_date


@pytest.mark.parametrize(
    "text", ["Fri, 02 Jan 2026 03:04:05 GMT", "Friday, 02-Jan-26 03:04:05 GMT", "Fri, 02 Jan 2026 04:04:05 +0100"]
)
def test_a_date_is_read(text: str) -> None:
    assert http_date(text) == 1767323045


@pytest.mark.parametrize(
    "text", ["", "120", "tomorrow", "Fri, 32 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 99999 03:04:05 GMT"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert http_date(text) is None
