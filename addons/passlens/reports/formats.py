"""The table of report formats, and what every report has.
A format is one file in ``reports/`` and one row here."""

from collections.abc import Callable
from typing import Final, Protocol, TextIO

from passlens.reports import jsonl, text
from passlens.reports.html import HtmlReport
from passlens.reports.json_document import JsonReport
from passlens.reports.jsonl import JsonlReport
from passlens.reports.junit import JunitReport
from passlens.reports.markdown import MarkdownReport
from passlens.reports.sarif import SarifReport
from passlens.reports.tally import Tally
from passlens.reports.text import SummaryReport, TextReport
from passlens.terminal import takes_colour, width
from passlens.verdict import Entry


class Report(Protocol):
    """What every format has: entries and troubles as they come, in file order, then the end."""

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read, or that the check was stopped (``tally.partial``)."""

    def close(self, tally: Tally) -> None:
        """The end of the input."""


Maker = Callable[[TextIO], Report]


def _text(out: TextIO) -> Report:
    return TextReport(out, colour=takes_colour(out), width=width(out))


def summary(out: TextIO) -> Report:
    """The end of the text report alone: what goes to standard output when the reports go to files."""
    return SummaryReport(out, colour=takes_colour(out))


REPORTS: Final[dict[str, Maker]] = {
    "text": _text,
    "json": JsonReport,
    "jsonl": JsonlReport,
    "junit": JunitReport,
    "sarif": SarifReport,
    "markdown": MarkdownReport,
    "html": HtmlReport,
}
FORMATS: Final = tuple(REPORTS)
SUMMARY: Final = "summary"
"""Not a format one can ask for: ``--output`` without ``--format``."""


Words = Callable[[Entry], str]
WORDS: Final[dict[str, Words]] = {"text": text.words, "jsonl": jsonl.words}
"""Formats that have the same words of an entry whatever stands before it, so that whoever judged it can write them."""


def words_of(form: str, out: TextIO) -> Words | None:
    """What a report on this output has of an entry by itself, if there is such a thing."""
    plain = form != "text" or not (takes_colour(out) or width(out))
    return WORDS.get(form) if plain else None


def maker(form: str) -> Maker:
    """What makes a report of this format."""
    return summary if form == SUMMARY else REPORTS[form]
