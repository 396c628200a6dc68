"""The log of a running proxy: one JSON line for each exchange, appended and handed to the system at once, so that a
killed proxy loses nothing that was answered."""

import os
from typing import Final

MODE: Final = 0o600
"""Logs hold what devices did; nobody else on the machine needs to read them."""


class LogFile:
    """Appends whole lines to a file. Errors are returned as sentences, never raised: traffic comes first."""

    def __init__(self, path: str) -> None:
        """Open for appending; raises OSError if that fails, so that a mistake shows at the start."""
        self.path = path
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(os.path.expanduser(path), flags, MODE)
        self._broken_line = False
        self._failing = False
        self.lost = 0

    def write(self, line: str) -> str | None:
        """Append one line. Returns a sentence when writing starts to fail, None otherwise.

        After a failure the next line is tried again, so that a disk that was made room on goes on being used; a line
        that was cut by the failure is closed first.
        """
        data = ("\n" if self._broken_line else "").encode() + line.encode("ascii") + b"\n"
        try:
            written = os.write(self._descriptor, data)
        except OSError as error:
            return self._failed(error.strerror or str(error))
        if written < len(data):
            self._broken_line = written > 0
            return self._failed("the disk is full")
        self._broken_line = self._failing = False
        return None

    def _failed(self, cause: str) -> str | None:
        self.lost += 1
        first, self._failing = not self._failing, True
        return f"cannot write the log {self.path}: {cause}; the traffic goes on without it" if first else None

    def close(self) -> None:
        """Close the file; an error that only shows now has nowhere to go."""
        try:
            os.close(self._descriptor)
        except OSError:
            return
