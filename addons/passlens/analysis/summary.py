"""Counts over the entries of a run: exchanges by operation and outcome, findings by code."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from passlens.analysis.entry import (
    BaselineSummary,
    CheckConfiguration,
    ChecklistLine,
    DryRunSummary,
    Entry,
    Expectation,
    FindingEntry,
    Journey,
    Summary,
)
from passlens.rest_v2.strangers import Stranger, StrangerKind

MAX_COUNT: Final = 1000
"""Kinds of answers that are counted by their names; documented ones are some hundred."""

OTHERS: Final = "other answers"

MAX_JOURNEYS: Final = 20
"""Journeys that the summary for people names; the machine-readable form has all."""


MAX_EXPECTATIONS: Final = 50
"""Expectations that the summary for people names, those that are not met first."""


class RunSummary:
    """What a summary needs, in memory that does not grow with the number of exchanges."""

    def __init__(self) -> None:
        self.exchanges = 0
        self.other_flows = 0
        self.strangers: Counter[Stranger] = Counter()
        """Calls on the API's hosts that are none of its operations; they count among the other flows."""
        self.unreadable = 0
        self.permits = self.denials = 0
        """Decisions, by what they say."""
        self.undated = 0
        """Exchanges that were judged alone: they have no time, or came too late to be put in order."""
        self.journeys: list[Journey] = []
        """The first journeys, at most MAX_JOURNEYS."""
        self.verdicts: Counter[str] = Counter()
        self.expectations: list[Expectation] = []
        """The first ones, at most MAX_EXPECTATIONS; one that is not met takes the place of another."""
        self.expected: Counter[str] = Counter()
        """All expectations, by verdict."""
        self.partial = False
        """True if the check was stopped before the end of its input."""
        self.nothing = False
        """True if all input was read and no exchange of the API was in it."""
        self.configuration: CheckConfiguration = {
            "file": None, "select": [], "ignore": [], "fail_on": "error", "filter": None, "baseline": None,
        }  # fmt: skip
        """What decides over the findings that count, as the machine-readable document has it."""
        self.baseline: BaselineSummary | None = None
        self.dry_run: DryRunSummary | None = None
        self.checklist: list[ChecklistLine] | None = None
        """The lines of the official checklist, where they were asked for."""
        self.closing: list[str] = []
        """What is to be said at the end, in lines for people."""
        self.severities: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.codes: Counter[tuple[str, str, str]] = Counter()

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        self.exchanges += 1
        status = "no answer" if entry["status"] is None else str(entry["status"])
        self._count((entry["operation"], entry["outcome"] or entry["error"] or status), 1)
        self.undated += entry["started"] is None
        for result in entry["results"]:
            if result["kind"] == "decision":
                self.permits += result["authorized"] is True
                self.denials += result["authorized"] is False
        self._add_findings(entry["findings"])

    def _add_findings(self, findings: Iterable[FindingEntry]) -> None:
        for finding in findings:
            self.severities[finding["severity"]] += 1
            self.codes[finding["code"], finding["name"], finding["severity"]] += 1

    def add_expectation(self, expectation: Expectation) -> None:
        """Count one expectation."""
        self.expected[expectation["verdict"]] += 1
        self._list_expectation(expectation)

    def _list_expectation(self, expectation: Expectation) -> None:
        if len(self.expectations) == MAX_EXPECTATIONS and expectation["verdict"] == "not-met":
            spare = [place for place, one in enumerate(self.expectations) if one["verdict"] != "not-met"]
            if spare:
                del self.expectations[spare[-1]]
        if len(self.expectations) < MAX_EXPECTATIONS:
            self.expectations.append(expectation)

    def add_journey(self, journey: Journey) -> None:
        """Count one journey, and the findings that are its own."""
        self.verdicts[journey["verdict"]] += 1
        self._add_findings(journey["findings"])
        if len(self.journeys) < MAX_JOURNEYS:
            self.journeys.append(journey)

    def add_other(self, stranger: Stranger | None = None) -> None:
        """Count a flow that is no exchange of the API; ``stranger`` says what it is on one of the API's hosts."""
        self.other_flows += 1
        if stranger is not None:
            self._count_stranger(stranger, 1)

    def _count_stranger(self, stranger: Stranger, count: int) -> None:
        counted = stranger in self.strangers or len(self.strangers) < MAX_COUNT
        self.strangers[stranger if counted else Stranger(stranger.kind, OTHERS)] += count

    def calls(self, kind: StrangerKind) -> int:
        """How many strangers of a kind there were."""
        return sum(count for stranger, count in self.strangers.items() if stranger.kind == kind)

    def _count(self, name: tuple[str, str], count: int) -> None:
        # A server may make up an error code for every answer.
        counted = name in self.outcomes or len(self.outcomes) < MAX_COUNT
        self.outcomes[name if counted else (name[0], OTHERS)] += count

    def merge(self, other: "RunSummary") -> None:
        """Count all that another one has counted."""
        self.exchanges += other.exchanges
        self.other_flows += other.other_flows
        self.permits += other.permits
        self.denials += other.denials
        self.undated += other.undated
        for stranger, count in other.strangers.items():
            self._count_stranger(stranger, count)
        for journey in other.journeys[: MAX_JOURNEYS - len(self.journeys)]:
            self.journeys.append(journey)
        self.verdicts.update(other.verdicts)
        self.expected.update(other.expected)
        for expectation in other.expectations:
            self._list_expectation(expectation)
        self.severities.update(other.severities)
        self.codes.update(other.codes)
        for name, count in other.outcomes.items():
            self._count(name, count)

    def to_member(self) -> Summary:
        """The ``summary`` of the machine-readable document."""
        return {
            "exchanges": self.exchanges,
            "other_flows": self.other_flows,
            "v1_calls": self.calls("v1"),
            "unreadable": self.unreadable,
            "errors": self.severities["error"],
            "warnings": self.severities["warning"],
            "notes": self.severities["note"],
            "permits": self.permits,
            "denials": self.denials,
            "undated": self.undated,
            "partial": self.partial,
        }
