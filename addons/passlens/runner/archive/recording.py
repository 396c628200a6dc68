"""One recording into the files of an archive: a pure function of its address and its bytes, which any process can call
that has passlens, here or on a worker of a cluster."""

import errno
import os
import threading
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple, Self, cast

import fsspec

from passlens import __version__
from passlens.analysis.analyzer import fault
from passlens.analysis.summary import RunSummary
from passlens.errors import ReadError, RecordingError, Remark
from passlens.recordings.reader import Other, open_file
from passlens.runner.analyze import Apart, Ended, analyzed
from passlens.runner.archive.parquet import Part, TableFiles
from passlens.runner.archive.rows import exchange_rows, journey_rows
from passlens.runner.settings import CheckSettings
from passlens.util.text import plural

MAX_TROUBLE: Final = 20
"""Sentences about one recording that are kept; the rest is counted."""

_CHUNK: Final = 1 << 20

_ONE_AT_A_TIME: Final = threading.Lock()
"""A worker of a cluster may have several threads, which would share what passlens remembers, and gain nothing."""


@dataclass(frozen=True)
class ArchiveTask:
    """What is asked for: a recording by its address, and ``name``, as its rows call it.

    ``known`` is the hash that it had when it was archived: if it still has it, nothing has to be done.
    """

    address: str
    name: str
    by_day: bool = True
    known: str | None = None


class Archived(NamedTuple):
    """What became of it: the files of its rows, the counts that ``passlens check`` has of it, and sentences about what
    could not be read. With ``failed`` it says nothing of the recording, only of the try: there are no files, and a
    later one may do better. With ``same`` it is what it was."""

    version: str
    hash: str | None
    parts: tuple[Part, ...] = ()
    counts: dict[str, int] = {}
    trouble: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    failed: bool = False
    same: bool = False


def passlens_version() -> str:
    """The version of the passlens that is here; workers are asked for it."""
    return __version__


def archive_recording(task: ArchiveTask) -> Archived:
    """Read and judge a recording, and make Parquet files of its rows. Never raises but KeyboardInterrupt."""
    with _ONE_AT_A_TIME:
        try:
            return _archived(task)
        except RecordingError as error:
            words = str(error)
        except Exception as error:  # whatever it holds, the other recordings are archived
            words = f"could not be archived ({fault(error)}): check it alone"
    return Archived(__version__, None, trouble=(words,), failed=True)


def _archived(task: ArchiveTask) -> Archived:
    if task.known is not None and _hash_of(task.address) == task.known:
        return Archived(__version__, task.known, same=True)
    streams: list[HashedStream] = []

    def opener(address: str) -> BinaryIO:
        streams.append(HashedStream(_opened(address)))
        return cast(BinaryIO, streams[0])

    parts, summary, lines = TableFiles(by_day=task.by_day), RunSummary(), _SaidOfRecording()
    for item in analyzed([task.address], CheckSettings(), opener=opener):
        if isinstance(item, Remark):
            lines.remarks.append(item.sentence)
        elif isinstance(item, ReadError):
            summary.unreadable += 1
            lines.trouble.append(item.sentence)
        elif isinstance(item, Other):
            summary.add_other(item.stranger)
        elif isinstance(item, Ended):
            summary.add_journey(item.journey)
            parts.add(journey_rows(task.name, item.journey))
        elif isinstance(item, Apart):
            summary.undated += item.late
            lines.remarks += item.remarks
        elif isinstance(item, dict):
            summary.add(item)
            parts.add(exchange_rows(task.name, item))
    if not streams or streams[0].failed:
        return Archived(__version__, None, trouble=lines.kept(), failed=True)
    made = parts.finish()
    return Archived(
        __version__, streams[0].hash, made, _counts(summary, made), lines.kept(), tuple(lines.remarks[:MAX_TROUBLE])
    )


class _SaidOfRecording:
    """What is to be said of a recording."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.remarks: list[str] = []

    def kept(self) -> tuple[str, ...]:
        more = len(self.trouble) - MAX_TROUBLE
        said = [f"{plural(more, 'other part')} could not be read either"] if more > 0 else []
        return (*self.trouble[:MAX_TROUBLE], *said)


def _counts(summary: RunSummary, parts: tuple[Part, ...]) -> dict[str, int]:
    """The summary of a check, and how many rows there are of the other tables."""
    counts = {name: cast(int, count) for name, count in summary.to_member().items() if name != "partial"}
    for table in ("results", "findings", "journeys"):
        counts[table] = sum(part.rows for part in parts if part.table == table)
    return counts


def _opened(address: str) -> BinaryIO:
    """The bytes at an address; raises OSError that quotes nothing of it."""
    if "://" not in address:
        return open_file(address)
    try:
        return cast(BinaryIO, fsspec.open(address, "rb").open())
    except Exception as error:
        raise plain(error) from None


def plain(error: Exception) -> OSError:
    """The error of any file system as one of Python's: its own text may quote an address with a secret in it."""
    kinds = {FileNotFoundError: errno.ENOENT, PermissionError: errno.EACCES, IsADirectoryError: errno.EISDIR}
    number = getattr(error, "errno", None) or next((kinds[kind] for kind in kinds if isinstance(error, kind)), None)
    if number is None:
        return OSError(errno.EIO, type(error).__name__)
    return OSError(number, os.strerror(number))


def _hash_of(address: str) -> str | None:
    """The hash of what is there; None where it cannot be read."""
    try:
        with HashedStream(_opened(address)) as stream:
            return stream.hash
    except OSError:
        return None


class HashedStream:
    """A stream that is hashed as it is read, with ``read``, ``read1``, ``fileno`` and ``tell`` of the one below.
    ``failed`` is true after the one below has raised an error."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._take = stream.read1 if isinstance(stream, BufferedReader) else stream.read
        self._hash = sha256()
        self.failed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.failed:
            self._drain()
        self._stream.close()

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes, none only at the end; raises OSError."""
        try:
            data = self._take(size)
        except Exception as error:
            self.failed = True
            raise plain(error) from None
        self._hash.update(data)
        return data

    read1 = read

    def fileno(self) -> int:
        """The file descriptor; raises OSError where there is none."""
        return self._stream.fileno()

    def tell(self) -> int:
        """The position."""
        return self._stream.tell()

    @property
    def hash(self) -> str:
        """``sha256:`` and the hexadecimal digits, of all up to the end."""
        self._drain()
        return f"sha256:{self._hash.hexdigest()}"

    def _drain(self) -> None:
        """Read what nobody wanted."""
        while not self._stream.closed and self.read(_CHUNK):
            pass
