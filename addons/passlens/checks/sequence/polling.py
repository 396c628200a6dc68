"""PL632 to PL636: how an app waits for the user to sign in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import MAX_RELATED, SequenceCheck, seconds
from passlens.checks.sequence.groups import DECISIONS, POLL, PROFILES, SESSIONS
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step

MIN_GAP: Final = 2.7
"""Seconds between two polls: the pages say 3, less 10 % for timers (passlens' own)."""

MANY_POLLS: Final = 5
"""Polls from which a median is an error (passlens' own)."""

MAX_GAPS: Final = 100
"""Gaps of a code that the median is taken of."""

ERROR_FROM: Final = 3
"""Which poll after success is an error (passlens' own); those before are notes."""

OLD_CODE_GRACE: Final = 5.0
"""Seconds after a new code in which one poll of the old one is fine: the usual distance of polls."""

LISTS: Final = 4
LISTS_WITHIN: Final = 60.0
"""Reads of the profile list within so many seconds that look like polling (passlens' own)."""

CODE_OVER: Final = frozenset({"invalid_authentication_session", "invalid_parameter_code"})
"""Errors that say that a code is over, or never was."""

PollKey = tuple[str | None, str | None, str | None]


def key_of(step: Step) -> PollKey:
    """A code, as one registration polls it; a code that is masked is none."""
    return step.actor, step.service_provider, step.code


@dataclass
class _Polls:
    last: int = 0
    start: float = 0.0
    answered: bool = False
    count: int = 0
    gaps: list[float] = field(default_factory=list)
    fast: list[int] = field(default_factory=list)
    reported: Severity | None = None


class PollingTooFast(SequenceCheck):
    """The app asks for the profile of a code more often than every 3 seconds.

    Why: Polls are to come every 3 to 5 seconds or slower; faster ones run into the rate limit, and the answer 429
    stops the sign-in.
    Example: GET /profiles/code/{code} every 0.5 s.
    Do: Wait at least 3 seconds between two polls.
    """

    operations = frozenset({POLL})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._polls: Bounded[PollKey, _Polls] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.code is None:
            return
        key = key_of(step)
        polls = self._polls.get(key, step.end) or _Polls()
        gap = round(step.start - polls.start, 3)  # recordings have milliseconds
        polls.count += 1
        # One entry twice, as browsers record what a service worker fetched, or a tool that knows one time only.
        if polls.count > 1 and polls.answered and gap > 0:
            polls.gaps = [*polls.gaps[-MAX_GAPS + 1 :], gap]
            if gap < MIN_GAP:
                polls.fast = [*polls.fast[-MAX_RELATED + 1 :], polls.last]
                yield from self._hit(polls)
        polls.last, polls.start, polls.answered = step.index, step.start, step.answered
        self._polls.set(key, polls, step.end)

    @staticmethod
    def _hit(polls: _Polls) -> Iterator[Hit]:
        middle = median(polls.gaps)
        steady = polls.count >= MANY_POLLS and middle < MIN_GAP
        if polls.reported == "error" or (polls.reported is not None and not steady):
            return
        polls.reported = "error" if steady else "warning"
        actual = f"{polls.count} polls, shortest gap {seconds(min(polls.gaps))}, median {seconds(middle)}"
        words = "The app polls faster than every 3 s: {actual}."
        yield Hit("path:code", words, "3 s or more", actual, polls.reported, related=tuple(polls.fast))


class PollingAfterSuccess(SequenceCheck):
    """The app goes on polling after it got the profile.

    Why: The first response with a profile ends the polling; every later poll costs rate limit that decisions need.
    Example: a response with a profile for the code, and GET /profiles/code/{code} again 5 s later.
    Do: Stop the timer when the response holds a profile.
    """

    operations = frozenset({POLL, "logout"}) | SESSIONS | DECISIONS
    begins = frozenset({POLL})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._done: Bounded[PollKey, tuple[int, float, int]] = Bounded()
        self._codes: Bounded[tuple[str | None, str | None], str | None] = Bounded()
        self.memory = self._codes

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation != POLL:
            # A decision, a logout or a new session begins something else; reading the profile again is fine then.
            code = self._codes.pop(step.who)
            if code is not None:
                self._done.pop((*step.who, code))
            return
        if step.code is None:
            return
        key = key_of(step)
        known = self._done.get(key, step.end)
        if known is not None and step.start >= known[1]:
            index, end, count = known[0], known[1], known[2] + 1
            self._done.set(key, (index, end, count), step.end)
            words = "The app polls on after it got the profile of this code: poll number {actual} since."
            yield Hit(
                "path:code", words, "no poll after success", str(count),
                "error" if count >= ERROR_FROM else "note", related=(index,),
            )  # fmt: skip
        elif known is None and step.ok and step.profiles:
            self._done.set(key, (step.index, step.end, 0), step.end)
            self._codes.set(step.who, step.code, step.end)


class PollingAfterExpiry(SequenceCheck):
    """The app goes on polling after the code ran out.

    Why: A code that is over never brings a profile; the user needs a new one.
    Example: a poll two minutes after notAfter of the session.
    Do: Stop at notAfter, and offer to start again with a new session.
    """

    operations = frozenset({POLL})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._fine: Bounded[PollKey, int] = Bounded()
        self._over: Bounded[PollKey, int] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.code is None:
            return
        key, session = key_of(step), self.history.session(step)
        if step.ok:
            self._fine.set(key, step.index, step.end)
        over = self._over.get(key, step.end)
        not_after = session.not_after if session is not None else None
        late = not_after is not None and step.start > not_after + CLOCK_TOLERANCE and not (step.ok and step.profiles)
        if session is not None and late:
            words, actual = "The app polls a code that ran out {actual} ago.", seconds(step.start - (not_after or 0))
            yield Hit("path:code", words, "no poll after notAfter", actual, related=(session.created,))
        elif over is not None and self._fine.get(key, step.end) is not None:
            words = "The app polls on although the server said that the code is over: {actual}."
            yield Hit("path:code", words, "no poll after that", step.error or "", "note", related=(over,))
        if step.error in CODE_OVER and over is None:
            self._over.set(key, step.index, step.end)


class PollingOldCode(SequenceCheck):
    """The app polls a code after it got a newer one.

    Why: A new session replaces the one before; what the user does with the new code is never seen by a poll of the
    old one.
    Example: POST /sessions brings a second code, and GET /profiles/code goes on with the first.
    Do: Stop the old timer when a new session is made.
    """

    operations = frozenset({POLL})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._counts: Bounded[PollKey, int] = Bounded()
        self._polled: Bounded[PollKey, float] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.code is None:
            return
        key = key_of(step)
        first = self._polled.get(key, step.end)
        if first is None:
            self._polled.set(key, step.start, step.end)
        newest, own = self.history.newest.get(step.who, step.end), self.history.session(step)
        if step.sub is None or newest is None or newest.code == step.code or step.start < newest.created_end:
            return
        since = own.created_end if own is not None and own.actor == step.actor else first
        if since is None or since > newest.created_end:
            return  # where this code comes from is not known
        if own is not None and own.mvpd and newest.mvpd and own.mvpd != newest.mvpd:
            return
        if step.device is not None and newest.device is not None and step.device != newest.device:
            return  # a server calls for several devices with one registration
        known = self._counts.get(key, step.end)
        if known is None and step.start - newest.created_end <= OLD_CODE_GRACE:
            self._counts.set(key, 0, step.end)
            return
        count = (known or 0) + 1
        self._counts.set(key, count, step.end)
        words = "The app polls a code although it got a newer one: poll number {actual} since."
        severity: Severity = "warning" if count == 1 else "error"
        yield Hit("path:code", words, "the newest code", str(count), severity, related=(newest.created,))


class PollingProfileList(SequenceCheck):
    """The app reads the list of profiles again and again while a code is open.

    Why: The profile of a sign-in is asked for by its code; the list is for later.
    Example: four GET /profiles within a minute, all empty, while a code waits for the user.
    Do: Poll GET /profiles/code/{code} every 3 to 5 seconds.
    """

    operations = PROFILES

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._reads: Bounded[tuple[str | None, str | None], list[tuple[float, int]]] = Bounded()
        self._reported: Bounded[tuple[str | None, str | None, str], bool] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        who = step.who
        session = self.history.newest.get(who, step.end)
        if session is None or not session.is_open(step.start) or step.profiles is None or step.profiles:
            self._reads.pop(who)
            return
        reads = [one for one in self._reads.get(who, step.end) or [] if step.start - one[0] <= LISTS_WITHIN]
        reads = [*reads[-LISTS:], (step.start, step.index)]
        self._reads.set(who, reads, step.end)
        key = (*who, session.code)
        if len(reads) >= LISTS and not self._reported.get(key, step.end):
            self._reported.set(key, True, step.end)
            words = "The app reads the list of profiles while a code is open: {actual} times within a minute."
            related = tuple(index for _, index in reads[:-1])
            yield Hit("status", words, "profiles by code", str(len(reads)), related=related)
