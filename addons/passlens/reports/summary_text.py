"""The summary of a run for people, and lines of it that other reports have, too: counts, journeys, expectations, calls
that are no exchanges."""

from collections.abc import Iterator, Sequence
from typing import Final, TextIO

from passlens.analysis.entry import ChecklistLine, Entry, Expectation, Journey
from passlens.analysis.summary import RunSummary
from passlens.checks.finding import WORST_FIRST
from passlens.reports.checklist_text import counted, grouped, line_text
from passlens.rest_v2.strangers import ALONE, WORDS
from passlens.util.text import escape_controls, fold, paint, plural

MARGIN: Final = 12
"""Columns before what a line says."""

_CODES: Final = 3
"""Codes of a journey that are named."""

_NAMED: Final = 5
"""Calls of a kind that are named, the most frequent ones."""

_VERDICTS: Final[dict[str, str | None]] = {"met": "good", "not-met": "error", "not-exercised": None, "open": "warning"}


def summary_text(summary: RunSummary, *, colour: bool = False, width: int | None = None) -> str:
    """The counts of a run: exchanges by operation and outcome, findings by code."""
    lines = [
        *_counts(summary, colour, width),
        *_operations(summary, width),
        *_journeys(summary, width),
        *_expectations(summary, colour, width),
    ]
    if summary.undated:
        why = "without a time, or too late to be put in order: judged alone"
        lines += fold(f"{plural(summary.undated, 'exchange')} {why}", width, first="  ", rest="    ")
    for (code, name, severity), count in sorted(summary.codes.items()):
        lines.append(f"  {paint(f'{severity:<10}', severity, colour)}{code}  {name:<32}{count}")
    for said, margin, rest in _checklist(summary.checklist or ()):
        lines += fold(escape_controls(said), width, first=margin, rest=rest)
    for words in summary.closing:
        margin = words[: len(words) - len(words.lstrip())]
        lines += fold(escape_controls(words).lstrip(), width, first=margin, rest=margin + "  ")
    return "\n".join(lines)


def _counts(summary: RunSummary, colour: bool, width: int | None) -> Iterator[str]:
    # Nothing that was checked is nothing to be glad of.
    good = "good" if summary.exchanges else "warning"
    worst = next((level for level in WORST_FIRST if summary.severities[level]), good)
    yield f"{seen_text(summary)}: {paint(severities_text(summary), worst, colour)}"
    if decisions := decisions_text(summary):
        yield f"  {paint(decisions, 'warning' if summary.denials else 'good', colour)}"
    for words in strangers(summary):
        yield from fold(words, width, first="  ", rest="    ")
    if summary.partial:
        yield "  " + paint("partial: the check was stopped before the end of its input", "error", colour)


def _operations(summary: RunSummary, width: int | None) -> Iterator[str]:
    by_operation: dict[str, list[str]] = {}
    for (operation, outcome), count in sorted(summary.outcomes.items()):
        by_operation.setdefault(operation, []).append(f"{escape_controls(outcome)} {count}")
    for operation, outcomes in by_operation.items():
        yield from fold(", ".join(outcomes), width, first=f"  {operation:<24}", rest=" " * 26)


def _journeys(summary: RunSummary, width: int | None) -> Iterator[str]:
    for journey in summary.journeys:
        yield from fold(journey_text(journey), width, first="  journey   ", rest=" " * MARGIN)
        for finding in journey["findings"]:
            words = escape_controls(f"{finding['code']} {finding['message']}")
            yield from fold(words, width, first=f"    {finding['severity']:<8}", rest=" " * MARGIN)
    if (more := summary.verdicts.total() - len(summary.journeys)) > 0:
        yield f"  and {plural(more, 'more journey')}"


