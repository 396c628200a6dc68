"""A whole run, for formats that need it whole: a format is a function of a ``Run`` that yields the pieces of a text."""

import json
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any, Final, Literal, TextIO

from passlens.analysis.entry import Entry, Expectation, Journey, Unreadable, without_messages
from passlens.analysis.summary import RunSummary

ROOM: Final = 256_000_000
"""Bytes of headers and bodies that are kept on disk: ten times what a page can show."""

RunItem = Literal["exchange", "journey", "expectation", "unreadable"]


class Run:
    """What was said of the input, in file order, and the counts. It waits on disk, so that the length of a recording
    costs no memory, and a format goes through it as often as it likes. To be written first and read then."""

    def __init__(self, room: int = ROOM) -> None:
        self.summary = RunSummary()
        self.messages_cut = False
        """True if headers and bodies of some exchanges were not kept, because there was no room for more."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by close
        self._end = 0
        self._room = room
        self._messages = array("q")
        """Where the headers and bodies of each exchange stand; -1 for none."""

    def add_entry(self, entry: Entry) -> None:
        """An exchange that was analyzed, with its headers and bodies where it has them."""
        bare, messages = without_messages(entry)
        self._write("exchange", bare)
        self._messages.append(-1 if messages is None else self._keep(messages))

    def _keep(self, messages: dict[str, Any]) -> int:
        data = json.dumps(messages)
        self._room -= len(data)
        self.messages_cut = self.messages_cut or self._room < 0
        return -1 if self.messages_cut else self._write("messages", data)

    def add(self, kind: RunItem, value: Journey | Expectation | Unreadable) -> None:
        """A journey that has ended, what became of an expectation, a part of the input that could not be read."""
        self._write(kind, value)

    def _write(self, kind: str, value: object) -> int:
        line = f"{kind} {value if isinstance(value, str) else json.dumps(value)}\n".encode("ascii")
        try:
            self._file.write(line)
        except OSError:
            self.close()
            raise
        self._end += len(line)
        return self._end - len(line)

    # ---- for formats

    def items(self, *kinds: RunItem) -> Iterator[tuple[RunItem, Any]]:
        """All there is of some kinds, in the order in which it came."""
        wanted: dict[bytes, RunItem] = {kind.encode("ascii"): kind for kind in kinds}
        at = 0
        while at < self._end:
            self._file.seek(at)
            line = self._file.readline()
            at += len(line)
            kind, _, text = line.partition(b" ")
            if kind in wanted:
                yield wanted[kind], json.loads(text)

    def entries(self) -> Iterator[Entry]:
        """The exchanges, without their headers and bodies."""
        return (value for _, value in self.items("exchange"))

    def journeys(self) -> Iterator[Journey]:
        """The journeys; each stands after its exchanges."""
        return (value for _, value in self.items("journey"))

    def expectations(self) -> Iterator[Expectation]:
        """What became of what scenarios expect."""
        return (value for _, value in self.items("expectation"))

    def unreadable(self) -> Iterator[Unreadable]:
        """What could not be read, and that the check was stopped (``summary.partial``)."""
        return (value for _, value in self.items("unreadable"))

    def messages(self, number: int) -> dict[str, Any] | None:
        """The headers and bodies of an exchange, counted from 1, as ``analysis.messages`` has them; None if they were
        not kept."""
        data = self._messages_of(number)
        return json.loads(data) if data else None

    def message_size(self, number: int) -> int:
        """Bytes of the headers and bodies of an exchange as JSON, 0 if there are none."""
        return len(self._messages_of(number))

    def _messages_of(self, number: int) -> bytes:
        at = self._messages[number - 1]
        if at < 0:
            return b""
        self._file.seek(at)
        return self._file.readline().partition(b" ")[2].rstrip(b"\n")

    def close(self) -> None:
        """Forget everything."""
        # What is still in the buffer of a full disk would else be complained of when the file is collected.
        with suppress(OSError):
            self._file.close()


ReportFormat = Callable[[Run], Iterator[str]]


class RunReport:
    """A report in such a format: it keeps the run as it comes, and writes everything at the end."""

    def __init__(self, out: TextIO, form: ReportFormat) -> None:
        self._out, self._form, self._run = out, form, Run()

    def entry(self, entry: Entry) -> None:
        """One exchange."""
        self._run.add_entry(entry)

    def journey(self, journey: Journey) -> None:
        """A journey that has ended."""
        self._run.add("journey", journey)

    def expectation(self, expectation: Expectation) -> None:
        """What became of an expectation."""
        self._run.add("expectation", expectation)

    def read_error(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        self._run.add("unreadable", {"file": file, "index": index, "message": message})

    def close(self, summary: RunSummary) -> None:
        """The end of the input: write the report."""
        self._run.summary = summary
        with closing(self._run) as run:
            for piece in self._form(run):
                self._out.write(piece)
