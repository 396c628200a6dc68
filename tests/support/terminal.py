"""A program on a terminal of its own, which can be closed while the program runs."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from support.proxy import PATIENCE

_OWN = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


class OnTerminal:
    """The program, and what it has shown."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.shown = b""
        given = [sys.executable, "-c", _OWN, *words]
        self.process = subprocess.Popen(
            given, stdin=theirs, stdout=theirs, stderr=theirs, env=dict(env), start_new_session=True
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def until(self, condition: Callable[[], object]) -> None:
        """Read what is shown until something is so; a program that nobody reads waits."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.shown[-2000:]
            if select.select([self._ours], [], [], 0.05)[0]:
                self.shown += os.read(self._ours, 1 << 16)

    def close(self) -> int:
        """Close the terminal; the status that the program ends with."""
        os.close(self._ours)
        return self.process.wait(PATIENCE)
