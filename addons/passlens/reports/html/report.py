"""The page for people: ``--format html``. One file that needs no network, no script from elsewhere and no server.
It shows what a page can show, so that the length of a recording costs neither memory nor the reader's patience."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from passlens.analysis.checklist import Checklist
from passlens.analysis.entry import Entry
from passlens.reports.html.page import Collected, TimelineStep, page
from passlens.reports.jsonl import plain
from passlens.reports.poll_fold import Folds, whose
from passlens.reports.run import Run

FIRST: Final = 2000
"""Exchanges that are shown in full from the start of the input."""

MORE: Final = 500
"""Later exchanges that are shown because they carry an error or a warning."""

KEPT: Final = 16_000_000
"""Characters, as JSON, of the exchanges that are shown; twice what so many usually have."""

ROOM: Final = 24_000_000
"""Bytes of headers and bodies that are shown: the page grows by about as much."""

LISTED: Final = 100
"""Names of files, journeys and unreadable parts that are listed; all are counted."""


def html(run: Run, *, first: int = FIRST, more: int = MORE, kept: int = KEPT, room: int = ROOM) -> Iterator[str]:
    """The page, piece by piece, in ASCII with character references, so that no encoding can spoil it."""
    found = collect(run, first=first, more=more, kept=kept, room=room)
    for piece in page(found, run):
        yield piece.encode("ascii", "xmlcharrefreplace").decode("ascii")
    yield "\n"


def collect(run: Run, *, first: int = FIRST, more: int = MORE, kept: int = KEPT, room: int = ROOM) -> Collected:
    """What the page shows of a run."""
    found = Collected()
    chosen = _Selection(first, more, kept)
    folds = Folds()
    checklist = Checklist()
    for number, entry in enumerate(run.entries(), 1):
        found.exchanges = number
        checklist.entry(entry)
        if entry["file"] != found.last_file:
            folds.rest()
        _list_file(found, entry["file"])
        repeats, _ = folds.take(whose(entry), entry)
        # A poll that repeats the one before is counted by the step of that one.
        if repeats is None and chosen.takes(number, entry):
            found.steps.append(TimelineStep(number, entry, fold=folds.opened(whose(entry))))
    for journey in run.journeys():
        checklist.journey(journey)
    found.checklist = checklist.lines() if found.exchanges else []
    for step in found.steps:
        size = run.message_size(step.number)
        room -= size
        if room < 0 or run.messages_cut:
            found.messages_cut = True
            break
        if size:
            found.with_messages.add(step.number)
    found.journeys = list(islice(run.journeys(), LISTED))
    parts = list(islice(run.unreadable(), LISTED))
    found.read_errors = [(part["file"], part["index"], part["message"]) for part in parts]
    found.more_read_errors = sum(1 for _ in run.unreadable()) - len(parts)
    return found


def _list_file(found: Collected, file: str | None) -> None:
    if file and file not in found.files:
        if len(found.files) < LISTED:
            found.files.append(file)
        else:
            found.more_files += found.last_file != file
    found.last_file = file


class _Selection:
    """Which exchanges are shown: early ones, bad ones, and the first with one of its findings."""

    def __init__(self, first: int, more: int, kept: int) -> None:
        self._first, self._more, self._left = first, more, kept
        self._late = 0
        self._seen: set[tuple[str, str]] = set()

    def takes(self, number: int, entry: Entry) -> bool:
        """Whether this one is shown; to be asked of each in its order."""
        codes = {(finding["code"], finding["severity"]) for finding in entry["findings"]}
        if number > self._first and codes <= self._seen:
            if self._late >= self._more or not any(severity != "note" for _, severity in codes):
                return False
            self._late += 1
        self._left -= len(plain(entry))
        if self._left < 0:
            return False
        self._seen |= codes
        return True
