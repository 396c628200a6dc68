"""Calls that stand in a recording twice: a browser records what the page asked for and what its service worker fetched
for it, and a flow is duplicated by hand. They are one call."""

from typing import Final, NamedTuple

from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Response

MAX_CALLS: Final = 100
"""Calls that are remembered: the two entries of one call end at the same moment, or nearly so."""

SLACK: Final = 0.002
"""Seconds by which times that were rounded may stand outside of each other."""


class _Earlier(NamedTuple):
    start: float
    end: float
    response: Response | None


class Twice:
    """The calls that came last. ``count`` says how many came a second time."""

    def __init__(self) -> None:
        self._last: Bounded[tuple[str | int | None, ...], _Earlier] = Bounded(MAX_CALLS)
        self.count = 0

    def again(self, step: Step, ex: Decoded) -> bool:
        """True if the exchange is one that came before: the same request and response, of which one lies inside the
        time of the other. mitmproxy records each call once: only a duplicate has the very times of another."""
        request = ex.request
        key = request.method, request.host, request.path, hash(request.body), step.own_device, step.sub
        known = self._last.get(key, step.end)
        call = _Earlier(step.start, step.end, ex.response)
        self._last.set(key, call, step.end)
        if known is None or not _alike(known.response, call.response):
            return False
        first, second = sorted((known, call), key=lambda one: one.end - one.start)
        slack = SLACK if ex.recorder is not None else 0.0
        inside = second.start - slack <= first.start and first.end <= second.end + slack
        found = inside if ex.recorder is not None else (known.start, known.end) == (call.start, call.end)
        self.count += found
        return found


def _alike(one: Response | None, other: Response | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.status == other.status and one.body == other.body
