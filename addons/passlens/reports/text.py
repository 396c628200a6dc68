"""The report for people: one block for each exchange, and a summary (summary_text.py).
The proxy prints the same blocks while it runs."""

from typing import Final, Literal, TextIO

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.analysis.summary import RunSummary
from passlens.checks.next_steps import next_steps
from passlens.reports.entry_text import (
    MAX_RESULTS,
    clock,
    device,
    injected_text,
    is_denied,
    partner_status,
    result_lines,
)
from passlens.reports.poll_fold import Fold, Folds, whose
from passlens.reports.summary_text import MARGIN, summary_text
from passlens.rest_v2.operations import BY_ID, FAMILIES
from passlens.rest_v2.results import ItemResult
from passlens.util.text import escape_controls, fold, paint


def block(
    entry: Entry, *, colour: bool = False, width: int | None = None, live: bool = False, named: bool = False
) -> str:
    """One exchange as text without a trailing line break; lines longer than ``width`` are folded.

    ``live`` tells times by the clock on the wall, ``named`` tells file and flow.
    """
    lines = [_head(entry, colour, live)]
    if named:
        lines += _row("flow", f"{entry['index']} of {entry['file'] or 'input'}", width)
    lines += _body(entry, colour, width, live)
    for finding in entry["findings"]:
        first, *rest = _row(finding["severity"], f"{finding['code']} {finding['at']}", width)
        label = f"  {finding['severity']:<{MARGIN - 2}}"
        head = paint(label, finding["severity"], colour) + paint(finding["code"], "bold", colour)
        lines += [head + first.removeprefix(label + finding["code"]), *rest]
        lines += _row("", finding["message"], width)
    return "\n".join(lines)


_PARAMETERS: Final[dict[str, Literal["service_provider", "partner", "code", "mvpd"]]] = {
    "serviceProvider": "service_provider",
    "partner": "partner",
    "code": "code",
    "mvpd": "mvpd",
}


def _head(entry: Entry, colour: bool, live: bool) -> str:
    took = "" if entry["duration_ms"] is None else f"{entry['duration_ms']:.0f} ms"
    status = "no answer" if entry["status"] is None else str(entry["status"])
    words = [
        paint(clock(entry["started"], live=live), "dim", colour),
        paint(entry["operation"], "bold", colour),
        escape_controls(_where(entry)),
        paint(status, _shade(entry), colour),
        escape_controls(entry["error"] or ""),
        took,
    ]
    return "  ".join(word for word in words if word)


def _where(entry: Entry) -> str:
    """What the path names; the code and the mvpd of a session stand in its answer."""
    operation = BY_ID.get(entry["operation"])
    path = operation.paths[0] if operation is not None else ""
    session = operation is None or operation.id in FAMILIES["sessions"]
    names = list(_PARAMETERS)[:2] if session else list(_PARAMETERS)
    named = (entry[_PARAMETERS[name]] for name in names if operation is None or f"{{{name}}}" in path)
    return " ".join(filter(None, named))


def _shade(entry: Entry) -> str:
    """A denial is no success, though its status is 200."""
    if entry["status"] is None or entry["status"] >= 400:
        return "error"
    return "warning" if is_denied(entry) else "good"


def _body(entry: Entry, colour: bool, width: int | None, live: bool) -> list[str]:
    lines = _row("answer", _response(entry), width)
    shades = [_result_shade(result) for result in entry["results"]]
    for line, shade in zip(result_lines(entry, live=live), [*shades[:MAX_RESULTS], None], strict=False):
        lines += _row("result", line, width, shade if colour else None)
    lines += _row("device", device(entry["device"]), width)
    lines += _row("partner", partner_status(entry), width)
    lines += _row("injected", injected_text(entry), width)
    lines += _row("scenario", _dry_run(entry), width)
    lines += _row("why", entry["diagnosis"], width)
    is_plain = entry["operation"] not in FAMILIES["sessions"] and not entry["diagnosis"]
    return lines + _row("next", None if is_plain else next_steps(entry["next"]), width)


