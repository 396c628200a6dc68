"""Reads small files that a user names or that lie about: ordinary ones only, since a pipe or a device may never end."""

import os
import stat
from pathlib import Path


def read(path: str | os.PathLike[str], most: int) -> bytes:
    """At most ``most`` bytes of a file, one more where it has more; raises OSError, or ValueError with a clause."""
    # Without waiting, for opening a pipe would wait for its other end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is no ordinary file")
        return stream.read(most + 1)


def is_pipe(path: str) -> bool:
    """True for a named pipe: who opens it and closes it again has ended it for its reader."""
    return Path(os.path.expanduser(path)).is_fifo()
