"""Whether the app did what a scenario expects of it: exchanges in the order of their ends in, verdicts out.
Pure but for its memory, which is bounded; the same for a recording and live."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import seconds
from passlens.checks.sequence.errors import ON_THE_WAY
from passlens.checks.sequence.history import KnownSession
from passlens.checks.sequence.step import Step
from passlens.exchange.injection import Injection
from passlens.rest_v2.wire import listed
from passlens.scenarios.subject import Subject

if TYPE_CHECKING:  # the models cost time to load, and most recordings hold no mark
    from passlens.scenarios.expect import Expect
    from passlens.scenarios.model import Scenario

VerdictWord = Literal["met", "not-met", "not-exercised", "open"]

LATE: Final = 2.0
"""Seconds for which a verdict on what did not come waits for exchanges that began in time and have not ended yet
(passlens' own)."""

MAX_OPEN: Final = 500
"""Expectations that are waited for at a time; the oldest one is left open for a new one."""

AT_ONCE: Final = 0.05
"""Seconds below which no number is told."""

MAX_NAMED: Final = 4
"""Operations that a verdict names."""

SEEN_NOTHING: Final = "nothing more came from the app"


class ExpectationVerdict(NamedTuple):
    """What became of an expectation. ``at`` is the index of the exchange that shows it, ``acted`` of the one that the
    scenario acted on; ``device`` and ``journey`` are what was given with that one; ``who`` tells apps apart."""

    scenario: str
    rule: str | None
    name: str
    word: VerdictWord
    why: str
    say: str = ""
    at: int | None = None
    acted: int | None = None
    device: str | None = None
    journey: Hashable = None
    who: Hashable = None
    seen: str = ""
    """For one that is not met: what came or did not come, without times, which differ from run to run."""

    @property
    def key(self) -> Hashable:
        """What a later verdict on the same app and expectation replaces."""
        return self.scenario, self.name, self.who


def _after(gap: float) -> str:
    """How long after the exchange that was acted on something came."""
    return f"{seconds(gap)} after it" if gap >= AT_ONCE else "at once"


def _named(operations: Sequence[str]) -> str:
    """Operations in words, the first ones by their names."""
    if len(operations) <= MAX_NAMED:
        return listed(tuple(operations))
    return f"{', '.join(operations[:MAX_NAMED])} or {len(operations) - MAX_NAMED} others"


@dataclass
class _Waiting:
    """An expectation after a rule acted. Times are seconds since the epoch."""

    scenario: str
    rule: str
    expected: "Expect"
    subject: Subject
    acted: int
    begun: float
    ended: float
    call: str | None
    device: str | None
    journey: Hashable
    came: int | None = None
    """Index of the exchange that brought one of ``next``."""
    gap: float = 0.0
    alive: bool = False
    """The app called something afterwards."""
    journey_over: bool = False

    @property
    def deadline(self) -> float:
        within = self.expected.seconds
        return float("inf") if within is None else self.ended + within

    def verdict(self, word: VerdictWord, why: str, at: int | None, seen: str = "") -> ExpectationVerdict:
        expected = self.expected
        return ExpectationVerdict(
            self.scenario, self.rule, expected.name, word, why, expected.say, at, self.acted, self.device, self.journey,
            self.subject.key, seen,
        )  # fmt: skip

    def judge(self, step: Step) -> ExpectationVerdict | None:
        """What an exchange shows, if it decides."""
        expected, gap = self.expected, step.start - self.ended
        if gap < 0:
            return None
        # Calls that were sent together do not know of one another's answers; the same one again does.
        another = step.call is None or step.call != self.call
        together = step.start < self.begun + ON_THE_WAY and another
        self.alive = self.alive or (not together and self.subject.is_app(step))
        if self.journey_over or step.start > self.deadline or not self.subject.has(step):
            return None
        if step.operation in expected.never and not together:
            seen = f"{step.operation} came"
            return self.verdict("not-met", f"{seen} {_after(gap)}", step.index, seen)
        if step.operation in expected.next and self.came is None:
            self.came, self.gap = step.index, gap
            if not expected.never:
                return self._met(step.operation)
        return None

    def _met(self, operation: str) -> ExpectationVerdict:
        return self.verdict("met", f"{operation} came {_after(self.gap)}", self.came)

    def at_the_end(
        self, now: float, *, over: bool = False, unanswered: float | None = None
    ) -> ExpectationVerdict | None:
        """What is known once ``now`` has come; with ``over`` nothing more will come at all. ``unanswered`` as for
        ``Expectations.advance``."""
        expected = self.expected
        may_come = not over and (unanswered is None or unanswered <= self.deadline)
        passed = self.journey_over or now > self.deadline + (LATE if may_come else 0)
        if not passed:
            if not over:
                return None
            until = f"{seconds(expected.seconds)} had passed" if expected.seconds is not None else "the journey ended"
            return self.verdict("open", f"what was seen ends before {until}", None)
        span = f"within {seconds(expected.seconds)}" if expected.seconds is not None else "until the journey ended"
        if expected.next and self.came is None:
            seen = f"no {_named(expected.next)} came {span}"
            return self.verdict("not-met", seen, self.acted, seen)
        if self.came is not None:
            return self.verdict("met", f"one came {_after(self.gap)}", self.came)
        if self.alive:
            return self.verdict("met", f"no {_named(expected.never)} came {span}", self.acted)
        # An app that is gone does nothing wrong; that is not what was asked.
        return self.verdict("not-exercised", f"{SEEN_NOTHING} after it", self.acted) if over else None


@dataclass
class Expectations:
    """What scenarios expect, and what came of it. ``find`` gives a scenario by the name in a mark, None for one that is
    not known."""

    find: "Callable[[str], Scenario | None]"
    dropped: int = 0
    """Expectations that were given up because there were too many."""
    _open: dict[tuple[str, str, Hashable], _Waiting] = field(default_factory=dict)
    _decided: Bounded[Hashable, VerdictWord] = field(default_factory=Bounded)
    _exercised: set[tuple[str, str]] = field(default_factory=set)
    _named: "dict[str, Scenario]" = field(default_factory=dict)
    _now: float = float("-inf")

    def ran(self, scenario: "Scenario") -> None:
        """A scenario runs: what of it never is exercised is told at the end."""
        if len(self._named) < MAX_OPEN:
            self._named[scenario.name] = scenario

    def feed(
        self,
        step: Step,
        injection: Injection | None,
        session: KnownSession | None = None,
        device: str | None = None,
        journey: Hashable = None,
    ) -> list[ExpectationVerdict]:
        """What an exchange decides. ``session`` is that of its code; ``device`` and ``journey`` are handed on."""
        if not self._open and injection is None:
            self._now = max(self._now, step.end)
            return []
        found: list[ExpectationVerdict] = []
        for key, waiting in list(self._open.items()):
            waiting.subject.follow(step)
            verdict = waiting.judge(step)
            if verdict is not None:
                found += self._decide(key, verdict, step.end)
        found += self.advance(step.end)
        if injection is not None and step.staged:
            self._begin(step, injection, session, device, journey)
        return found

    def advance(self, now: float, unanswered: float | None = None) -> list[ExpectationVerdict]:
        """What the time decides: it is ``now`` (seconds since the epoch). ``unanswered`` is when the oldest request
        began that has no answer yet, infinity where there is none; None where that is not known."""
        self._now = max(self._now, now)
        found: list[ExpectationVerdict] = []
        for key, waiting in list(self._open.items()):
            verdict = waiting.at_the_end(self._now, unanswered=unanswered)
            if verdict is not None:
                found += self._decide(key, verdict, self._now)
        return found

    def journey_ended(self, journey: Hashable) -> None:
        """A journey has ended: what holds until then is decided with the next exchange, or at the end."""
        for waiting in self._open.values():
            if waiting.journey == journey and waiting.expected.within is None:
                waiting.journey_over = True

    def pending(self) -> list[ExpectationVerdict]:
        """What is not decided yet, as it stands: waited for, or of a scenario that runs and not exercised."""
        found = [
            waiting.verdict("open", "what comes next decides", None)
            for key, waiting in self._open.items()
            if self._decided.get(key, self._now) is None
        ]
        for scenario in self._named.values():
            found += not_exercised(scenario, self._exercised)
        return found

    def finish(self) -> list[ExpectationVerdict]:
        """The end of the input: what is open, and what of the scenarios that ran never was exercised."""
        found: list[ExpectationVerdict] = []
        for key, waiting in list(self._open.items()):
            verdict = waiting.at_the_end(self._now, over=True)
            if verdict is not None:
                found += self._decide(key, verdict, self._now)
        for scenario in self._named.values():
            found += not_exercised(scenario, self._exercised)
        return found

    def _begin(
        self, step: Step, injection: Injection, session: KnownSession | None, device: str | None, journey: Hashable
    ) -> None:
        scenario = self.find(injection.scenario)
        if scenario is None:
            return
        subject = Subject.of(step, session)
        for rule, expected in scenario.expectations():
            if rule not in (None, injection.rule):
                continue
            key = (scenario.name, expected.name, subject.key)
            self._exercised.add((scenario.name, expected.name))
            if self._decided.get(key, step.end) == "not-met":
                continue
            if key in self._open:
                self._open[key].subject.add(step)
                continue
            if len(self._open) >= MAX_OPEN:
                del self._open[next(iter(self._open))]
                self.dropped += 1
            self._open[key] = _Waiting(
                scenario.name, injection.rule, expected, subject,
                step.index, step.start, step.end, step.call, device, journey,
            )  # fmt: skip

    def _decide(
        self, key: tuple[str, str, Hashable], verdict: ExpectationVerdict, now: float
    ) -> Iterator[ExpectationVerdict]:
        """Close one; said is what is new about this app and expectation."""
        del self._open[key]
        before = self._decided.get(key, now)
        if before is None or (verdict.word == "not-met" and before != "not-met"):
            self._decided.set(key, verdict.word, now)
            yield verdict


def not_exercised(scenario: "Scenario", exercised: set[tuple[str, str]]) -> Iterator[ExpectationVerdict]:
    """The expectations of a scenario that no exchange came to."""
    for rule, expected in scenario.expectations():
        if (scenario.name, expected.name) not in exercised:
            why = "no rule of the scenario acted" if rule is None else f"the rule {rule} did not act"
            yield ExpectationVerdict(scenario.name, rule, expected.name, "not-exercised", why, expected.say)
