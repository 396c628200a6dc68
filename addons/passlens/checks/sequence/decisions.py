"""PL652 to PL660 and PL687: decisions, and what follows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from passlens.checks.finding import Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck, seconds
from passlens.checks.sequence.groups import DECISIONS, PROFILES, SESSIONS
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step
from passlens.rest_v2.decisions import TYPICAL_RESOURCES

REPEATED_WITHIN: Final = 60.0
"""Seconds in which the same question counts as repeated (passlens' own)."""

BY_HAND: Final = 10.0
"""Seconds after which a repetition may be the user's (passlens' own): a note."""

MAX_RETRIES: Final = 3
"""Repetitions that the pages allow where the error says retry."""

PERMIT_KEPT: Final = 600.0
PERMITS: Final = 3
"""Seconds for which a permit is to be kept, and permitted resources or calls from which asking again counts (passlens'
own)."""

LOGOUT_WITHIN: Final = 5.0
"""Seconds between a denial and a logout that nobody decided (passlens' own)."""

Question = tuple[str | None, str | None, str | None, str, str | None]


def question_of(step: Step, operation: str, mvpd: str | None) -> Question:
    """What is asked, leaving out the resources, and for whom: a server asks for several devices with one
    registration."""
    return step.actor, step.device, step.service_provider, operation, mvpd


@dataclass
class _DecisionRequest:
    resources: frozenset[str]
    settled: frozenset[str]
    """Resources that were permitted, or denied without an action retry."""
    retry: bool
    denied: bool
    index: int
    end: float
    gaps: tuple[float, ...] = ()


class DeniedAndRepeated(SequenceCheck):
    """A decision was asked for again although the denial did not say retry, or more often than it may be.

    Why: A denial stays one; only the action retry allows two or three more calls, or ones that come ever slower.
    Example: POST /decisions/authorize denied, and the same call again one second later.
    Do: Show the denial, and repeat only what says retry.
    """

    operations = frozenset(
        DECISIONS | SESSIONS | PROFILES | {"resume-session", "partner-profile", "retrieve-profile-code"}
    )
    begins = DECISIONS

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._asked: Bounded[Question, _DecisionRequest] = Bounded()
        self._mvpds: Bounded[tuple[str | None, str | None], tuple[str | None, ...]] = Bounded()
        self.memory = self._asked

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation not in DECISIONS:
            if step.operation not in PROFILES | {"retrieve-profile-code"} or step.profiles:
                for operation in DECISIONS:
                    for mvpd in self._mvpds.get(step.who, step.end) or ():
                        self._asked.pop(question_of(step, operation, mvpd))
            return
        if step.mvpd is None or any(step.hides(one.action) for one in step.decisions):
            return  # not recorded
        key, resources = question_of(step, step.operation, step.mvpd), frozenset(step.resources)
        known = self._asked.get(key, step.end)
        gaps: tuple[float, ...] = ()
        if known is not None and resources and step.start >= known.end:
            gap = step.start - known.end
            same = known.resources == resources
            if same and known.denied and gap <= REPEATED_WITHIN:
                gaps = (*known.gaps[-20:], gap) if known.retry else ()
                yield from self._repeated(step, known, gap, gaps)
            elif known.retry and gap <= REPEATED_WITHIN and (again := resources & known.settled):
                words = "Asked again with resources that need no retry: {actual}."
                actual = ", ".join(sorted(again)[:5])
                yield Hit("body#/resources", words, "those marked retry", actual, "note", related=(known.index,))
        if step.decisions or step.error is not None:
            self._asked.set(key, _asked(step, resources, gaps), step.end)
            self._remember(step)

    def _repeated(self, step: Step, known: _DecisionRequest, gap: float, gaps: tuple[float, ...]) -> Iterator[Hit]:
        if not known.retry:
            severity: Severity = "note" if gap > BY_HAND else "warning"
            words = "The decision was denied without retry, and asked for again after {actual}."
            yield Hit("body#/resources", words, "no repetition", seconds(gap), severity, related=(known.index,))
        elif len(gaps) > MAX_RETRIES and not all(after > before for before, after in pairwise(gaps)):
            words = "The decision was repeated {actual} times, and not ever more slowly."
            yield Hit("body#/resources", words, "2 or 3 repetitions", str(len(gaps)), related=(known.index,))
        elif len(step.resources) > 1 and (again := known.settled & frozenset(step.resources)):
            words = "Asked again with resources that need no retry: {actual}."
            actual = ", ".join(sorted(again)[:5])
            yield Hit("body#/resources", words, "those marked retry", actual, "note", related=(known.index,))

    def _remember(self, step: Step) -> None:
        known = self._mvpds.get(step.who, step.end) or ()
        self._mvpds.set(step.who, known if step.mvpd in known else (*known, step.mvpd)[-10:], step.end)


def _asked(step: Step, resources: frozenset[str], gaps: tuple[float, ...]) -> _DecisionRequest:
    retry = any(one.action == "retry" for one in step.decisions) or step.error_action == "retry"
    denied = any(not one.authorized for one in step.decisions)
    settled = frozenset(one.resource for one in step.decisions if one.authorized or one.action != "retry")
    return _DecisionRequest(resources, settled, retry, denied, step.index, step.end, gaps)


class ManyResources(SequenceCheck):
    """One call asks about more resources than usual.

    Why: Usually 5 resources are allowed for preauthorize and 1 for authorize; more are refused unless that was
    agreed on.
    Example: POST /decisions/preauthorize with 7 resources, denied with too_many_resources.
    Do: Ask about fewer at a time, or have the limit raised.
    """

    operations = DECISIONS

    def feed(self, step: Step) -> Iterator[Hit]:
        limit = TYPICAL_RESOURCES[step.operation]
        if len(step.resources) <= limit:
            return
        refused = step.error == "too_many_resources" or any(one.code == "too_many_resources" for one in step.decisions)
        words = f"The call asks about {{actual}} resources, usually at most {limit} are allowed"
        words += ": the response says too_many_resources." if refused else "."
        severity: Severity = "warning" if refused else "note"
        yield Hit("body#/resources", words, f"at most {limit}", str(len(step.resources)), severity)


class PreauthorizeNotCached(SequenceCheck):
    """The app preauthorizes again what was permitted a few minutes ago.

    Why: Permits are to be kept while the app runs; asking for the catalogue on every screen runs into the rate limit.
    Example: three POST /decisions/preauthorize within ten minutes for resources that the first one permitted.
    Do: Keep the permits in memory.
    """

    operations = frozenset(SESSIONS | {"preauthorize", "logout", "partner-profile", "dcr-token", "dcr-register"})
    begins = frozenset({"preauthorize", "dcr-token", "dcr-register"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._permits: Bounded[tuple[str | None, str | None], dict[str, tuple[float, int]]] = Bounded()
        self._calls: Bounded[tuple[str | None, str | None], tuple[int, ...]] = Bounded()
        self._starts: Bounded[str, float] = Bounded()
        self.memory = self._permits

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation in ("dcr-token", "dcr-register"):
            self._starts.set(step.client_id or step.client or "", step.end, step.end)
            return
        if step.operation != "preauthorize":
            self._permits.pop(step.who)
            self._calls.pop(step.who)
            return
        if step.mvpd is None:
            return  # not recorded
        restarted = self._starts.get(step.sub or step.client or "", step.end) or 0.0
        kept = {
            key: one
            for key, one in (self._permits.get(step.who, step.end) or {}).items()
            if restarted < one[0] and step.start - one[0] <= PERMIT_KEPT
        }
        again = [name for name in step.resources if f"{step.mvpd} {name}" in kept]
        if again:
            calls = (*(self._calls.get(step.who, step.end) or ()), step.index)[-20:]
            self._calls.set(step.who, calls, step.end)
            if len(again) >= PERMITS or len(calls) == PERMITS:
                related = tuple(sorted({kept[f"{step.mvpd} {name}"][1] for name in again}))[-20:]
                words = "Asked again about {actual} that were permitted in the last ten minutes."
                yield Hit("body#/resources", words, "kept in memory", f"{len(again)} resources", related=related)
        new = {f"{step.mvpd} {one.resource}": (step.end, step.index) for one in step.decisions if one.authorized}
        self._permits.set(step.who, dict(list({**kept, **new}.items())[-200:]), step.end)


class LogoutAfterDeny(SequenceCheck):
    """The app logged the user out right after a denial.

    Why: A denial is no reason to log out: the user may watch other things.
    Example: authorize denied, and GET /logout one second later.
    Do: Show the denial, and log out only when the user asks for it.
    """

    operations = None
    begins = DECISIONS

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._denied: Bounded[tuple[str | None, str | None], tuple[int, float]] = Bounded()
        self.memory = self._denied

    def feed(self, step: Step) -> Iterator[Hit]:
        denied = self._denied.pop(step.who)
        if step.operation == "logout" and denied is not None and 0 <= step.start - denied[1] <= LOGOUT_WITHIN:
            words = "The user was logged out {actual} after a denial."
            yield Hit("status", words, "only at the user's wish", seconds(step.start - denied[1]), related=(denied[0],))
        if step.operation in DECISIONS and (step.status == 403 or any(not one.authorized for one in step.decisions)):
            self._denied.set(step.who, (step.index, step.end), step.end)


class LogoutOfOther(SequenceCheck):
    """The app logged out an MVPD of which it has no profile.

    Why: Logout deletes the profile of the MVPD that it names; another one changes nothing.
    Example: the newest profiles have Cox, and GET /logout/Sling is answered invalid.
    Do: Log out the MVPD of the profile.
    """

    operations = frozenset({"logout"})

    def feed(self, step: Step) -> Iterator[Hit]:
        known = self.history.profiles.get(step.who, step.end)
        if not known or step.mvpd is None or step.mvpd in known:
            return
        related = tuple(sorted({index for index, _ in known.values()}))[-20:]
        words = "The MVPD {actual} is not among the profiles that the app has read."
        yield Hit("path:mvpd", words, ", ".join(sorted(known)[:5]), step.mvpd, related=related)
