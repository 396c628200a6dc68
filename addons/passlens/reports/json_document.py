"""The machine-readable document: ``--format json``. Written as it comes, so that long recordings need no memory;
members of an object have no order, and the counts are known last."""

import json
from typing import Any, TextIO

from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.verdict import SCHEMA, TOOL, Entry


class JsonReport:
    """Writes one document. ``unreadable`` lists what could not be read, with file, position and reason."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._first = True
        self._unreadable: list[dict[str, Any]] = []
        out.write(f'{{"schema": {SCHEMA}, "tool": {json.dumps(TOOL)},\n "exchanges": [')

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        self._out.write(("\n  " if self._first else ",\n  ") + line(entry))
        self._first = False

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        self._unreadable.append({"file": file, "index": index, "message": message})

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        self._out.write(
            f'],\n "unreadable": {json.dumps(self._unreadable)},\n "summary": {json.dumps(tally.summary())}}}\n'
        )
