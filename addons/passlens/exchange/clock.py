"""Which time it was for the server: recorders inside apps write local time as UTC, and clocks of devices may be years
apart. Tokens, profiles and statuses end by the server's clock, which its answer tells."""

from typing import Final

from passlens.exchange.model import Exchange
from passlens.util.http_date import http_date

APART: Final = 60.0
"""Seconds by which two clocks may differ that are taken for right."""


def sent_at(exchange: Exchange) -> float | None:
    """When a request was sent: by the recorder's clock, or by the server's (Date, RFC 9110, 6.6.1) where they are
    apart. None where nobody knows the start. What a cache answers has the date of another answer."""
    started, response = exchange.started, exchange.response
    if started is None or response is None or exchange.cached:
        return started
    dated = http_date(response.header("Date") or "")
    if dated is None:
        return started
    apart = dated - (started + (exchange.duration_ms or 0.0) / 1000)
    return started if abs(apart) <= APART or response.header("Age") is not None else started + apart
