"""Writes a file whole or not at all: into a neighbour first, which then takes the name.
Whoever reads the name meanwhile sees the old file, and an interruption or a full disk leaves it as it was."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, Final

_USUAL: Final = 0o666


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file ``path`` when the block ends well; raises OSError.

    A link stays and what it points to is replaced; an old file's mode stays. What is no regular file (a pipe,
    /dev/stdout, /dev/fd/3) is written to directly.
    """
    target = os.path.realpath(path)
    if os.path.exists(path) and not os.path.exists(target):
        target = os.fspath(path)  # a pipe among the open files, which has no path of its own
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), target)
    if mode is not None and not stat.S_ISREG(mode):
        with open(target, "wb") as stream:
            yield stream
        return
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    folder, name = os.path.split(target)
    number, beside = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(number, _USUAL & ~_umask() if mode is None else stat.S_IMODE(mode))
            os.fsync(number)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
