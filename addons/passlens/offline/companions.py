"""What goes along with a check, entry by entry, before a report sees them: a baseline, a new baseline, a dry run.
Each adds what it found to the summary; which rules act is decided in judging.py."""

from collections.abc import Callable
from typing import Any, Protocol

from passlens.baseline import Baseline, Comparison
from passlens.offline.baseline_file import write_baseline
from passlens.reports.tally import Tally
from passlens.reports.words import plural
from passlens.verdict import Entry

LISTED = 20
"""Gone findings that the summary for people names; the machine-readable form has all."""


class Companion(Protocol):
    """What a check takes along."""

    def entry(self, entry: Entry) -> None:
        """One judged exchange, to be looked at and changed."""

    def close(self, tally: Tally) -> str | None:
        """The end of the input; a sentence if something failed that makes the exit status 2."""


class Known:
    """Takes known findings off the entries, so that they neither show nor fail; names those that are gone."""

    def __init__(self, path: str, baseline: Baseline, wants: Callable[[str], bool]) -> None:
        self._path, self._wants = path, wants
        self._comparison = Comparison(baseline)

    def entry(self, entry: Entry) -> None:
        """Leave only the new findings."""
        entry["findings"] = self._comparison.new_in(entry)

    def close(self, tally: Tally) -> str | None:
        """Count, and say what is gone."""
        found = self._comparison
        gone = [change for change in found.gone if self._wants(change.key.code)]
        whole = not (tally.partial or tally.unreadable)
        summary: dict[str, Any] = {"file": self._path, **found.summary()}
        summary["gone"] = [item for item in summary["gone"] if self._wants(item["code"])] if whole else None
        tally.also["baseline"] = summary
        words = f"baseline {self._path}: {found.known} known, {found.new} new"
        if not whole:
            tally.closing.append(f"{words}; what is gone is not told, since not all input was read")
            return None
        tally.closing.append(f"{words}, {len(gone)} gone")
        tally.closing += [f"  gone  {change}" for change in gone[:LISTED]]
        if len(gone) > LISTED:
            tally.closing.append(f"  and {len(gone) - LISTED} more")
        return None


class Recorder:
    """Remembers all findings and writes them as a baseline at the end. To stand before ``Known``."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._baseline = Baseline()

    def entry(self, entry: Entry) -> None:
        """Remember the findings."""
        self._baseline.add(entry)

    def close(self, tally: Tally) -> str | None:
        """Write the file; not for half an input, whose baseline would call the rest new."""
        if tally.partial or tally.unreadable:
            return f"The baseline {self._path} was not written, since not all input was read: mend the input first."
        try:
            write_baseline(self._path, self._baseline)
        except ValueError as error:
            return str(error)
        count = plural(self._baseline.counts.total(), "finding")
        kinds = "1 kind" if len(self._baseline.counts) == 1 else f"{len(self._baseline.counts)} kinds"
        tally.closing.append(f"baseline {self._path} written: {count} of {kinds}")
        return None


class DryRun:
    """Counts what the rules of a scenario would have done."""

    def __init__(self, scenario: str, rules: tuple[str, ...]) -> None:
        self._scenario = scenario
        self._counts = dict.fromkeys(rules, 0)

    def entry(self, entry: Entry) -> None:
        """Count the rule that would have taken the exchange."""
        rule = (entry.get("dry_run") or {}).get("rule")
        if rule in self._counts:
            self._counts[rule] += 1

    def close(self, tally: Tally) -> str | None:
        """Say how often each rule would have matched, and which never."""
        never = [rule for rule, count in self._counts.items() if not count]
        tally.also["dry_run"] = {"scenario": self._scenario, "matched": dict(self._counts), "never_matched": never}
        counts = ", ".join(f"{rule} {count}" for rule, count in self._counts.items())
        tally.closing.append(f"scenario {self._scenario} (dry run): {counts}")
        if never:
            tally.closing.append(f"  never matched: {', '.join(never)}")
        return None
