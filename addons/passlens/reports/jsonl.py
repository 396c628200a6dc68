"""One JSON line for each exchange: the form of ``passlens_log`` and of ``--format jsonl``."""

import json
from typing import Final, TextIO

from passlens.reports.tally import Tally
from passlens.verdict import Entry

_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def line(entry: Entry) -> str:
    """An entry as one line of ASCII, without the line break; lone surrogates stand as escapes.

    Headers and bodies, which only the page shows, are no part of the machine-readable form.
    """
    if "messages" in entry:
        entry = {name: value for name, value in entry.items() if name != "messages"}
    return _ENCODER.encode(entry)


def words(entry: Entry) -> str:
    """What the report has of an entry."""
    return line(entry) + "\n"


class JsonlReport:
    """Writes one line an exchange. What could not be read is not an exchange: the exit status tells."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(words(entry))

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """Parts that could not be read have no line; the caller says it on standard error."""

    def close(self, tally: Tally) -> None:
        """The end of the input."""
