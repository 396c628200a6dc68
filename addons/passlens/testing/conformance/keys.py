"""Keys that a tester presses: on a terminal each at once, from a pipe the first letter of each line."""

import os
import select
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

DONE = "\n"
"""Enter."""

STOP = "q"


class Keyboard(Protocol):
    """Where keys come from."""

    def read(self, seconds: float) -> str | None:
        """A key that was pressed within so many seconds, in lower case; None if none was."""


class NoKeys:
    """Nobody is there to press any."""

    def read(self, seconds: float) -> str | None:
        """Wait."""
        time.sleep(seconds)
        return None


class Keys:
    """The keys of standard input, as a context manager: the terminal shows them again afterwards."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stdin if stream is None else stream
        self._before: list[Any] | None = None
        self._ended = self._stream is None
        self._keys: list[str] = []
        """Keys of lines that a pipe brought with others."""
        self._begun = ""
        """The first letter of a line that has no end yet."""

    def __enter__(self) -> Self:
        if termios is not None and not self._ended and self._stream.isatty():
            number = self._stream.fileno()
            self._before = termios.tcgetattr(number)
            tty.setcbreak(number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            with suppress(termios.error):  # the terminal was closed
                termios.tcsetattr(self._stream.fileno(), termios.TCSADRAIN, self._before)
            self._before = None

    def read(self, seconds: float) -> str | None:
        """A key; where nobody can press one any more, that to stop."""
        if self._keys:
            return self._keys.pop(0)
        if self._ended:
            return STOP
        number = self._stream.fileno()
        if not select.select([number], [], [], seconds)[0]:
            return None
        # Not the stream's own reading, which would wait for more than is there.
        text = os.read(number, 1024).decode("utf-8", "replace")
        if self._before is not None and text:
            return _key(text)
        if not text:
            self._ended = True
            return _key(self._begun) if self._begun else STOP
        *lines, rest = (self._begun + text).split("\n")
        self._keys, self._begun = [_key(line) for line in lines], rest[:1]
        return self._keys.pop(0) if self._keys else None


def _key(line: str) -> str:
    return line[:1].lower().replace("\r", "") or DONE
