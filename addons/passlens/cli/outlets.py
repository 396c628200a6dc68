"""Standard output and standard error of the command line: what the reader on the other side of a pipe no longer takes
goes nowhere, as with a stream that the shell has closed, and changes neither the work nor the exit status."""

import contextlib
import io
import os
import select
import stat
import sys
from typing import TextIO


class _Pipe(io.FileIO):
    """The end of a pipe that takes everything, also when nobody reads it any more."""

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            return len(memoryview(data).cast("B"))


def prepare() -> None:
    """Put streams in place that never fail for want of a reader or of a letter."""
    # Python has None for what the shell has closed.
    sys.stdout = _lasting(sys.stdout or open(os.devnull, "w"))  # noqa: SIM115  for as long as the process runs
    sys.stderr = _lasting(sys.stderr or open(os.devnull, "w"))  # noqa: SIM115


def is_read() -> bool:
    """Whether somebody may still read standard output, for what would go on for ever: a pipe says when its reader has
    gone, also while nothing is written."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return not poll.poll(0)
    except (AttributeError, OSError, ValueError):  # a system without the question, a stream without a descriptor
        return True


def give_up() -> None:
    """Let what standard output could not take go nowhere: Python would try again at its end, and fail in its words."""
    with open(os.devnull, "wb") as nowhere, contextlib.suppress(io.UnsupportedOperation):  # no file: nothing waits
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _lasting(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    # With PYTHONUNBUFFERED the buffer is the file itself.
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is io.FileIO and _is_pipe(raw.fileno()):
        stream.flush()
        pipe: io.RawIOBase = _Pipe(raw.fileno(), "w", closefd=False)
        return io.TextIOWrapper(
            io.BufferedWriter(pipe),
            encoding=stream.encoding,
            errors="backslashreplace",
            line_buffering=stream.line_buffering or stream.write_through,
        )
    stream.reconfigure(errors="backslashreplace")
    return stream


def _is_pipe(number: int) -> bool:
    mode = os.fstat(number).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