def _result_shade(result: ItemResult) -> str | None:
    """The colour of a result: a decision is good or bad news, all else is neither."""
    if result["kind"] != "decision" or result["authorized"] is None:
        return None
    return "good" if result["authorized"] else "warning"


def _dry_run(entry: Entry) -> str | None:
    """What a scenario would have done to the exchange, where that was asked for."""
    told = entry.get("dry_run")
    return f"{told['action'] or 'nothing'}: {told['explanation']}" if told else None


def _response(entry: Entry) -> str | None:
    """The row of a sessions answer and what it says; other answers tell their results instead."""
    action = entry["action"]
    if entry["operation"] not in FAMILIES["sessions"] or (action is None and entry["outcome"] is None):
        return None
    words = [entry["outcome"] or "not in the truth table"]
    if action is not None:
        words.append(" / ".join(value or "-" for value in (action["name"], action["type"], action["reason"])))
    words += [f"code {entry['code']}"] if entry["code"] else []
    words += [f"mvpd {entry['mvpd']}"] if entry["mvpd"] else []
    return "  ".join(words)


def _row(label: str, text: str | None, width: int | None, shade: str | None = None) -> list[str]:
    """Lines with a label before the first; with ``shade``, the text is painted."""
    if not text:
        return []
    label = f"  {label:<{MARGIN - 2}}"
    lines = fold(escape_controls(text), width, first=label, rest=" " * MARGIN)
    return lines if shade is None else [line[:MARGIN] + paint(line[MARGIN:], shade, True) for line in lines]


class TextBlocks:
    """Entries as blocks; of a poll that repeats itself the first one, and a line that counts them where it ends."""

    def __init__(self, *, colour: bool = False, width: int | None = None, named: bool = False) -> None:
        self._colour, self._width, self._named = colour, width, named
        self._folds = Folds()
        self._file: str | None = None

    def __call__(self, entry: Entry) -> str:
        """What the report has of an entry."""
        before = "" if entry["file"] == self._file else self.rest()
        self._file = entry["file"]
        repeats, ended = self._folds.take(whose(entry), entry)
        if repeats is not None:
            return before
        made = block(entry, colour=self._colour, width=self._width, named=self._named)
        return f"{before}{_line(ended)}{made}\n\n"

    def rest(self) -> str:
        """The lines of the polls that were not over; none of what comes later repeats them."""
        return "".join(map(_line, self._folds.rest()))


def _line(fold: Fold | None) -> str:
    return f"{fold.line(live=False)}\n\n" if fold is not None else ""


class TextReport:
    """Writes blocks as they come and the summary at the end; with ``named``, each with its file and flow."""

    def __init__(self, out: TextIO, *, colour: bool = False, width: int | None = None, named: bool = False) -> None:
        self._out, self._colour, self._width = out, colour, width
        self._blocks = TextBlocks(colour=colour, width=width, named=named)

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(self._blocks(entry))

    def journey(self, journey: Journey) -> None:
        """A journey that has ended; the summary names it."""
        self._out.write(self._blocks.rest())

    def expectation(self, expectation: Expectation) -> None:
        """What became of an expectation; the summary names it."""
        self._out.write(self._blocks.rest())

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        self._out.write(self._blocks.rest())
        label = paint("unreadable", "error", self._colour)
        first, *rest = fold(
            f"{escape_controls(file)}: {escape_controls(message)}",
            self._width,
            first="unreadable  ",
            rest=" " * MARGIN,
        )
        self._out.write("\n".join([label + first.removeprefix("unreadable"), *rest]) + "\n\n")

    def close(self, summary: RunSummary) -> None:
        """The end of the input."""
        self._out.write(self._blocks.rest())
        self._out.write(summary_text(summary, colour=self._colour, width=self._width) + "\n")
