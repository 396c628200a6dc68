"""A recording's bytes on their way in: counted for the progress display, looked at before they are taken."""

import os
import stat
from collections.abc import Callable
from typing import BinaryIO

ReportProgress = Callable[[int, int | None], None]
"""Called with the bytes read so far and the bytes in all, None if that is unknown."""

_CHUNK = 1 << 18


class ByteCount:
    """Counts the bytes of all recordings together and tells ``progress``."""

    def __init__(self, progress: ReportProgress | None, total: int | None) -> None:
        self.progress = progress
        self.total = total
        self.count = 0

    def add(self, count: int) -> None:
        """Count bytes that were read."""
        self.count += count
        if self.progress is not None and count:
            self.progress(self.count, self.total)


class Source:
    """A binary stream. Reading it raises OSError like the stream, and never asks for more memory than bytes arrive."""

    def __init__(self, stream: BinaryIO, count: ByteCount | None = None) -> None:
        self.stream = stream
        # What a pipe holds is handed on at once, and does not wait until a whole chunk has come.
        self._take: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self.count = count or ByteCount(None, None)
        self.ahead = b""
        self.at = 0  # in ahead

    def _more(self) -> bool:
        """Take the next chunk once ``ahead`` is used up."""
        self.ahead = self._take(_CHUNK)
        self.at = 0
        self.count.add(len(self.ahead))
        return bool(self.ahead)

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end, without taking them."""
        while len(self.ahead) - self.at < size:
            before = self.ahead[self.at :]
            came = self._more()
            self.ahead = before + self.ahead
            if not came:
                break
        return self.ahead[self.at : self.at + size]

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes, at least one unless at the end."""
        if self.at == len(self.ahead) and not self._more():
            return b""
        data = self.ahead[self.at : self.at + size]
        self.at += len(data)
        return data

    def read_exactly(self, size: int) -> bytes:
        """``size`` bytes, fewer only at the end."""
        if size <= self.at_hand():
            return self.read(size)
        data = bytearray()
        while len(data) < size and (piece := self.read(size - len(data))):
            data += piece
        return bytes(data)

    def at_hand(self) -> int:
        """Bytes that have been read from the stream and not been taken."""
        return len(self.ahead) - self.at

    def left(self) -> int | None:
        """Bytes up to the end of a regular file, asked anew because it may be growing; None for a pipe or the like."""
        try:
            status = os.fstat(self.stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                return None
            return max(status.st_size - self.stream.tell(), 0) + self.at_hand()
        except (OSError, ValueError):
            return None
