"""Opens recordings (files, folders, standard input; .mitm and .har) and yields what is in them, one flow at a time.
Whatever cannot be read becomes a sentence in its place; no exception leaves."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Generic, TypeVar

from passlens.errors import (
    CutOffError,
    NotRecordsError,
    OtherFormatError,
    ReadError,
    RecordError,
    RecordingError,
    Remark,
    UnusualRecordError,
)
from passlens.exchange.model import Exchange
from passlens.recordings.formats import FIRST, NO_MITM, is_har, os_sentence
from passlens.recordings.har_reader import read_har
from passlens.recordings.mitm_flow import OtherFlow, read_parts
from passlens.recordings.mitm_records import flows_named, records
from passlens.recordings.parts import to_exchange
from passlens.recordings.source import ByteCount, ReportProgress, Source
from passlens.rest_v2.strangers import Stranger

if TYPE_CHECKING:
    from mitmproxy.flow import Flow

    from passlens.recordings.filters import Wanted

__all__ = [
    "SUFFIXES",
    "Item",
    "Other",
    "ReadError",
    "Remark",
    "ReportProgress",
    "is_unread",
    "names",
    "not_read",
    "read",
    "read_flows",
    "total_size",
]

SUFFIXES: Final = (".mitm", ".flow", ".flows", ".har")
"""What counts as a recording inside a folder; a file that is named itself is told by its first bytes."""


_UNREAD: Final = re.compile(
    r"\.(?:(?:mitm|flows?|har)\.(?:gz|zip|zst|br|bz2|xz|7z)|zhar|saz|chlsj?|chlz|proxymanlog(?:v2)?|pcap(?:ng)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Other:
    """A flow that is not HTTP (``kind``: tcp, udp, dns), or that nobody wants (``filtered``); it only counts.
    ``stranger`` is there for a call on a host of the API that is none of its operations."""

    file: str
    index: int
    kind: str
    stranger: Stranger | None = None


Item = Exchange | Other | ReadError

Opener = Callable[[str], BinaryIO]
"""Gives the bytes of a recording by its name; raises OSError."""

T = TypeVar("T")


@dataclass(frozen=True)
class _Taker(Generic[T]):
    """What becomes of a flow of a .mitm, by its position and file, and of an exchange of a .har; ``record`` is a faster
    way for records as they are written today, which raises UnusualRecordError for others."""

    flow: Callable[["Flow", int, str], T]
    exchange: Callable[[Exchange], T]
    record: Callable[[bytes, int, str], T] | None = None
    whole: bool = False


def open_file(name: str) -> BinaryIO:
    """A recording of this machine, opened for reading; raises OSError."""
    return open(name, "rb")


def read(
    paths: Sequence[str],
    progress: ReportProgress | None = None,
    wanted: "Wanted | None" = None,
    opener: Opener = open_file,
) -> Iterator[Item]:
    """Everything in the given files, folders (searched through, sorted) and ``-`` (standard input), in that order.

    Yields an Exchange for each HTTP flow that may be one of the API's, an Other for the rest and for each flow that is
    not ``wanted``, a ReadError where something could not be read, and a Remark about a file that was. ``progress`` is
    called with the bytes read so far and the bytes in all (None if unknown). ``opener`` opens what is no folder and
    not ``-``."""

    def from_mitm(flow: "Flow", index: int, file: str) -> Exchange | Other:
        # Imported where mitmproxy is needed: it takes longer to load than most recordings take to read.
        from passlens.recordings.mitm_reader import exchange_of

        found = exchange_of(flow, index, file)
        if isinstance(found, str):
            return Other(file, index, found)
        return found if wanted is None or wanted(flow) else Other(file, index, "filtered")

    def from_record(record: bytes, index: int, file: str) -> Exchange | Other:
        try:
            return to_exchange(read_parts(record), index, file)
        except OtherFlow as other:
            return Other(file, index, str(other))

    def from_har(ex: Exchange) -> Exchange | Other:
        return ex if wanted is None or wanted(ex) else Other(ex.file or "", ex.index, "filtered")

    # A filter expression asks for mitmproxy's own objects.
    return _read(paths, progress, _Taker(from_mitm, from_har, from_record if wanted is None else None), opener)


def read_flows(paths: Sequence[str], progress: ReportProgress | None = None) -> Iterator["Flow | ReadError"]:
    """The flows themselves, of every protocol, in file order; entries of a .har are made into flows. A ReadError stands
    where something could not be read.
    """
    from mitmproxy.flow import Flow

    from passlens.recordings.exchange_to_flow import to_flow

    return _read(paths, progress, _Taker[Flow](lambda flow, index, file: flow, to_flow, whole=True))


def _read(
    paths: Sequence[str], progress: ReportProgress | None, take: _Taker[T], opener: Opener = open_file
) -> Iterator[T | ReadError]:
    found = names(paths)
    count = ByteCount(progress, total_size(found))
    for name in found:
        if isinstance(name, ReadError):
            yield name
        else:
            yield from _read_one(name, count, take, opener)


def names(paths: Sequence[str]) -> list[str | ReadError]:
    """The recordings that paths stand for, in their order: folders by what is in them, ``-`` as it is."""
    return [name for path in paths for name in _expand(path)]


def _expand(path: str) -> list[str | ReadError]:
    """The recordings that a path stands for."""
    try:
        if path == "-" or not os.path.isdir(path):
            return [path]
    except ValueError:  # a null byte; opening it will say so
        return [path]
    found: list[str | ReadError] = []
    unread: list[str] = []
    blocked: list[OSError] = []
    for folder, folders, files in os.walk(path, onerror=blocked.append):
        folders.sort()
        found += [os.path.join(folder, file) for file in sorted(files) if file.lower().endswith(SUFFIXES)]
        unread += filter(is_unread, sorted(files))
    found += [ReadError(str(error.filename), os_sentence(error), None, True) for error in blocked]
    if unread:
        found.append(not_read(path, unread))
    elif not found:
        kinds = ", ".join(SUFFIXES)
        found.append(
            ReadError(path, f"is a folder without recordings: give a file or a folder with {kinds}", None, True)
        )
    return found


def is_unread(name: str) -> bool:
    """True for the name of a recording that somebody packed, or that a tool keeps in a form of its own."""
    return _UNREAD.search(name) is not None


def not_read(folder: str, files: Sequence[str]) -> ReadError:
    """What is said of a folder with such files: what is not read cannot pass for checked."""
    one = len(files) == 1
    what = f"{'a recording' if one else f'{len(files)} recordings'} packed or in a tool's own form ({files[0]})"
    words = f"holds {what}, not read: unpack {'it' if one else 'them'}, or export {'it' if one else 'them'} as HAR"
    return ReadError(folder, words, None, True)


def total_size(names: Sequence[str | ReadError]) -> int | None:
    """Bytes of all files together; None if one of them is no file."""
    total = 0
    for name in names:
        if isinstance(name, ReadError):
            continue
        try:
            if name == "-" or not os.path.isfile(name):
                return None
            total += os.stat(name).st_size
        except (OSError, ValueError):
            continue  # opening it will say so
    return total


def _read_one(name: str, count: ByteCount, take: _Taker[T], opener: Opener) -> Iterator[T | ReadError]:
    with ExitStack() as stack:
        try:
            if name == "-":
                stream: BinaryIO = sys.stdin.buffer
            else:
                stream = stack.enter_context(opener(name))
            yield from _read_stream(Source(stream, count), name, take)
        except OSError as error:
            yield ReadError(name, os_sentence(error), None, True)
        except Exception as error:  # whatever arrives, the other recordings are still read
            # The error's own text may quote the file, which nobody has redacted.
            what = type(error).__name__
            yield ReadError(name, f"could not be read to its end ({what}): check the file", None, True)


def _read_stream(source: Source, name: str, take: _Taker[T]) -> Iterator[T | ReadError]:
    """Tell the format by the first bytes."""
    try:
        har = is_har(source.peek(FIRST))
    except RecordingError as error:
        yield ReadError(name, str(error), None, True)
        return
    if har:
        for item in read_har(source, name, whole=take.whole):
            yield item if isinstance(item, ReadError) else take.exchange(item)
    else:
        yield from _read_mitm(source, name, take)


def _read_mitm(source: Source, name: str, take: _Taker[T]) -> Iterator[T | ReadError]:
    index, first, why = -1, None, ""
    end: ReadError | None = None
    try:
        for index, record in enumerate(records(source)):
            try:
                item = _from_record(record, index, name, take)
            except OtherFormatError as error:
                # All flows of a file have one format as a rule: one sentence for those that follow each other.
                first, why = index if first is None else first, str(error)
                continue
            if first is not None:
                yield _other_format(name, first, index - 1, why)
                first = None
            yield item
    except CutOffError:
        where = f"flow {index + 1} is cut off"
        sentence = f"{where}: the recording is still being written or was cut short; what stands before it was read"
        end = ReadError(name, sentence, index + 1, True)
    except NotRecordsError as error:
        if index < 0:
            sentence = NO_MITM
        else:
            sentence = f"is damaged after flow {index} ({error}): record again; what stands before was read"
        end = ReadError(name, sentence, index + 1, True)
    if first is not None:
        yield _other_format(name, first, index, why)
    if end is not None:
        yield end


def _other_format(name: str, first: int, last: int, why: str) -> ReadError:
    return ReadError(name, f"{flows_named(first, last)} cannot be read because {why}; the rest was read", first, False)


def _from_record(record: bytes, index: int, name: str, take: _Taker[T]) -> T | ReadError:
    """One flow. A record that is damaged inside or comes from a newer mitmproxy leaves its neighbours readable. Raises
    OtherFormatError for the latter."""
    if take.record is not None:
        with suppress(UnusualRecordError):
            return take.record(record, index, name)
    from passlens.recordings.mitm_reader import read_flow

    try:
        return take.flow(read_flow(record), index, name)
    except OtherFormatError:
        raise
    except RecordError as error:
        sentence = f"flow {index} cannot be read because {error}; the rest was read: record it again"
        return ReadError(name, sentence, index, False)
