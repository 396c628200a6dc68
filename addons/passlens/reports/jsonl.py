"""One JSON line for each exchange: the form of ``passlens_log`` and of ``--format jsonl``."""

import json
from typing import Final, TextIO

from passlens.analysis.entry import SCHEMA, Entry, Expectation, Journey, without_messages
from passlens.analysis.summary import RunSummary

_FRONT: Final = f'{{"schema":{SCHEMA},"kind":"exchange",'
ENCODER: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def plain(entry: Entry) -> str:
    """An entry as one line of ASCII, without the line break; lone surrogates stand as escapes.

    Headers and bodies, which only the page shows, are no part of the machine-readable form.
    """
    return ENCODER.encode(without_messages(entry)[0])


def line(entry: Entry) -> str:
    """The line of a log or of jsonl: an entry that says of which kind and version it is."""
    return framed(plain(entry))


def framed(text: str) -> str:
    """The same of an entry that is written as ``plain`` writes it."""
    return _FRONT + text[1:]


class JsonLines:
    """Entries as lines."""

    def __call__(self, entry: Entry) -> str:
        """What the report has of an entry."""
        return line(entry) + "\n"

    def rest(self) -> str:
        """A line says all of its entry."""
        return ""


def journey_line(journey: Journey) -> str:
    """A journey as one line, without the line break."""
    return ENCODER.encode({"schema": SCHEMA, "kind": "journey", **journey})


def expectation_line(expectation: Expectation) -> str:
    """An expectation as one line, without the line break."""
    return ENCODER.encode({"schema": SCHEMA, "kind": "expectation", **expectation})


class JsonlReport:
    """Writes one line an exchange. What could not be read is not an exchange: the exit status tells."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(line(entry) + "\n")

    def journey(self, journey: Journey) -> None:
        """A journey that has ended."""
        self._out.write(journey_line(journey) + "\n")

    def expectation(self, expectation: Expectation) -> None:
        """What became of an expectation."""
        self._out.write(expectation_line(expectation) + "\n")

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """Parts that could not be read have no line; the caller says it on standard error."""

    def close(self, summary: RunSummary) -> None:
        """The end of the input."""
