"""A recording opened to be copied: its format by the first bytes, its flows or entries one by one.
Knows mitmproxy because it reads recordings whole, with what an exchange leaves out."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from mitmproxy.flow import Flow

from passlens.errors import CutOffError, NotHarError, NotRecordsError, RecordError, RecordingError
from passlens.recordings import formats, har_reader
from passlens.recordings.har_scanner import entries
from passlens.recordings.mitm_reader import read_flow
from passlens.recordings.mitm_records import flows_named, records
from passlens.recordings.source import Source

ReportProblem = Callable[[str], None]
"""Takes a sentence about something that could not be read, and is not in the copy."""


def is_har(source: BinaryIO) -> bool:
    """True for a HAR file, False for a .mitm file; raises RecordingError for anything else."""
    source.seek(0)
    return formats.is_har(source.read(formats.FIRST))


def flows(source: BinaryIO, read_error: ReportProblem) -> Iterator[tuple[int, Flow]]:
    """The flows of a .mitm file with their places; raises RecordingError if it is none."""
    source.seek(0)
    index = -1
    told = _SkippedFlows(read_error)
    try:
        for index, record in enumerate(records(Source(source))):
            try:
                one = read_flow(record)
            except RecordError as error:
                told.add(index, str(error))
                continue
            told.end()
            yield index, one
        told.end()
    except CutOffError:
        told.end()
        read_error(f"flow {index + 1} is cut off and is not in the copy; what stands before it was copied")
    except NotRecordsError as error:
        if index < 0:
            raise RecordingError(formats.NO_MITM) from None
        told.end()
        read_error(f"the file is damaged after flow {index} ({error}); what stands before was copied")


class _SkippedFlows:
    """Flows that cannot be read, in one sentence where they follow each other for one reason."""

    def __init__(self, tell: ReportProblem) -> None:
        self._tell, self._why = tell, ""
        self._flows: list[int] = []

    def add(self, index: int, why: str) -> None:
        """One more."""
        if self._flows and why != self._why:
            self.end()
        self._flows, self._why = [*self._flows[:1], index], why

    def end(self) -> None:
        """Something else comes."""
        if self._flows:
            flows, verb = flows_named(self._flows[0], self._flows[-1]), "are" if len(self._flows) > 1 else "is"
            self._tell(f"{flows} cannot be read because {self._why}, and {verb} not in the copy; the rest was copied")
            self._flows = []


def har_entries(source: BinaryIO, read_error: ReportProblem, remark: ReportProblem) -> Iterator[tuple[int, Any]]:
    """Entries of a HAR file with their places, None for one that cannot be parsed; raises RecordingError for another
    file. Each entry says in its member _passlens who recorded it; ``remark`` takes a sentence about a file that was
    read whole."""
    source.seek(0)
    document, loose = 1, False
    repeated: set[str] = set()
    try:
        for index, entry in enumerate(entries(source, repeated)):
            document, loose = entry.document, loose or entry.loose
            if entry.problem is None:
                yield index, signed(entry.value, entry.recorder)
                continue
            ending = "the reading ended there" if entry.ended else "the rest was copied"
            read_error(f"entry {index} cannot be read because {entry.problem}; {ending}")
            if not entry.ended:
                yield index, None
    except NotHarError as error:
        raise RecordingError(formats.no_har(error)) from None
    if (words := har_reader.remark(document, loose)) is not None:
        remark(words)
    for words in har_reader.left_unread(repeated):
        read_error(words)


def signed(entry: Any, recorder: str | None) -> Any:
    """An entry that says who recorded it, unless it does so already or mitmproxy did."""
    if recorder is None or not isinstance(entry, dict):
        return entry
    more = entry.get("_passlens")
    return entry | {"_passlens": {"recorder": recorder} | (more if isinstance(more, dict) else {})}
