"""Reads small files that a user names or that lie about: ordinary ones only, since a pipe or a device may never end."""

import errno
import os
import stat
from pathlib import Path
from typing import Final


def read(path: str | os.PathLike[str], most: int) -> bytes:
    """At most ``most`` bytes of a file, one more where it has more; raises OSError, or ValueError with a clause."""
    if "\0" in os.fspath(path):
        raise ValueError("its name holds a NUL")
    try:
        # Without waiting, for opening a pipe would wait for its other end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise ValueError(_OTHER) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(_OTHER)
    with open(descriptor, "rb") as stream:
        return stream.read(most + 1)


_OTHER: Final = "it is no ordinary file"


def is_pipe(path: str) -> bool:
    """True for a named pipe: who opens it and closes it again has ended it for its reader."""
    return Path(os.path.expanduser(path)).is_fifo()
