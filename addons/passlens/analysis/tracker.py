"""What an app does over time, judged: findings of sequence checks go to the entry that completes them, journeys end.
The same for a recording and live; the exchanges come in the order of their ends."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.analysis.expected import finding, last_of_each, member
from passlens.analysis.journeys import Journeys
from passlens.analysis.redacted import shown_finding
from passlens.checks.sequence.run import SequenceChecks
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.navigation import navigation_result
from passlens.scenarios.expectations import Expectations, ExpectationVerdict
from passlens.util.text import plural

if TYPE_CHECKING:
    from passlens.scenarios.model import Scenario

JUMP: Final = 5.0
"""Seconds by which an exchange may end before the one fed last; more is a clock that was set back."""

MAX_LATE: Final = 20
"""Exchanges in a row that may come late; after that they are the new order."""


MAX_VERDICTS: Final = 5000
"""Verdicts on expectations that wait for the end of a recording."""


class Tracker:
    """Fed with exchanges and their entries. Never raises; what it remembers is bounded. ``find`` gives a scenario by
    the name in a mark, for what it expects of the app."""

    def __init__(self, *, reveal: bool = False, find: "Callable[[str], Scenario | None]" = lambda name: None) -> None:
        self.reveal = reveal
        self.expectations = Expectations(find)
        self._decided: list[ExpectationVerdict] = []
        self._checks = SequenceChecks()
        self._journeys = Journeys()
        self._last = float("-inf")
        self._in_a_row = 0
        self.late = 0
        """Exchanges that came too late to be put in order: they were judged alone, as those without a time are."""

    def feed(self, ex: Decoded, entry: Entry) -> list[Journey]:
        """Add what the exchange completes to its entry; the journeys that ended before it."""
        if ex.started is None:
            return []
        step = Step(ex)
        if step.end < self._last - JUMP:
            self._in_a_row += 1
            if self._in_a_row <= MAX_LATE:
                self.late += 1
                return []
            self._last = step.end  # the clock was set back for good
        self._in_a_row = 0
        self._last = max(self._last, step.end)
        found = self._checks.feed(step, ex)
        session = self._checks.history.session(step) if step.operation == "authenticate" else None
        if session is not None and step.ok and step.status is not None:
            # Only the session says whether the user agent is on its way back to the app already.
            location = ex.response.header("Location") if ex.response is not None else None
            entry["results"] = [navigation_result(step.status, location, session.redirect_url)]
        if found:
            redactor = Redactor(ex, reveal=self.reveal)
            entry["findings"] = [*entry["findings"], *(shown_finding(one, redactor) for one in found)]
        ended = self._journeys.before(step)
        for group, _ in ended:
            self.expectations.journey_ended(group)
        self._expect(step, ex, entry)
        if len(entry["findings"]) > 1:
            entry["findings"].sort(key=lambda one: str(one["code"]))
        return [*(journey for _, journey in ended), *self._journeys.add(step, entry)]

    def _expect(self, step: Step, ex: Decoded, entry: Entry) -> None:
        session = self._checks.history.session(step) if ex.injection is not None else None
        device = entry["device"]["key"] if entry["device"] is not None else None
        group = self._journeys.group(step) if ex.injection is not None else None
        for verdict in self.expectations.feed(step, ex.injection, session, device, group):
            if verdict.word == "not-met" and verdict.at == step.index:
                entry["findings"].append(finding(verdict))
                self._keep(verdict)
            elif not self._absent(verdict):
                entry["findings"].append(finding(verdict))  # no journey could hold it

    def _absent(self, verdict: ExpectationVerdict) -> bool:
        """Keep a verdict; what only an absence shows is a finding of the journey. False where there is none."""
        self._keep(verdict)
        return verdict.word != "not-met" or self._journeys.show(verdict.journey, finding(verdict))

    def _keep(self, verdict: ExpectationVerdict) -> None:
        if len(self._decided) < MAX_VERDICTS:
            self._decided.append(verdict)

    def advance(self, now: float, unanswered: float | None = None) -> None:
        """It is ``now`` (seconds since the epoch), whether something came or not; ``unanswered`` is when the oldest
        request without an answer began, infinity without one, None where that is not known."""
        for verdict in self.expectations.advance(now, unanswered):
            self._absent(verdict)

    def decided(self, file: str | None) -> list[Expectation]:
        """The expectations that were decided since the last call."""
        found = [member(verdict, file) for verdict in last_of_each(self._decided)]
        self._decided.clear()
        return found

    def alone(self) -> None:
        """Count an exchange that could not be put in order."""
        self.late += 1

    def other(self, ex: Exchange) -> None:
        """A call of REST API V1."""
        self._checks.call_of_v1(ex)

    def pending(self, file: str | None) -> list[Expectation]:
        """The expectations that are not decided yet, as they stand."""
        return [member(verdict, file) for verdict in self.expectations.pending()]

    def going_on(self) -> list[Journey]:
        """The journeys that have not ended, as they would be told if nothing followed."""
        return self._journeys.going_on()

    def finish(self) -> list[Journey]:
        """The end of the input."""
        for verdict in self.expectations.finish():
            self._absent(verdict)
        return self._journeys.finish()

    def remarks(self) -> list[str]:
        """What was dropped or stands outside, as sentences."""
        said = []
        if self._checks.history.dropped:
            said.append("there were more devices and codes than are remembered, so some sequences were not judged")
        if self.expectations.dropped:
            said.append("there were more expectations at a time than are followed, so some were not decided")
        if self._journeys.dropped:
            said.append(
                f"{plural(self._journeys.dropped, 'journey')} ended early, for more were open than are followed"
            )
        if self._checks.twice.count:
            count = self._checks.twice.count
            said.append(f"{plural(count, 'exchange')} recorded twice: over time each was judged once")
        if self._checks.replayed:
            count = self._checks.replayed
            said.append(f"{plural(count, 'exchange')} sent by mitmproxy (replay), not by the app: not judged over time")
        if self._checks.cached:
            count = self._checks.cached
            said.append(f"{plural(count, 'exchange')} answered by a browser's cache: judged as no calls over time")
        if self._journeys.outside:
            count = self._journeys.outside
            said.append(f"{plural(count, 'exchange')} outside journeys: no device, no token and no known code is named")
        return said
