"""A verdict for each line of the official checklist: by the codes of the findings, and by what the recordings hold.
What a scenario did on purpose is judged by its expectations; a person decides what no code can."""

from collections import Counter
from typing import Final

from passlens.analysis.coverage import Coverage
from passlens.analysis.entry import ChecklistLine, ChecklistVerdict, Entry, FindingEntry, Journey
from passlens.analysis.unread_header import is_left_out, is_masked
from passlens.checks.checklist import LINES, Line
from passlens.checks.sights import SIGHTS
from passlens.checks.table import BY_CODE
from passlens.rest_v2.wire import listed

VERDICTS: Final[tuple[ChecklistVerdict, ...]] = ("not-met", "open", "not-seen", "met", "not-visible")
"""In the order of a report."""

WORDS: Final[dict[ChecklistVerdict, str]] = {
    "met": "met",
    "not-met": "not met",
    "open": "for a person to decide",
    "not-seen": "not seen in this recording",
    "not-visible": "not visible in traffic",
}


class _Against:
    """Findings of one line: how often each code came with each severity, and where the first one was."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.first: dict[str, tuple[str | None, int | None]] = {}

    def add(self, finding: FindingEntry, place: tuple[str | None, int | None]) -> None:
        self.counts[finding["code"], finding["severity"]] += 1
        self.first.setdefault(finding["code"], place)


class Checklist:
    """The lines over one run, fed with entries and journeys. What it remembers does not grow with the recording."""

    def __init__(self) -> None:
        self._coverage = Coverage()
        self._found = {line.id: _Against() for line in LINES}
        self._by_code: dict[str, list[Line]] = {}
        for line in LINES:
            for code in (*line.not_met, *line.unclear, *line.unread):
                self._by_code.setdefault(code, []).append(line)

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._coverage.add(entry)
        for finding in entry["findings"]:
            for line in self._by_code.get(finding["code"], ()):
                if _counts(line, finding, entry["operation"]):
                    self._found[line.id].add(finding, (entry["file"], entry["index"]))

    def journey(self, journey: Journey) -> None:
        """One journey."""
        self._coverage.journey(journey)

    def lines(self) -> list[ChecklistLine]:
        """The verdict of each line."""
        return [self._line(line) for line in LINES]

    def _line(self, line: Line) -> ChecklistLine:
        found = self._found[line.id]
        verdict, why, codes = self._verdict(line, found)
        file, at = found.first.get(codes[0], (None, None)) if codes else (None, None)
        return {
            "id": line.id,
            "title": line.title,
            "level": line.level,
            "app": line.app,
            "verdict": verdict,
            "why": why,
            "codes": codes,
            "file": file,
            "at": at,
            "do": line.do,
        }

    def _verdict(self, line: Line, found: _Against) -> tuple[ChecklistVerdict, str, list[str]]:
        """The first that fits, in the order of the fact base."""
        against = [code for code in line.not_met if _grave(found, code)]
        if against:
            return "not-met", _said(found, against), against
        if line.visible == "no" or not (line.not_met or line.unclear):
            return "not-visible", "nothing in the traffic decides this", []
        unclear = [code for code in (*line.not_met, *line.unclear) if _times(found, code)]
        if unclear:
            return "open", _said(found, unclear), unclear
        unread = [code for code in line.unread if _times(found, code)]
        if unread:
            return "open", f"what it needs is not in the recording: {_said(found, unread)}", unread
        if missing := self._missing(line):
            return "not-seen", f"it lacks {missing}", []
        if not line.not_met:
            return "open", "nothing seen against it", []
        return "met", "as far as the recording shows" if line.visible == "partly" else "nothing found against it", []

    def _missing(self, line: Line) -> str:
        """What the recording lacks for a line, in words; empty where nothing is missing."""
        if line.any_of and any(map(self._coverage.seen, line.any_of)):
            return ""
        if line.any_of:
            return listed(tuple(SIGHTS[name].words for name in line.any_of))
        names = [name for name in line.all_of if not self._coverage.seen(name)]
        return "; ".join(SIGHTS[name].words + _after(name) for name in names)


def _after(name: str) -> str:
    then = SIGHTS[name].then
    return f", and {then:.0f} s of recording after it" if then else ""


def _counts(line: Line, finding: FindingEntry, operation: str) -> bool:
    if line.only_on and operation not in line.only_on:
        return False
    return _lacks(line, finding) if finding["code"] in line.unread else finding["at"].startswith(line.only_at)


def _lacks(line: Line, finding: FindingEntry) -> bool:
    """True if what was not recorded is what the line looks at: its header, else all of them or the body."""
    if not line.only_at:
        return not finding["at"].startswith("header:")
    name = line.only_at.removeprefix("header:")
    return is_left_out(finding, name) or is_masked(finding, name)


def _times(found: _Against, code: str) -> int:
    return sum(count for (one, _), count in found.counts.items() if one == code)


def _grave(found: _Against, code: str) -> bool:
    """True if a code was found graver than a note, or is a note by its nature."""
    if BY_CODE[code].severity == "note":
        return _times(found, code) > 0
    return any(one == code and severity != "note" for one, severity in found.counts)


def _said(found: _Against, codes: list[str]) -> str:
    times = ((code, _times(found, code)) for code in codes)
    return ", ".join(f"{code} {count} times" if count > 1 else code for code, count in times)
