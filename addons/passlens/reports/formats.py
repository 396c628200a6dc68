"""The table of report formats, and what every report has. A format is one function in a file of ``reports/`` and one
row here; text and jsonl are written as they come, all others when the run is whole."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TextIO

from passlens.analysis.entry import Entry, Expectation, Journey
from passlens.analysis.summary import RunSummary
from passlens.reports import jsonl
from passlens.reports.html.report import html
from passlens.reports.json_document import json_document
from passlens.reports.jsonl import JsonlReport
from passlens.reports.junit import junit
from passlens.reports.markdown import markdown
from passlens.reports.run import ReportFormat, RunReport
from passlens.reports.sarif import sarif
from passlens.reports.summary_text import SummaryReport
from passlens.reports.text import TextBlocks, TextReport
from passlens.util.terminal import takes_colour, width


class Report(Protocol):
    """What every format has: entries and troubles as they come, in file order, then the end."""

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""

    def journey(self, journey: Journey) -> None:
        """A journey that has ended; its exchanges came before."""

    def expectation(self, expectation: Expectation) -> None:
        """What became of something that a scenario expects."""

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read, or that the check was stopped (``summary.partial``)."""

    def close(self, summary: RunSummary) -> None:
        """The end of the input."""


Maker = Callable[[TextIO], Report]


def _text(out: TextIO, *, named: bool = False, file: bool = False) -> Report:
    if file:  # FORCE_COLOR is meant for who looks at a log, not for what is kept
        return TextReport(out, named=named)
    return TextReport(out, colour=takes_colour(out), width=width(out), named=named)


def summary(out: TextIO) -> Report:
    """The end of the text report alone: what goes to standard output when the reports go to files."""
    return SummaryReport(out, colour=takes_colour(out), width=width(out))


def _whole(form: ReportFormat) -> Maker:
    return lambda out: RunReport(out, form)


REPORTS: Final[dict[str, Maker]] = {
    "text": _text,
    "json": _whole(json_document),
    "jsonl": JsonlReport,
    "junit": _whole(junit),
    "sarif": _whole(sarif),
    "markdown": _whole(markdown),
    "html": _whole(html),
}
FORMATS: Final = tuple(REPORTS)
SUMMARY: Final = "summary"
"""Not a format one can ask for: ``--output`` without ``--format``."""


class Words(Protocol):
    """What a report has of one entry after the other of a recording."""

    def __call__(self, entry: Entry) -> str:
        """The words of an entry."""

    def rest(self) -> str:
        """What is still to be said of those before, where a recording or a part of it ends."""


def words_of(form: str, out: TextIO, *, several: bool = False) -> Words | None:
    """The words of a report on this output that depend on nothing but the entries before, so that whoever judged them
    can write them; None for other formats. ``several`` as below."""
    plain = form != "text" or not (takes_colour(out) or width(out))
    if form == "text" and plain:
        return TextBlocks(named=several)
    return jsonl.JsonLines() if form == "jsonl" else None


def maker(form: str, *, several: bool = False, file: bool = False) -> Maker:
    """What makes a report of this format; of ``several`` recordings, the one for people tells file and flow too. In a
    ``file`` of its own it has neither colours nor a width."""
    if form == "text":
        return partial(_text, named=several, file=file)
    return summary if form == SUMMARY else REPORTS[form]
