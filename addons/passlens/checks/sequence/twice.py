"""Calls that stand in a recording twice: a browser records what the page asked for and what its service worker fetched
for it, and a flow is duplicated by hand. They are one call."""

from typing import Final, NamedTuple

from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded

MAX_CALLS: Final = 100
"""Calls that are remembered: the two entries of one call end at the same moment, or nearly so."""

SLACK: Final = 0.002
"""Seconds by which times that were rounded may stand outside of each other."""


CallSpan = tuple[float, float]
"""Start and end of a call, in seconds since the epoch."""


def one_inside_other(first: CallSpan, second: CallSpan) -> bool:
    """True if one of two spans lies inside the other, but for times that were rounded."""
    inner, outer = sorted((first, second), key=lambda span: span[1] - span[0])
    return outer[0] - SLACK <= inner[0] and inner[1] <= outer[1] + SLACK


class _Earlier(NamedTuple):
    span: CallSpan
    response: tuple[int, int] | None
    """Its status and the hash of its body: bodies themselves are not kept."""


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
        response = (ex.response.status, hash(ex.response.body)) if ex.response is not None else None
        call = _Earlier((step.start, step.end), response)
        self._last.set(key, call, step.end)
        if known is None or known.response != response:
            return False
        found = known.span == call.span if ex.recorder is None else one_inside_other(known.span, call.span)
        self.count += found
        return found
