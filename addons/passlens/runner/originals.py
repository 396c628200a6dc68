"""The recording that a copy is made of: opened so that it can be read twice, told how far it has been read.
A copy never takes its place, and is written whole or not at all."""

import io
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import BinaryIO

from passlens.errors import UsageError, WriteError
from passlens.recordings.reader import ReportProgress
from passlens.util.atomic import cannot_write, replacing


def opened(recording: str) -> BinaryIO:
    """A file, or - for standard input; what comes through a pipe is kept in a file without a name. Raises OSError, and
    ValueError for what is no name of a file."""
    source: BinaryIO = sys.stdin.buffer if recording == "-" else open(recording, "rb")  # noqa: SIM115
    if source.seekable():
        return source
    kept = tempfile.TemporaryFile()  # noqa: SIM115  closed by the caller
    try:
        with source:
            shutil.copyfileobj(source, kept)
    except OSError:
        with suppress(OSError):
            kept.close()
        raise
    return kept


def is_same(recording: str, output: str) -> bool:
    """True if the output would be written over the recording, or into a folder that is one."""
    try:
        if os.path.isdir(recording):
            folder = os.path.realpath(recording)
            return os.path.commonpath([folder, os.path.realpath(output)]) == folder
        return os.path.samestat(_status(recording), os.stat(output))
    except (OSError, ValueError):
        return False


def _status(recording: object) -> os.stat_result:
    """What is known of the file of a recording, which may be standard input."""
    return os.fstat(sys.stdin.fileno()) if recording == "-" else os.stat(str(recording))


def itself(output: str) -> str:
    """The sentence about an output that is the recording."""
    return f"{output} is the recording itself, which is never written over; name another file."


def access(recordings: Iterable[object]) -> int:
    """The mode that a copy of recordings with their secrets may have at most: nobody is to read in it what he could not
    read in each of them. What is no file restricts nothing."""
    found = 0o666
    for one in recordings:
        with suppress(OSError, ValueError):
            status = _status(one)
            if stat.S_ISREG(status.st_mode):
                found &= status.st_mode | stat.S_IRUSR | stat.S_IWUSR
    return found


@contextmanager
def writing(output: str, at_most: int = 0o666) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file ``output`` when the block ends well, with a mode that grants nothing beyond
    ``at_most``. Raises UsageError where the place is wrong, which is before anything is read, and WriteError where what
    was read cannot be written."""
    stack = ExitStack()
    try:
        stream = stack.enter_context(replacing(output, at_most))
    except (OSError, ValueError) as error:
        raise UsageError(cannot_write(output, error)) from None
    try:
        with stack:
            yield stream
    except OSError as error:
        raise WriteError(cannot_write(output, error)) from None


class Watched(io.BufferedIOBase):
    """A recording that tells how much of it was read, over as many passes as it takes."""

    def __init__(self, source: BinaryIO, told: ReportProgress, passes: int) -> None:
        self._source, self._told = source, told
        self._done, self._total = 0, passes * source.seek(0, io.SEEK_END)
        source.seek(0)

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes of the source, told."""
        data = self._source.read(-1 if size is None else size)
        self._done += len(data)
        self._told(min(self._done, self._total), self._total)  # its format was read besides
        return data

    read1 = read

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the source."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """The place in the source."""
        return self._source.tell()

    def fileno(self) -> int:
        """The file of the source."""
        return self._source.fileno()
