"""The page for people: ``--format html``. One file that needs no network, no script from elsewhere and no server.
It keeps what a page can show, so that the length of a recording costs neither memory nor the reader's patience."""

from typing import Final, TextIO

from passlens.reports.html_page import Collected, Step, page
from passlens.reports.html_shelf import ROOM, Shelf
from passlens.reports.jsonl import line
from passlens.reports.tally import Tally
from passlens.verdict import Entry

FIRST: Final = 2000
"""Exchanges that are shown in full from the start of the input."""

MORE: Final = 500
"""Later exchanges that are shown because they carry an error or a warning."""

KEPT: Final = 16_000_000
"""Characters, as JSON, of the exchanges that are kept; twice what so many usually have."""

LISTED: Final = 100
"""Names of files and unreadable parts that are listed; all are counted."""


class HtmlReport:
    """Collects what the page shows and writes it at the end, because the verdict stands first.

    The page is written in ASCII with character references, so no encoding of the output can spoil it.
    """

    def __init__(
        self, out: TextIO, *, first: int = FIRST, more: int = MORE, kept: int = KEPT, room: int = ROOM
    ) -> None:
        self._out, self._first, self._more, self._left = out, first, more, kept
        self._collected = Collected()
        self._shelf = Shelf(room)
        self._late = 0
        self._seen: set[tuple[str, str]] = set()

    def entry(self, entry: Entry) -> None:
        """One judged exchange: kept if it is early, bad, or the first with one of its findings."""
        found = self._collected
        found.exchanges += 1
        if entry["file"] and entry["file"] not in found.files:
            found.more_files += len(found.files) >= LISTED and found.last_file != entry["file"]
            if len(found.files) < LISTED:
                found.files.append(entry["file"])
        found.last_file = entry["file"]
        codes = {(finding["code"], finding["severity"]) for finding in entry["findings"]}
        if found.exchanges > self._first and codes <= self._seen:
            if self._late >= self._more or not any(severity != "note" for _, severity in codes):
                return
            self._late += 1
        self._left -= len(line(entry))
        if self._left < 0:
            return
        self._seen |= codes
        if "messages" in entry:
            self._shelf.put(found.exchanges, entry["messages"])
            entry = {name: value for name, value in entry.items() if name != "messages"}
        found.steps.append(Step(found.exchanges, entry))

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        found = self._collected
        if len(found.troubles) < LISTED:
            found.troubles.append((file, index, message))
        else:
            found.more_troubles += 1

    def close(self, tally: Tally) -> None:
        """The end of the input: write the page."""
        for piece in page(self._collected, tally, self._shelf):
            self._out.write(piece.encode("ascii", "xmlcharrefreplace").decode("ascii"))
        self._out.write("\n")
        self._shelf.close()
