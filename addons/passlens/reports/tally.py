"""Counts over the entries of a run: exchanges by operation and outcome, findings by code."""

from collections import Counter
from typing import Any, Final

from passlens.verdict import Entry

MOST: Final = 1000
"""Kinds of answers that are counted by their names; documented ones are some hundred."""

OTHERS: Final = "other answers"


class Tally:
    """What a summary needs, in memory that does not grow with the number of exchanges."""

    def __init__(self) -> None:
        self.exchanges = 0
        self.other_flows = 0
        self.unreadable = 0
        self.partial = False
        """True if the check was stopped before the end of its input."""
        self.also: dict[str, Any] = {}
        """Members that the summary of the machine-readable document has besides, where they were asked for."""
        self.closing: list[str] = []
        """The same in lines for people."""
        self.severities: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.codes: Counter[tuple[str, str, str]] = Counter()

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        self.exchanges += 1
        status = "no answer" if entry["status"] is None else str(entry["status"])
        self._count((entry["operation"], entry["outcome"] or entry["error"] or status), 1)
        for finding in entry["findings"]:
            self.severities[finding["severity"]] += 1
            self.codes[finding["code"], finding["name"], finding["severity"]] += 1

    def _count(self, name: tuple[str, str], count: int) -> None:
        # A server may make up an error code for every answer.
        counted = name in self.outcomes or len(self.outcomes) < MOST
        self.outcomes[name if counted else (name[0], OTHERS)] += count

    def merge(self, other: "Tally") -> None:
        """Count all that another one has counted."""
        self.exchanges += other.exchanges
        self.other_flows += other.other_flows
        self.severities.update(other.severities)
        self.codes.update(other.codes)
        for name, count in other.outcomes.items():
            self._count(name, count)

    def summary(self) -> dict[str, Any]:
        """The ``summary`` of the machine-readable document; ``partial`` stands in it only if the check was stopped."""
        counts = {
            "exchanges": self.exchanges,
            "other_flows": self.other_flows,
            "unreadable": self.unreadable,
            "errors": self.severities["error"],
            "warnings": self.severities["warning"],
            "notes": self.severities["note"],
        }
        return counts | ({"partial": True} if self.partial else {}) | self.also
