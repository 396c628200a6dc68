"""Non-blocking standard output with a bounded buffer: a paused pager or a stopped terminal must not hold up the
traffic. What nobody takes waits, up to a limit; blocks beyond it are left out, and how many is said later.

In a process that passlens owns, ``own_streams`` puts everything that is printed through it, mitmproxy's log, too."""

import atexit
import io
import os
import select
import sys
import threading
import time
from typing import Final, TextIO

from passlens.util.text import plural

MAX_COUNT: Final = 1 << 20
"""Bytes that wait for somebody to take them."""

PIECE: Final = getattr(select, "PIPE_BUF", 512)
"""Bytes that are written at once: a pipe that takes anything takes as many."""

LAST: Final = 2.0
"""Seconds that the rest is waited for at the end."""

_MOMENT: Final = 0.02
"""Seconds to wait for a terminal that says it takes something and does not."""


class StdoutWriter:
    """Shows blocks on a stream, by default standard output. Never raises, and waits only where it is told to."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._terminal = _own_descriptor(self._out)
        self._waiting = bytearray()
        self._left_out = 0
        self.blocks = 0
        """How often something was shown: who finds it unchanged knows that nothing stands below its own."""
        self._gone = False
        self._lock = threading.RLock()

    def show(self, text: str, *, wait: bool = False) -> None:
        """Show a block, now or as soon as it is taken; ``wait`` for that where no traffic waits meanwhile."""
        self.write(text + "\n", wait=wait)

    def write(self, text: str, *, wait: bool = False) -> None:
        """The same for a text with its own line ends."""
        if self._gone:
            return
        with self._lock:
            self.blocks += 1
            data = text.encode(self._out.encoding or "utf-8", "backslashreplace")
            if not wait and len(self._waiting) + len(data) > MAX_COUNT:
                self._left_out += 1
            else:
                self._waiting += data
            self.go_on(wait=wait)

    def go_on(self, *, wait: bool = False) -> None:
        """Write what waits, as far as it is taken."""
        with self._lock:
            try:
                while self._waiting and (wait or self._takes()):
                    written = self._write(bytes(self._waiting[:PIECE]))
                    if not written and not wait:
                        return
                    if not written:
                        time.sleep(_MOMENT)
                    del self._waiting[:written]
                    if self._left_out and not self._waiting:
                        words = f"{plural(self._left_out, 'block')} left out here: nobody read them.\n\n"
                        self._waiting += words.encode()
                        self._left_out = 0
            except (OSError, ValueError):
                # Whoever read our output has gone; the proxy goes on.
                self._gone = True
                self._waiting.clear()

    def close(self) -> None:
        """Wait a moment for the rest to be taken; what is left after that is dropped."""
        end = time.monotonic() + LAST
        while self._waiting and (left := end - time.monotonic()) > 0:
            self._takes(left)
            self.go_on()

    def drop(self) -> None:
        """Give up what nobody took."""
        with self._lock:
            self._waiting.clear()

    @property
    def _out(self) -> TextIO:
        return sys.stdout if self._stream is None else self._stream

    def _write(self, data: bytes) -> int:
        """Write some bytes; how many were taken."""
        if self._terminal is not None:
            try:
                return os.write(self._terminal, data)
            except BlockingIOError:
                return 0
        self._out.flush()
        self._out.buffer.write(data)
        self._out.buffer.flush()
        return len(data)

    def _takes(self, patience: float = 0.0) -> bool:
        """Whether the stream takes something without waiting, or within so many seconds."""
        try:
            poll = select.poll()
            poll.register(self._out.fileno(), select.POLLOUT)
        except (AttributeError, OSError, ValueError):
            # There is no such question on this system, or for this stream.
            return True
        return bool(poll.poll(patience * 1000))


def _own_descriptor(stream: TextIO) -> int | None:
    """A descriptor of our own for the terminal behind a stream, which does not block: a terminal that says that it
    takes something may take one byte. The one we were given is shared with the shell, and stays as it is."""
    try:
        name = os.ttyname(stream.fileno())
        return os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except (AttributeError, OSError, ValueError):
        return None


class WriterStream(io.TextIOBase):
    """A text stream in front of a writer, to stand as ``sys.stdout`` or ``sys.stderr``. Whole lines go to the writer,
    so that one that is left out is left out whole."""

    def __init__(self, stream: TextIO, writer: StdoutWriter) -> None:
        self._stream, self.writer = stream, writer
        self._line = ""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        return self._stream.errors

    @property
    def buffer(self) -> object:
        """The stream of bytes beneath, for who writes a file to standard output."""
        return self._stream.buffer

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        lines, end, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if end:
            self.writer.write(lines + end)
        return len(text)

    def flush(self) -> None:
        """Nothing that waits is lost; it is only not waited for."""
        if self._line:
            line, self._line = self._line, ""
            self.writer.write(line)
        self.writer.go_on()


def own_streams() -> None:
    """Let all that is printed in this process from now on go through writers, one where both streams are the same
    terminal, pipe or file."""
    out, err = sys.stdout, sys.stderr
    if out is None or err is None or isinstance(out, WriterStream):
        return
    writer = StdoutWriter(out)
    both = writer if _same(out, err) else StdoutWriter(err)
    sys.stdout, sys.stderr = WriterStream(out, writer), WriterStream(err, both)
    for one in {writer, both}:
        atexit.register(_end, one)


def _end(writer: StdoutWriter) -> None:
    writer.close()
    writer.drop()


def _same(out: TextIO, err: TextIO) -> bool:
    try:
        return os.path.sameopenfile(out.fileno(), err.fileno())
    except (OSError, ValueError):
        return False


def screen() -> StdoutWriter:
    """The writer for standard output: the one that stands before it, or a new one."""
    return sys.stdout.writer if isinstance(sys.stdout, WriterStream) else StdoutWriter()
