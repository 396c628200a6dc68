"""Known findings: what a baseline remembers of them, and which findings of a run are known, new or gone.
Pure; baseline_file.py reads and writes the file."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from passlens.analysis.entry import BaselineSummary, Entry, FindingEntry, Gone, Journey
from passlens.analysis.fingerprint import normalize, place
from passlens.checks.table import BY_CODE
from passlens.errors import BaselineError

SCHEMA: Final = 1
"""Version of the file; raised when keys are made in another way."""

KIND: Final = "passlens baseline"


class FindingKey(NamedTuple):
    """What is the same about a finding in every run: no ids, codes, times or positions."""

    operation: str
    code: str
    at: str
    expected: str
    actual: str

    def __str__(self) -> str:
        words = f"{self.code} {self.operation} {self.at}"
        details = [f"{name} {text}" for name, text in (("is", self.actual), ("expected", self.expected)) if text]
        return f"{words} ({', '.join(details)})" if details else words


class GoneFinding(NamedTuple):
    """A finding of the baseline that came less often than it says."""

    key: FindingKey
    was: int
    now: int

    def __str__(self) -> str:
        return str(self.key) if not self.now else f"{self.key}, {self.now} of {self.was} left"


def key_of(entry: Entry, finding: FindingEntry) -> FindingKey:
    """The key of one finding of a redacted entry."""
    code = entry["code"]
    texts = (normalize(text, code) for text in (finding["expected"], finding["actual"]))
    return FindingKey(entry["operation"], finding["code"], place(finding["at"], code), *texts)


def key_in_journey(finding: FindingEntry) -> FindingKey:
    """The key of a finding that belongs to a journey as a whole."""
    texts = (normalize(text, None) for text in (finding["expected"], finding["actual"]))
    return FindingKey("journey", finding["code"], place(finding["at"], None), *texts)


class Baseline:
    """Findings by key with their counts, as a team accepted them."""

    def __init__(self, counts: Counter[FindingKey] | None = None) -> None:
        self.counts: Counter[FindingKey] = Counter() if counts is None else counts

    def add(self, entry: Entry) -> None:
        """Take the findings of an entry for known from now on."""
        self.counts.update(key_of(entry, finding) for finding in entry["findings"])

    def add_journey(self, journey: Journey) -> None:
        """The same for those of a journey."""
        self.counts.update(map(key_in_journey, journey["findings"]))


class BaselineComparison:
    """A run held against a baseline, entry by entry. As often as the baseline says a finding is known; what comes
    more often is new."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._seen: Counter[FindingKey] = Counter()
        self.known = 0
        self.new = 0

    def new_in(self, entry: Entry) -> list[FindingEntry]:
        """The findings of an entry that the baseline does not know."""
        return self._new([(key_of(entry, finding), finding) for finding in entry["findings"]])

    def new_in_journey(self, journey: Journey) -> list[FindingEntry]:
        """The same for a journey."""
        return self._new([(key_in_journey(finding), finding) for finding in journey["findings"]])

    def _new(self, found: list[tuple[FindingKey, FindingEntry]]) -> list[FindingEntry]:
        new: list[FindingEntry] = []
        for key, finding in found:
            self._seen[key] += 1
            if self._seen[key] > self._baseline.counts[key]:
                new.append(finding)
        self.new += len(new)
        self.known += len(found) - len(new)
        return new

    @property
    def gone(self) -> list[GoneFinding]:
        """Findings that the baseline has and the run has not, or has less often; sorted."""
        counts = sorted(self._baseline.counts.items())
        return [GoneFinding(key, was, self._seen[key]) for key, was in counts if self._seen[key] < was]

    def summary(self, file: str) -> BaselineSummary:
        """The counts for the machine-readable form; ``file`` is the baseline's."""
        gone = [_gone(change) for change in self.gone]
        return {"file": file, "known": self.known, "new": self.new, "gone": gone}


def _gone(change: GoneFinding) -> Gone:
    key = change.key
    return {
        "operation": key.operation,
        "code": key.code,
        "at": key.at,
        "expected": key.expected,
        "actual": key.actual,
        "was": change.was,
        "now": change.now,
    }


def to_document(baseline: Baseline) -> dict[str, Any]:
    """A baseline as a JSON document: sorted, so that a change of it is easy to read; names are for people only."""
    rows = [
        {**key._asdict(), "name": BY_CODE[key.code].name if key.code in BY_CODE else "", "count": count}
        for key, count in sorted(baseline.counts.items())
    ]
    return {"kind": KIND, "schema": SCHEMA, "findings": rows}


def from_document(document: Any) -> Baseline:
    """A baseline from its document; raises BaselineError."""
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise BaselineError("is no baseline: give a file that --write-baseline wrote")
    version = document.get("schema")
    if version != SCHEMA or isinstance(version, bool):
        shown = version if isinstance(version, int) and abs(version) < 10**9 else "unknown"
        words = f"is a baseline of version {shown}, while this passlens reads version {SCHEMA}"
        raise BaselineError(f"{words}: write it again with --write-baseline")
    rows = document.get("findings")
    broken = "is a broken baseline: write it again with --write-baseline"
    if not isinstance(rows, list):
        raise BaselineError(f"{broken} (findings is no list)")
    return Baseline(_counted(rows, broken))


def _counted(rows: Iterable[Any], broken: str) -> Counter[FindingKey]:
    counts: Counter[FindingKey] = Counter()
    for number, row in enumerate(rows):
        texts = [row.get(name) for name in FindingKey._fields] if isinstance(row, dict) else []
        count = row.get("count") if isinstance(row, dict) else None
        fits = len(texts) == len(FindingKey._fields) and all(isinstance(text, str) for text in texts)
        if not fits or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise BaselineError(f"{broken} (finding {number} lacks a member or has one of the wrong type)")
        counts[FindingKey(*map(str, texts))] += count
    return counts
