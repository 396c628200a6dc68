"""The dates of HTTP headers: Date, and Retry-After where it names a time."""

from email.utils import parsedate_to_datetime


def http_date(text: str) -> float | None:
    """A date (RFC 9110, 5.6.7) in seconds since the epoch; None for a text that is none.

    >>> http_date("Fri, 02 Jan 2026 03:04:05 GMT"), http_date("tomorrow")
    (1767323045.0, None)
    """
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
