"""One run at a time: a lock of the operating system on a file, which goes with the process that holds it."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from passlens.errors import UsageError


class Lock:
    """The lock of the folder that ``path`` is in. A file that was left by a process that has ended locks nobody out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = -1

    def take(self) -> None:
        """Take the lock; raises UsageError where another process has it, OSError where the file cannot be made."""
        self._number = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(self._number)
        except OSError:
            holder = os.read(self._number, 200).decode("utf-8", "replace").strip() or "another run"
            self.release()
            words = (
                f"{self._path.parent} is being written by {holder}: wait until that is done, or name another folder."
            )
            raise UsageError(words) from None
        os.truncate(self._number, 0)
        os.write(self._number, f"process {os.getpid()} on {socket.gethostname()}\n".encode())

    def release(self) -> None:
        """Give it back."""
        with suppress(OSError):
            os.close(self._number)
        self._number = -1


def _lock(number: int) -> None:
    """Lock an open file, or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(number, 1 << 20, os.SEEK_SET)  # behind what is read
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        os.lseek(number, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
