"""Known findings: what a baseline remembers of them, and which findings of a run are known, new or gone.
Pure; baseline_file.py reads and writes the file."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from passlens.checks.table import BY_CODE
from passlens.kinds import of_kind, place
from passlens.verdict import Entry

SCHEMA: Final = 1
"""Version of the file; raised when keys are made in another way."""

KIND: Final = "passlens baseline"


class NotABaseline(ValueError):
    """A document that is no baseline of this version; the message is a clause with the next step."""


class Key(NamedTuple):
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


class Change(NamedTuple):
    """A finding of the baseline that came less often than it says."""

    key: Key
    was: int
    now: int

    def __str__(self) -> str:
        return str(self.key) if not self.now else f"{self.key}, {self.now} of {self.was} left"


def key_of(entry: Entry, finding: dict[str, Any]) -> Key:
    """The key of one finding of a redacted entry."""
    code = entry["code"]
    texts = (of_kind(finding[name], code) for name in ("expected", "actual"))
    return Key(entry["operation"], finding["code"], place(finding["at"], code), *texts)


class Baseline:
    """Findings by key with their counts, as a team accepted them."""

    def __init__(self, counts: Counter[Key] | None = None) -> None:
        self.counts: Counter[Key] = Counter() if counts is None else counts

    def add(self, entry: Entry) -> None:
        """Take the findings of an entry for known from now on."""
        self.counts.update(key_of(entry, finding) for finding in entry["findings"])


class Comparison:
    """A run held against a baseline, entry by entry. As often as the baseline says a finding is known; what comes
    more often is new."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._seen: Counter[Key] = Counter()
        self.known = 0
        self.new = 0

    def new_in(self, entry: Entry) -> list[dict[str, Any]]:
        """The findings of an entry that the baseline does not know."""
        new: list[dict[str, Any]] = []
        for finding in entry["findings"]:
            key = key_of(entry, finding)
            self._seen[key] += 1
            if self._seen[key] > self._baseline.counts[key]:
                new.append(finding)
        self.new += len(new)
        self.known += len(entry["findings"]) - len(new)
        return new

    @property
    def gone(self) -> list[Change]:
        """Findings that the baseline has and the run has not, or has less often; sorted."""
        counts = sorted(self._baseline.counts.items())
        return [Change(key, was, self._seen[key]) for key, was in counts if self._seen[key] < was]

    def summary(self) -> dict[str, Any]:
        """The counts for the machine-readable form."""
        gone = [{**change.key._asdict(), "was": change.was, "now": change.now} for change in self.gone]
        return {"known": self.known, "new": self.new, "gone": gone}


def to_document(baseline: Baseline) -> dict[str, Any]:
    """A baseline as a JSON document: sorted, so that a change of it is easy to read; names are for people only."""
    rows = [
        {**key._asdict(), "name": BY_CODE[key.code].name if key.code in BY_CODE else "", "count": count}
        for key, count in sorted(baseline.counts.items())
    ]
    return {"kind": KIND, "schema": SCHEMA, "findings": rows}


def from_document(document: Any) -> Baseline:
    """A baseline from its document; raises NotABaseline."""
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise NotABaseline("is no baseline: give a file that --write-baseline wrote")
    version = document.get("schema")
    if version != SCHEMA or isinstance(version, bool):
        shown = version if isinstance(version, int) and abs(version) < 10**9 else "unknown"
        words = f"is a baseline of version {shown}, while this passlens reads version {SCHEMA}"
        raise NotABaseline(f"{words}: write it again with --write-baseline")
    rows = document.get("findings")
    broken = "is a broken baseline: write it again with --write-baseline"
    if not isinstance(rows, list):
        raise NotABaseline(f"{broken} (findings is no list)")
    return Baseline(_counted(rows, broken))


def _counted(rows: Iterable[Any], broken: str) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for number, row in enumerate(rows):
        texts = [row.get(name) for name in Key._fields] if isinstance(row, dict) else []
        count = row.get("count") if isinstance(row, dict) else None
        fits = len(texts) == len(Key._fields) and all(isinstance(text, str) for text in texts)
        if not fits or not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise NotABaseline(f"{broken} (finding {number} lacks a member or has one of the wrong type)")
        counts[Key(*map(str, texts))] += count
    return counts
