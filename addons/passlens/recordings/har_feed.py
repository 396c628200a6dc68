"""A window on the bytes of a HAR file: a chunk at a time, bytes that can be put back, and the next place to go on."""

import json
import re
from codecs import BOM_UTF8
from typing import Any, Final, Protocol

CHUNK: Final = 1 << 20
RESCAN_BUDGET: Final = 128 << 20
RESCAN_FREE: Final = 1 << 18
RESCAN_TIMES: Final = 8
"""Bytes that are read a second time after broken entries: so many in all, and no more than some and so many times what
was read; a hostile file must not cost quadratic time, nor a small one the time of a large one."""

_SPACE: Final = re.compile(rb"[ \t\r\n,]*")
# In JSON these cannot stand inside a string (their quotes would be escaped), so they are the start of an entry and of a
# document for certain.
_BLANK = rb"[ \t\r\n]{0,64}"
_LOG = rb"\{" + _BLANK + rb'"log"' + _BLANK + rb":" + _BLANK + rb"\{" + _BLANK
_LOG += rb'(?:"(?:version|creator|browser|pages|entries|comment)"|\})'
DOCUMENT: Final = re.compile(_LOG)
ENTRY: Final = re.compile(
    rb"\{" + _BLANK + rb'"(?:startedDateTime|pageref|request|response|connection|serverIPAddress|cache|timings|time'
    rb'|_(?:connectionId|fetchType|initiator|passlens|priority|resourceType))"' + _BLANK + rb":"
)
ENTRIES: Final = re.compile(rb"[ \t\r\n]{0,64}\[" + _BLANK + ENTRY.pattern)
"""The start of a list of entries."""
RESUME: Final = re.compile(
    rb'[,\[}\]][ \t\r\n,]{0,64}(\{[ \t\r\n]{0,64}"(?:startedDateTime|pageref|request|connection|serverIPAddress'
    rb'|cache|timings|_\w{1,64})"[ \t\r\n]{0,64}:)|(' + _LOG + rb")"
)
RESUME_REACH: Final = 512  # no match is longer


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)  # Python refuses integers of thousands of digits


DECODER: Final = json.JSONDecoder(strict=False, parse_int=_whole)


class Readable(Protocol):
    """Where bytes come from: a binary file, or something that counts them on the way."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""


class Feed:
    """A window on the stream: ``buffer`` from ``at`` on is still to be read."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.buffer = b""
        self.text: str | None = None  # the buffer as text, as long as entries can be taken from it at once
        self.at = 0
        self.taken = 0
        self.again_taken = 0

    def more(self) -> bool:
        """Get the next chunk once the buffer is used up; False at the end of the file."""
        self._hold(self.piece())
        return bool(self.buffer)

    def begin(self) -> None:
        """Get the first chunk, and go behind the mark of UTF-8 where there is one."""
        data = self.piece()
        while 0 < len(data) < len(BOM_UTF8) and (piece := self.piece()):
            data += piece
        self._hold(data.removeprefix(BOM_UTF8))

    def _hold(self, data: bytes) -> None:
        self.buffer, self.at = data, 0
        self.text = data.decode("ascii") if data.isascii() else None

    def piece(self) -> bytes:
        """The next chunk of the stream; none at its end."""
        piece = self.stream.read(CHUNK)
        self.taken += len(piece)
        return piece

    def peek(self) -> bytes:
        """The next byte that is neither white space nor a comma; none at the end."""
        while True:
            match = _SPACE.match(self.buffer, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at : self.at + 1]
            if not self.more():
                return b""

    def begins(self) -> bool:
        """Go behind what stands between documents and tells nothing: brackets, UTF-8 marks, separators of JSON texts,
        the zeros of a file that was made too long; True if an object begins there."""
        while (byte := self.peek()) and byte in BOM_UTF8 + b"\x1e[]});\0":
            self.at += 1
        return byte == b"{"

    def sees(self, pattern: re.Pattern[bytes]) -> bool:
        """True if the pattern, which is no longer than RESUME_REACH, matches what comes next."""
        while len(self.buffer) - self.at < RESUME_REACH and (piece := self.piece()):
            self._hold(self.buffer[self.at :] + piece)
        return pattern.match(self.buffer, self.at) is not None

    def again(self, data: bytes) -> bool:
        """Put bytes back to be read a second time; False if that happened too often."""
        self.again_taken += len(data)
        self.buffer = data + self.buffer[self.at :]
        self.text = None
        self.at = 0
        return self.again_taken <= min(RESCAN_BUDGET, RESCAN_FREE + RESCAN_TIMES * self.taken)

    def resume(self, pattern: re.Pattern[bytes] = RESUME) -> bool:
        """Go forward to the start of the next entry or document; False if there is none."""
        while True:
            match = pattern.search(self.buffer, max(self.at - 1, 0))
            if match:
                self.at = match.start(match.lastindex or 0)
                return True
            tail = self.buffer[max(self.at - 1, len(self.buffer) - RESUME_REACH, 0) :]
            if not self.more():
                return False
            self.buffer = tail + self.buffer
            self.text = None

    def object(self) -> dict[str, Any] | None:
        """The object that comes next, if all of it is at hand and nothing is wrong with it; else it is still there."""
        if self.text is None or not self.text.startswith("{", self.at):
            return None
        found: dict[str, Any]
        try:
            found, self.at = DECODER.raw_decode(self.text, self.at)
        except (ValueError, RecursionError):
            # Cut by the end of the buffer, or broken: the rest of the buffer is read with care.
            self.text = None
            return None
        return found
