"""What goes along with a check, entry by entry, before a report sees them: a baseline, a new baseline, a dry run.
Each adds what it found to the summary; which rules act is decided in dry_run.py."""

from collections.abc import Callable
from typing import Protocol

from passlens.analysis.baseline import Baseline, BaselineComparison
from passlens.analysis.checklist import Checklist
from passlens.analysis.entry import Entry, Journey
from passlens.analysis.summary import RunSummary
from passlens.runner.baseline_file import write_baseline
from passlens.util.text import plural

LISTED = 20
"""Gone findings that the summary for people names; the machine-readable form has all."""


class PostProcessor(Protocol):
    """What a check takes along."""

    def entry(self, entry: Entry) -> None:
        """One judged exchange, to be looked at and changed."""

    def journey(self, journey: Journey) -> None:
        """One journey that has ended, the same."""

    def close(self, summary: RunSummary) -> str | None:
        """The end of the input; a sentence if something failed that makes the exit status 2. Raises WriteError."""


class KnownFindings:
    """Takes known findings off the entries, so that they neither show nor fail; names those that are gone."""

    def __init__(self, path: str, baseline: Baseline, wants: Callable[[str], bool]) -> None:
        self._path, self._wants = path, wants
        self._comparison = BaselineComparison(baseline)

    def entry(self, entry: Entry) -> None:
        """Leave only the new findings."""
        entry["findings"] = self._comparison.new_in(entry)

    def journey(self, journey: Journey) -> None:
        """Leave only the new findings of its own."""
        journey["findings"] = self._comparison.new_in_journey(journey)

    def close(self, summary: RunSummary) -> str | None:
        """Count, and say what is gone."""
        found = self._comparison
        gone = [change for change in found.gone if self._wants(change.key.code)]
        whole = not (summary.partial or summary.unreadable or summary.nothing)
        members = found.summary(self._path)
        members["gone"] = [item for item in members["gone"] or [] if self._wants(item["code"])] if whole else None
        summary.baseline = members
        words = f"baseline {self._path}: {found.known} known, {found.new} new"
        if not whole:
            why = "there was nothing to check" if summary.nothing else "not all input was read"
            summary.closing.append(f"{words}; what is gone is not told, since {why}")
            return None
        summary.closing.append(f"{words}, {len(gone)} gone")
        summary.closing += [f"  gone  {change}" for change in gone[:LISTED]]
        if len(gone) > LISTED:
            summary.closing.append(f"  and {len(gone) - LISTED} more")
        return None


class Recorder:
    """Remembers all findings and writes them as a baseline at the end. To stand before ``KnownFindings``."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._baseline = Baseline()

    def entry(self, entry: Entry) -> None:
        """Remember the findings."""
        self._baseline.add(entry)

    def journey(self, journey: Journey) -> None:
        """Remember its own findings."""
        self._baseline.add_journey(journey)

    def close(self, summary: RunSummary) -> str | None:
        """Write the file; not for half an input, whose baseline would call the rest new, nor for none."""
        if summary.nothing:
            summary.closing.append(f"baseline {self._path} not written, since there was nothing to check")
            return None
        if summary.partial or summary.unreadable:
            return f"The baseline {self._path} was not written, since not all input was read: mend the input first."
        write_baseline(self._path, self._baseline)
        count = plural(self._baseline.counts.total(), "finding")
        kinds = "1 kind" if len(self._baseline.counts) == 1 else f"{len(self._baseline.counts)} kinds"
        summary.closing.append(f"baseline {self._path} written: {count} of {kinds}")
        return None


class ChecklistLines:
    """Tells of each line of the official checklist what the recordings show."""

    def __init__(self) -> None:
        self._checklist = Checklist()

    def entry(self, entry: Entry) -> None:
        """Its findings, and what it exercises."""
        self._checklist.entry(entry)

    def journey(self, journey: Journey) -> None:
        """What it exercises. Findings of its own are those of expectations, which no line asks for."""
        self._checklist.journey(journey)

    def close(self, summary: RunSummary) -> str | None:
        """Hand the lines over."""
        summary.checklist = self._checklist.lines()
        return None


class DryRunCounts:
    """Counts what the rules of a scenario would have done."""

    def __init__(self, scenario: str, rules: tuple[str, ...]) -> None:
        self._scenario = scenario
        self._counts = dict.fromkeys(rules, 0)

    def entry(self, entry: Entry) -> None:
        """Count the rule that would have taken the exchange."""
        dry_run = entry.get("dry_run")
        rule = dry_run["rule"] if dry_run is not None else None
        if rule is not None and rule in self._counts:
            self._counts[rule] += 1

    def journey(self, journey: Journey) -> None:
        """Rules act on exchanges."""

    def close(self, summary: RunSummary) -> str | None:
        """Say how often each rule would have matched, and which never."""
        never = [rule for rule, count in self._counts.items() if not count]
        summary.dry_run = {"scenario": self._scenario, "matched": dict(self._counts), "never_matched": never}
        counts = ", ".join(f"{rule} {count}" for rule, count in self._counts.items())
        summary.closing.append(f"scenario {self._scenario} (dry run): {counts}")
        if never:
            summary.closing.append(f"  never matched: {', '.join(never)}")
        return None
