"""The machine-readable document: ``--format json``. Written as it comes, so that long recordings need no memory;
members of an object have no order, and the counts are known last."""

import json
import tempfile
from typing import Final, TextIO

from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.verdict import SCHEMA, TOOL, Entry

_IN_MEMORY: Final = 1 << 20
"""Characters about unreadable parts that wait in memory for the end of ``exchanges``; more of them wait on disk."""


class JsonReport:
    """Writes one document. ``unreadable`` lists what could not be read, with file, position and reason."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._first = True
        self._troubles = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii")  # noqa: SIM115  see close
        out.write(f'{{"schema": {SCHEMA}, "tool": {json.dumps(TOOL)},\n "exchanges": [')

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(("\n  " if self._first else ",\n  ") + line(entry))
        self._first = False

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        separator = ", " if self._troubles.tell() else ""
        self._troubles.write(separator + json.dumps({"file": file, "index": index, "message": message}))

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        self._out.write('],\n "unreadable": [')
        with self._troubles:
            self._troubles.seek(0)
            while piece := self._troubles.read(1 << 16):
                self._out.write(piece)
        self._out.write(f'],\n "summary": {json.dumps(tally.summary())}}}\n')
