"""PL680 to PL683: what an app does after an error."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from passlens.checks.finding import Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import MAX_RELATED, SequenceCheck, seconds
from passlens.checks.sequence.groups import POLL, REGISTRATION, SESSIONS
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step
from passlens.rest_v2.errors import MIN_WAIT_SECONDS, THROTTLED

EXPLAINED: Final = 2.0
"""Seconds before a 429 whose calls are listed."""

BURST: Final = 13
BURST_SECONDS: Final = 3.0
"""More calls than this in so many seconds are over the rate whatever was before: a burst of 10 and one a second (the
window is passlens' own)."""

MAX_CALLS: Final = 51
"""Calls of one client that are remembered."""

ON_THE_WAY: Final = 0.3
"""Seconds after a 429 in which a call was already on its way (passlens' own)."""

LOOP_STATUSES: Final = frozenset({400, 401, 403, 404, 405})
LOOP: Final = 4
LOOP_SECONDS: Final = 60.0
"""Equal answers to equal calls within so many seconds that are a loop (passlens' own)."""

BY_HAND: Final = 10.0
"""Seconds after which a repetition may be the user's (passlens' own)."""

REMEMBERED: Final = 600.0
"""Seconds for which the action of an error is waited for (passlens' own)."""

CURES: Final[dict[str, frozenset[str]]] = {
    "authentication": frozenset({*SESSIONS, "partner-profile"}),
    "application-registration": frozenset({"dcr-register"}),
    "configuration": frozenset(),
    "none": frozenset(),
}
"""By the action of an error, the calls after which the same call makes sense again; retry and others are not judged."""

_CURED_BY: Final = {
    operation: [action for action, cures in CURES.items() if operation in cures]
    for operation in frozenset().union(*CURES.values())
}
"""The same by call."""


class OverRate(SequenceCheck):
    """More calls than the rate limit allows.

    Why: A device may call once a second after a first burst of ten; what is more is answered 429.
    Example: 429 after 12 polls in 2 seconds.
    Do: Look for the loop that the message names.
    """

    operations = None

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._calls: Bounded[str | None, deque[tuple[float, int, str]]] = Bounded()
        self._reported: Bounded[str | None, bool] = Bounded(max_age=60.0)

    def feed(self, step: Step) -> Iterator[Hit]:
        key = step.client or step.actor
        calls = self._calls.get(key, step.end)
        if calls is None:
            calls = deque(maxlen=MAX_CALLS)
        while calls and calls[0][0] <= step.start - BURST_SECONDS:
            calls.popleft()
        calls.append((step.start, step.index, step.operation))
        self._calls.set(key, calls, step.end)
        if step.status == THROTTLED:
            recent = [one for one in calls if one[0] > step.start - EXPLAINED]
            words = "Too many requests: in the 2 s before, {actual}."
            if len(recent) <= EXPLAINED:
                words = "Too many requests, though only {actual} came in the 2 s before: others may share the address."
        elif len(calls) > BURST and not self._reported.get(key, step.end):
            recent = [one for one in calls if one[0] > step.start - BURST_SECONDS]
            if len(recent) <= BURST:
                return
            self._reported.set(key, True, step.end)
            words = "More calls than the rate limit allows: in 3 s, {actual}."
        else:
            return
        counts = ", ".join(f"{name} {count}" for name, count in Counter(one[2] for one in recent).most_common(5))
        related = tuple(index for _, index, _ in recent[:-1])[-MAX_RELATED:]
        yield Hit("status", words, "1 a second after 10", counts, related=related)


class NoWaitAfter429(SequenceCheck):
    """The app called again less than a second after a 429.

    Why: After a 429 a client must wait for at least one second; calls before that are refused as well.
    Example: a 429, and the next poll half a second later.
    Do: Wait for a second or more after a 429, longer each time.
    """

    operations = None
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._throttled: Bounded[tuple[str | None, str | None], tuple[int, float]] = Bounded()
        self._counts: Bounded[tuple[str | None, str | None], int] = Bounded()
        self.memory = self._throttled

    def feed(self, step: Step) -> Iterator[Hit]:
        key = step.device, step.bearer or (step.client if step.operation in REGISTRATION else None)
        if key == (None, None):
            return
        known = self._throttled.get(key, step.end)
        if known is not None and ON_THE_WAY < step.start - known[1] < MIN_WAIT_SECONDS:
            count = (self._counts.get(key, step.end) or 0) + 1
            self._counts.set(key, count, step.end)
            words = "The call came {actual} after a 429; at least 1 second has to pass."
            severity: Severity = "warning" if count == 1 else "error"
            yield Hit("status", words, "1 s or more", f"{step.start - known[1]:.2f} s", severity, related=(known[0],))
        if step.status == THROTTLED:
            self._throttled.set(key, (step.index, step.end), step.end)


class ErrorLoop(SequenceCheck):
    """The same call got the same error again and again.

    Why: Errors of a client do not pass by themselves; repeating the call changes nothing.
    Example: four times the same GET answered 403 within a minute.
    Do: Stop, and do what the error says.
    """

    operations = None
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._errors: Bounded[tuple[str | None, str, int], list[tuple[float, int]]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.status not in LOOP_STATUSES or step.operation == POLL or step.call is None:
            return
        key = step.actor, step.call, step.status or 0
        errors = [one for one in self._errors.get(key, step.end) or [] if step.start - one[0] <= LOOP_SECONDS]
        errors.append((step.start, step.index))
        if len(errors) == LOOP:
            words = "The same call was answered {actual} four times within a minute."
            related = tuple(index for _, index in errors[:-1])
            yield Hit("status", words, "no repetition", str(step.status), related=related)
            errors = []
        self._errors.set(key, errors, step.end)


@dataclass
class _Error:
    index: int
    end: float
    action: str
    headers: str | None
    told: bool = False


class ErrorActionIgnored(SequenceCheck):
    """The app repeated a call without doing what the error asked for.

    Why: The action of an error says what helps: a sign-in, a registration, another configuration, or nothing.
    Where it says none or configuration, a call with another header or token is another call.
    Example: an error with the action authentication, and the same call again before any session.
    Do: Do what the action says before the call is made again.
    """

    operations = None
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._errors: Bounded[tuple[str | None, str], _Error] = Bounded(max_age=REMEMBERED)
        self._cured: Bounded[tuple[str | None, str], float] = Bounded()
        self.memory = self._errors

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation == POLL:
            return
        for action in _CURED_BY.get(step.operation, ()):
            if step.ok:
                self._cured.set((step.actor if action == "authentication" else None, action), step.end, step.end)
        if step.call is None:
            return
        key = step.actor, step.call
        known = self._errors.get(key, step.end)
        if known is not None and not _is_same(step, known):
            known = None
        told = known is not None and known.told
        if known is not None and not told and step.start >= known.end and not self._is_cured(step, known):
            gap = step.start - known.end
            if CURES[known.action] or gap <= BY_HAND:
                told = True
                severity: Severity = "note" if gap > BY_HAND else "warning"
                words = "The same call again after {actual}, though the error asked for the action {expected}."
                yield Hit("status", words, known.action, seconds(gap), severity, related=(known.index,))
        if step.error_action in CURES and step.status is not None and step.status < 500:
            error = _Error(step.index, step.end, step.error_action or "", step.headers_key, told)
            self._errors.set(key, error, step.end)
        else:
            self._errors.pop(key)

    def _is_cured(self, step: Step, error: _Error) -> bool:
        who = step.actor if error.action == "authentication" else None
        cured = self._cured.get((who, error.action), step.end)
        return cured is not None and cured >= error.end


def _is_same(step: Step, error: _Error) -> bool:
    """True unless the call was mended: where no other call helps, another header or token may be what the error asked
    for. Headers that were not recorded may differ."""
    return bool(CURES[error.action]) or (error.headers is not None and error.headers == step.headers_key)
