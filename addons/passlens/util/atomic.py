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

PRIVATE: Final = 0o600
"""The mode of what holds secrets: it is its user's alone."""

_ADVICE: Final = {
    errno.EISDIR: "name a file, not a folder",
    errno.ENOENT: "make its folder first",
    errno.ENOTDIR: "make its folder first",
    errno.EACCES: "name a place that you may write to",
    errno.EPERM: "name a place that you may write to",
    errno.EROFS: "name a place that you may write to",
    errno.ENOSPC: "make room or name another place",
    errno.EDQUOT: "make room or name another place",
    errno.EFBIG: "make room or name another place",
}


@contextmanager
def replacing(path: str | os.PathLike[str], at_most: int = 0o777) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file ``path`` when the block ends well; raises OSError.

    A link stays and what it points to is replaced; an old file's mode stays; of either, nothing that ``at_most``
    does not grant. What is no regular file (a pipe, /dev/stdout, /dev/fd/3) is written to directly.
    """
    target = os.path.realpath(path)
    if os.path.exists(path) and not os.path.exists(target):
        target = os.fspath(path)  # a pipe among the open files, which has no path of its own
    try:
        old = os.stat(target).st_mode
    except FileNotFoundError:
        old = None
    if old is not None and stat.S_ISDIR(old):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), target)
    if old is not None and not stat.S_ISREG(old):
        with open(target, "wb") as stream:
            yield stream
        return
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    folder, name = os.path.split(target)
    number, beside = tempfile.mkstemp(prefix=f".{name[:100]}.", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fchmod(number, at_most & (_USUAL & ~_umask() if old is None else old))
            os.fsync(number)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise


def cannot_write(name: str, error: OSError | ValueError) -> str:
    """The sentence about a file that cannot be written; a ValueError is about its name.

    >>> cannot_write("The baseline b.json", OSError(errno.ENOSPC, "No space left on device"))
    'The baseline b.json cannot be written (No space left on device): make room or name another place.'
    """
    if not isinstance(error, OSError):
        return f"{name} cannot be written: this is no name of a file."
    advice = _ADVICE.get(error.errno or 0, "name another place")
    return f"{name} cannot be written ({error.strerror or type(error).__name__}): {advice}."


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