def _expectations(summary: RunSummary, colour: bool, width: int | None) -> Iterator[str]:
    for expectation in summary.expectations:
        shade = _VERDICTS[expectation["verdict"]]
        lines = fold(expectation_text(expectation), width, first="  expected  ", rest=" " * MARGIN)
        yield from lines if shade is None else [paint(line, shade, colour) for line in lines]
    if (more := summary.expected.total() - len(summary.expectations)) > 0:
        yield f"  and {plural(more, 'more expectation')}"


def _checklist(lines: Sequence[ChecklistLine]) -> Iterator[tuple[str, str, str]]:
    """The official checklist: texts, each with the margin of its first line and of the others."""
    if lines:
        yield f"checklist, {counted(lines)}", "  ", "    "
    for words, same in grouped(lines):
        yield words, "  ", "    "
        for line in same:
            yield line_text(line), "    ", "      "


def seen_text(summary: RunSummary) -> str:
    """``12 exchanges, 1 other flow, 2 unreadable parts``."""
    other = f", {plural(summary.other_flows, 'other flow')}" if summary.other_flows else ""
    unreadable = f", {plural(summary.unreadable, 'unreadable part')}" if summary.unreadable else ""
    return f"{plural(summary.exchanges, 'exchange')}{other}{unreadable}"


def severities_text(summary: RunSummary) -> str:
    """``1 error, 0 warnings, 3 notes``."""
    return ", ".join(plural(summary.severities[level], level) for level in WORST_FIRST)


def decisions_text(summary: RunSummary) -> str:
    """``2 permits, 1 denial``; empty where there was no decision."""
    if not summary.permits and not summary.denials:
        return ""
    return f"{plural(summary.permits, 'permit')}, {plural(summary.denials, 'denial')}"


def strangers(summary: RunSummary) -> list[str]:
    """A line for each kind of calls on the API's hosts that are no exchanges, where there are any."""
    lines = []
    for kind, named in (WORDS if summary.exchanges else WORDS | ALONE).items():
        calls = summary.calls(kind)
        if calls:
            of_kind = [
                (stranger.words, count) for stranger, count in summary.strangers.items() if stranger.kind == kind
            ]
            shown = sorted(of_kind, key=lambda item: (-item[1], item[0]))
            more = ", …" if len(shown) > _NAMED else ""
            listed = ", ".join(
                escape_controls(f"{words} {count}" if count > 1 else words) for words, count in shown[:_NAMED]
            )
            lines.append(f"{plural(calls, 'call')}, {named}: {listed}{more}")
    return lines


def journey_text(journey: Journey) -> str:
    """A journey in one line: what came of it, and why."""
    names = [journey["service_provider"] or "", *journey["codes"][:_CODES]]
    where = escape_controls(" ".join(name for name in names if name))
    more = f" and {len(journey['codes']) - _CODES} more codes" if len(journey["codes"]) > _CODES else ""
    word, why = journey["verdict"].replace("-", " "), escape_controls(journey["why"])
    return f"{why if why.startswith(word) else f'{word}: {why}'}  ({where}{more})"


def expectation_text(expectation: Expectation) -> str:
    """An expectation in one line: whose it is, what became of it, and why."""
    word = expectation["verdict"].replace("-", " ")
    named = f"{expectation['scenario']}, {expectation['name']}"
    return escape_controls(f"{named}: {word} ({expectation['why']})")


class SummaryReport:
    """Only the summary: for a terminal beside reports that go to files. The caller says what could not be read."""

    def __init__(self, out: TextIO, *, colour: bool = False, width: int | None = None) -> None:
        self._out, self._colour, self._width = out, colour, width

    def entry(self, entry: Entry) -> None:
        """One judged exchange; it only counts."""

    def journey(self, journey: Journey) -> None:
        """A journey that has ended; the summary names it."""

    def expectation(self, expectation: Expectation) -> None:
        """What became of an expectation; the summary names it."""

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read; it only counts."""

    def close(self, summary: RunSummary) -> None:
        """The end of the input."""
        self._out.write(summary_text(summary, colour=self._colour, width=self._width) + "\n")
