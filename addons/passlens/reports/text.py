"""The report for people: one block for each core exchange, one line for every other operation, a summary.
The proxy prints the same blocks while it runs."""

import textwrap
from typing import Final, TextIO

from passlens.reports.tally import Tally
from passlens.reports.words import device, paint, partner_status, plural, safe
from passlens.spec.operations import CORE
from passlens.verdict import Entry

_MARGIN: Final = 12


def block(entry: Entry, *, colour: bool = False, width: int | None = None) -> str:
    """One exchange as text without a trailing line break; lines longer than ``width`` are wrapped."""
    lines = [_head(entry, colour)]
    if entry["operation"] in CORE:
        lines += _body(entry, colour, width)
    else:
        lines += _row("injected", _injected(entry), width) + _row("scenario", _dry_run(entry), width)
        lines += _row("why", entry["diagnosis"], width)
    for finding in entry["findings"]:
        label = paint(f"{finding['severity']:<{_MARGIN - 2}}", finding["severity"], colour)
        lines.append(f"  {label}{paint(finding['code'], 'bold', colour)} {safe(finding['at'])}")
        lines += _row("", finding["message"], width)
    return "\n".join(lines)


def _head(entry: Entry, colour: bool) -> str:
    clock = (entry["started"] or "").partition("T")[2] or "--:--:--"
    where = " ".join(safe(entry[key]) for key in ("service_provider", "partner") if entry[key])
    took = "" if entry["duration_ms"] is None else f"{entry['duration_ms']:.0f} ms"
    status = "no answer" if entry["status"] is None else str(entry["status"])
    good = entry["status"] is not None and entry["status"] < 400
    words = [
        paint(clock, "dim", colour),
        paint(entry["operation"], "bold", colour),
        where,
        paint(status, "good" if good else "error", colour),
        safe(entry["error"]) if entry["error"] else "",
        took,
    ]
    return "  ".join(word for word in words if word)


def _body(entry: Entry, colour: bool, width: int | None) -> list[str]:
    lines = _row("answer", _answer(entry), width)
    lines += _row("device", device(entry), width)
    lines += _row("partner", partner_status(entry), width)
    lines += _row("injected", _injected(entry), width)
    lines += _row("scenario", _dry_run(entry), width)
    lines += _row("why", entry["diagnosis"], width)
    return lines + _row("next", ", then ".join(entry["next"]), width)


def _injected(entry: Entry) -> str | None:
    """Which scenario and rule did what to the exchange."""
    by = entry["injected"]
    return f"{by['scenario']}/{by['rule']}  ({by['how']})" if by else None


def _dry_run(entry: Entry) -> str | None:
    """What a scenario would have done to the exchange, where that was asked for."""
    told = entry.get("dry_run")
    return f"{told['action'] or 'nothing'}: {told['explanation']}" if told else None


def _answer(entry: Entry) -> str | None:
    action = entry["action"]
    if action is None and entry["outcome"] is None:
        return None
    words = [entry["outcome"] or "not in the truth table"]
    if action is not None:
        words.append(" / ".join(value or "-" for value in action.values()))
    words += [f"{name} {entry[name]}" for name in ("code", "mvpd") if entry[name]]
    return "  ".join(words)


def _row(label: str, text: str | None, width: int | None) -> list[str]:
    if not text:
        return []
    head = f"  {label:<{_MARGIN - 2}}"
    body = safe(text)
    if width is None or width < 40:
        return [head + body]
    return textwrap.wrap(
        body,
        width,
        initial_indent=head,
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    )


def summary(tally: Tally, *, colour: bool = False) -> str:
    """The counts of a run: exchanges by operation and outcome, findings by code."""
    worst = next((level for level in ("error", "warning", "note") if tally.severities[level]), "good")
    counts = ", ".join(plural(tally.severities[level], level) for level in ("error", "warning", "note"))
    other = f", {plural(tally.other_flows, 'other flow')}" if tally.other_flows else ""
    unreadable = f", {plural(tally.unreadable, 'unreadable part')}" if tally.unreadable else ""
    lines = [f"{plural(tally.exchanges, 'exchange')}{other}{unreadable}: {paint(counts, worst, colour)}"]
    if tally.partial:
        lines.append("  " + paint("partial: the check was stopped before the end of its input", "error", colour))
    by_operation: dict[str, list[str]] = {}
    for (operation, outcome), count in sorted(tally.outcomes.items()):
        by_operation.setdefault(operation, []).append(f"{safe(outcome)} {count}")
    lines += [f"  {operation:<24}{', '.join(outcomes)}" for operation, outcomes in by_operation.items()]
    for (code, name, severity), count in sorted(tally.codes.items()):
        lines.append(f"  {paint(f'{severity:<10}', severity, colour)}{code}  {name:<32}{count}")
    lines += [safe(words) for words in tally.closing]
    return "\n".join(lines)


def words(entry: Entry) -> str:
    """What the report has of an entry where nothing is coloured or wrapped."""
    return block(entry) + "\n\n"


class TextReport:
    """Writes blocks as they come and the summary at the end."""

    def __init__(self, out: TextIO, *, colour: bool = False, width: int | None = None) -> None:
        self._out, self._colour, self._width = out, colour, width

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(block(entry, colour=self._colour, width=self._width) + "\n\n")

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        label = paint("unreadable", "error", self._colour)
        self._out.write(f"{label}  {safe(file)}: {safe(message)}\n\n")

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        self._out.write(summary(tally, colour=self._colour) + "\n")


class SummaryReport:
    """Only the summary: for a terminal beside reports that go to files. The caller says what could not be read."""

    def __init__(self, out: TextIO, *, colour: bool = False) -> None:
        self._out, self._colour = out, colour

    def entry(self, entry: Entry) -> None:
        """One judged exchange; it only counts."""

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read; it only counts."""

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        self._out.write(summary(tally, colour=self._colour) + "\n")
