"""``passlens check``: recordings in, a report out, a verdict as exit status."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TextIO

from passlens.checks.finding import SEVERITIES
from passlens.exchange import Exchange
from passlens.progress import Progress
from passlens.recording import Trouble, read
from passlens.reports.json_document import JsonReport
from passlens.reports.jsonl import JsonlReport
from passlens.reports.tally import Tally
from passlens.reports.text import TextReport
from passlens.reports.words import fault, safe
from passlens.terminal import takes_colour, width
from passlens.verdict import Entry, judge


class Report(Protocol):
    """What every format has: entries and troubles as they come, then the end."""

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""

    def close(self, tally: Tally) -> None:
        """The end of the input."""


def _text(out: TextIO) -> Report:
    return TextReport(out, colour=takes_colour(out), width=width(out))


REPORTS: Final[dict[str, Callable[[TextIO], Report]]] = {"text": _text, "json": JsonReport, "jsonl": JsonlReport}
FORMATS: Final = tuple(REPORTS)


@dataclass(frozen=True)
class Settings:
    """Options of a check. ``select`` and ``ignore`` are prefixes of codes; an empty ``select`` takes all."""

    form: str = "text"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    reveal: bool = False

    def wants(self, code: str) -> bool:
        """True if findings of this code count; the longer of two prefixes that fit wins."""
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1)
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return refused < chosen or (refused == -1 and not self.select)


def check_recordings(files: Sequence[str], settings: Settings, out: TextIO, err: TextIO) -> int:
    """Read, judge and report; returns the exit status (0, 1 or 2 as ``passlens check --help`` says)."""
    report = REPORTS[settings.form](out)
    tally = Tally()
    with Progress(err, quiet=out.isatty()) as progress:
        for item in read(files, progress.bytes):
            if isinstance(item, Exchange) and item.route is not None:
                judged = _judged(item, settings)
            elif isinstance(item, Trouble):
                judged = item
            else:
                tally.other_flows += 1
                continue
            if isinstance(judged, Trouble):
                tally.unreadable += 1
                file = judged.file or "input"
                report.trouble(file, judged.index, judged.sentence)
                if settings.form != "text":
                    progress.say(f"passlens: {safe(file)}: {safe(judged.sentence)}.")
            else:
                tally.add(judged)
                report.entry(judged)
                progress.exchanges = tally.exchanges
    report.close(tally)
    return _status(settings, tally)


def _judged(ex: Exchange, settings: Settings) -> Entry | Trouble:
    """The entry with the findings that count, or the trouble when passlens itself fails on it."""
    try:
        entry = judge(ex, reveal=settings.reveal)
    except Exception as error:  # the other exchanges are still judged
        words = f"flow {ex.index} could not be judged ({fault(error)}); this is a fault of passlens, report it"
        return Trouble(ex.file or "input", words, ex.index, False)
    entry["findings"] = [finding for finding in entry["findings"] if settings.wants(finding["code"])]
    return entry


def _status(settings: Settings, tally: Tally) -> int:
    if tally.unreadable:
        return 2
    if settings.fail_on == "never":
        return 0
    least = next(place for place, severity in enumerate(SEVERITIES) if severity == settings.fail_on)
    return 1 if any(tally.severities[severity] for severity in SEVERITIES[least:]) else 0
