"""The log of a running proxy: one JSON line for each exchange, appended and handed to the system at once, so that a
killed proxy loses nothing that was answered. A log that was rotated or removed meanwhile is opened anew."""

import os
import stat
from contextlib import suppress
from typing import Final

from passlens.proxy import exit_status

MODE: Final = 0o600
"""Logs hold what devices did; nobody else on the machine needs to read them."""

# A pipe whose reader sleeps must not hold up the traffic; files know no waiting.
_APPEND: Final = (
    os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
)  # fmt: skip


class LogFile:
    """Appends whole lines to a file. Errors are returned as sentences, never raised: traffic comes first.

    ``logging.handlers.WatchedFileHandler`` follows a rotated file as well, but it waits for a pipe that nobody reads,
    leaves half a line where the disk is full, and opens the file to whomever the umask lets in.
    """

    def __init__(self, path: str) -> None:
        """Open for appending; raises OSError if that fails, so that a mistake shows at the start."""
        self.path = path
        self._place = os.path.expanduser(path)
        self._failing = False
        self._astray = False
        self.lost = 0
        self.warning: str | None = None
        """What is wrong with a log that can be written all the same."""
        self._open()

    def _open(self) -> None:
        self._descriptor = os.open(self._place, _APPEND, MODE)
        self._file = os.fstat(self._descriptor)
        self._close_to_others()
        self._broken_line = _ends_within_a_line(self._place)

    def _close_to_others(self) -> None:
        """A log that was there already may have been open to everybody; pipes and devices are as somebody made them."""
        if not stat.S_ISREG(self._file.st_mode) or not self._file.st_mode & 0o077:
            return
        try:
            os.fchmod(self._descriptor, MODE)
        except OSError:
            self.warning = f"others on this machine can read the log {self.path}: name a file of your own"

    def write(self, line: str) -> str | None:
        """Append one line. Returns a sentence when writing starts to fail, None otherwise.

        After a failure the next line is tried again, so that a disk that was made room on goes on being used. What a
        failure left of a line is taken back; where that is not possible, it is closed before the next line.
        """
        said = None
        cause = self._follow()
        if cause is not None:
            if not os.fstat(self._descriptor).st_nlink:
                return self._failed(cause)
            first, self._astray = not self._astray, True
            said = f"cannot open the log {self.path} anew: {cause}; lines go on into the file it was" if first else None
        data = ("\n" if self._broken_line else "").encode() + line.encode("ascii") + b"\n"
        try:
            written = os.write(self._descriptor, data)
        except BlockingIOError:
            return self._failed("its reader is too slow")
        except OSError as error:
            return self._failed(error.strerror or str(error))
        if written < len(data):
            self._broken_line = not self._take_back(written) or self._broken_line
            is_file = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
            return self._failed("the disk is full" if is_file else "its reader is too slow")
        self._broken_line = self._failing = False
        return said

    def _follow(self) -> str | None:
        """Open the log anew if its path leads to another file by now, or to none; the cause where that fails."""
        try:
            there = os.stat(self._place)
        except OSError:
            there = None
        if there is not None and os.path.samestat(self._file, there):
            self._astray = False
            return None
        before = self._descriptor
        try:
            self._open()
        except OSError as error:
            return error.strerror or str(error)
        _close(before)
        self._astray = False
        return None

    def _take_back(self, written: int) -> bool:
        """Take the part of a line that was written off the end again, unless somebody else has appended since."""
        try:
            end = os.lseek(self._descriptor, 0, os.SEEK_CUR)
            if os.fstat(self._descriptor).st_size != end:
                return False
            os.ftruncate(self._descriptor, end - written)
        except OSError:
            return False
        return True

    def _failed(self, cause: str) -> str | None:
        self.lost += 1
        exit_status.lost()
        first, self._failing = not self._failing, True
        return f"cannot write the log {self.path}: {cause}; the traffic goes on without it" if first else None

    def close(self) -> None:
        """Close the file."""
        _close(self._descriptor)


def _close(descriptor: int) -> None:
    """Close a file; an error that only shows now has nowhere to go."""
    with suppress(OSError):
        os.close(descriptor)


def _ends_within_a_line(place: str) -> bool:
    """True if the last line of a file was cut, as a power failure leaves it: the next one must not be glued to it."""
    try:
        found = os.stat(place)
        if not stat.S_ISREG(found.st_mode) or not found.st_size:
            return False
        with open(place, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except OSError:
        return False
