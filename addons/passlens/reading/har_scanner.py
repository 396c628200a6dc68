"""Finds the entries of a HAR file one at a time, so that memory does not grow with the file.
A broken entry is reported and the reading resumes at the next one, even where quotes and brackets no longer match."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, Protocol

CHUNK: Final = 1 << 18
MAX_STRING: Final = 10 << 20
"""Bytes kept of one JSON string. However it is escaped, this holds more than a body may be long (exchange.MAX_BODY), so
that a cut body is still known as too large."""
MAX_ENTRY: Final = 32 << 20
"""Bytes kept of one entry, its strings already cut."""
RESCAN_BUDGET: Final = 128 << 20
RESCAN_FREE: Final = 1 << 18
RESCAN_TIMES: Final = 8
"""Bytes that are read a second time after broken entries: so many in all, and no more than some and so many times what
was read; a hostile file must not cost quadratic time, nor a small one the time of a large one."""

_SPACE: Final = re.compile(rb"[ \t\r\n,]*+")
_STRUCTURE: Final = re.compile(rb'["{}\[\]]')
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PLAIN = rb'(?:[^"{}\[\]]++|' + _STRING + rb")*+"
_FLAT: Final = re.compile(rb'(?:[^"{}\[\]]++|' + _STRING + rb"|\{" + _PLAIN + rb"\}|\[" + _PLAIN + rb"\])*+", re.DOTALL)
"""Whatever stands between two brackets: words, strings, and objects and lists that hold nothing but these."""
_IN_STRING: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_WORD: Final = re.compile(rb'[^ \t\r\n,"{}\[\]:]*+')
# In JSON this cannot stand inside a string (its quotes would be escaped), so it is the start of an entry for certain.
_RESUME: Final = re.compile(
    rb'[,\[}\]][ \t\r\n,]{0,64}(\{[ \t\r\n]{0,64}"(?:startedDateTime|pageref|request|connection|serverIPAddress'
    rb'|cache|timings|_\w{1,64})"[ \t\r\n]{0,64}:)'
)
_RESUME_REACH: Final = 512  # no match is longer

_MARK: Final = b"\xef\xbb\xbf"
_CUT_OFF: Final = "the file ends inside it"


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= 20 else float(digits)  # Python refuses integers of thousands of digits


_DECODER: Final = json.JSONDecoder(strict=False, parse_int=_whole)


class Readable(Protocol):
    """Where bytes come from: a binary file, or something that counts them on the way."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""


class NotHar(ValueError):
    """The file has no list of entries; the message says what is there instead."""


class Entry(NamedTuple):
    """One element of the list. ``value`` is the parsed JSON; where there is a ``problem`` (a clause), there is none.
    ``ended`` says that the file could not be read any further."""

    value: Any
    problem: str | None
    ended: bool


class _Feed:
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
        self.buffer = self.piece()
        self.text = self.buffer.decode("ascii") if self.buffer.isascii() else None
        self.at = 0
        return bool(self.buffer)

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

    def again(self, data: bytes) -> bool:
        """Put bytes back to be read a second time; False if that happened too often."""
        self.again_taken += len(data)
        self.buffer = data + self.buffer[self.at :]
        self.text = None
        self.at = 0
        return self.again_taken <= min(RESCAN_BUDGET, RESCAN_FREE + RESCAN_TIMES * self.taken)

    def resume(self) -> bool:
        """Go forward to the start of the next entry; False if there is none."""
        while True:
            match = _RESUME.search(self.buffer, max(self.at - 1, 0))
            if match:
                self.at = match.start(1)
                return True
            tail = self.buffer[max(self.at - 1, len(self.buffer) - _RESUME_REACH, 0) :]
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
            found, self.at = _DECODER.raw_decode(self.text, self.at)
        except (ValueError, RecursionError):
            # Cut by the end of the buffer, or broken: the rest of the buffer is read with care.
            self.text = None
            return None
        return found


def entries(stream: Readable) -> Iterator[Entry]:
    """The elements of ``log.entries``, parsed, in file order.

    ``stream`` starts at the first brace or a UTF-8 mark. Raises NotHar if there is no such list, and whatever reading
    the stream raises.
    """
    feed = _Feed(stream)
    while len(feed.buffer) < len(_MARK) and (piece := feed.piece()):
        feed.buffer += piece
    if feed.buffer.startswith(_MARK):
        feed.at = len(_MARK)
    _enter(feed, "log", "the file")
    _enter(feed, "entries", "its log")
    if feed.peek() != b"[":
        raise NotHar("its log.entries is no list")
    feed.at += 1
    while (start := feed.peek()) != b"]":
        if (entry := feed.object()) is not None:
            yield Entry(entry, None, False)
            continue
        text, problem = _element(feed) if start else (b"", "the file ends before its list of entries does")
        balanced = problem is None
        if problem is None:
            value, problem = _parse(text)
            if problem is None:
                yield Entry(value, None, False)
                continue
        match = _RESUME.search(text, 1)
        following = feed.peek() if balanced else b""
        if match:
            resumed = feed.again(text[match.start(1) :])
        else:
            # A bracket after a broken entry may be one of its own, so the list has ended only if no entry follows.
            resumed = following == b"{" or feed.resume()
        yield Entry(None, problem, not resumed and following != b"]")
        if not resumed:
            return


def _enter(feed: _Feed, wanted: str, what: str) -> None:
    """Go to the value of a member of the object that comes next."""
    if feed.peek() != b"{":
        raise NotHar(f"{what} is no JSON object")
    feed.at += 1
    while feed.peek() == b'"':
        key, problem = _element(feed)
        if problem is not None or feed.peek() != b":":
            break
        feed.at += 1
        if _parse(key)[0] == wanted:
            return
        if not feed.peek() or _element(feed, keep=False)[1] is not None:
            break
    raise NotHar(f"{what} has no {wanted!r} that could be found")


def _element(feed: _Feed, keep: bool = True) -> tuple[bytes, str | None]:
    """The text of the element that comes next, and what is wrong with it. There must be a next byte."""
    if feed.buffer[feed.at] in b'"{[':
        return _balanced(feed, keep)
    word = bytearray()
    while feed.at < len(feed.buffer) or feed.more():
        match = _WORD.match(feed.buffer, feed.at)
        assert match is not None
        if len(word) < MAX_STRING:
            word += match[0]
        feed.at = match.end()
        if feed.at < len(feed.buffer):
            break
    if not word:
        feed.at += 1
        return b"", "a bracket or colon stands where an entry should be"
    return bytes(word), None


def _balanced(feed: _Feed, keep: bool) -> tuple[bytes, str | None]:
    """A string, or everything up to the bracket that closes the first one; long strings cut, nothing parsed."""
    end = _closed(feed.buffer, feed.at) if keep else None
    if end is not None:
        text, feed.at = feed.buffer[feed.at : end], end
        return text, None
    kept = bytearray()
    opened = bytearray()
    in_string = escaped = False
    cutting = not keep  # whether what is read is dropped
    string_at = 0
    while feed.at < len(feed.buffer) or feed.more():
        buffer, begin, at = feed.buffer, feed.at, feed.at
        while at < len(buffer):
            if escaped:
                escaped = False
                at += 1
                continue
            if in_string:
                match = _IN_STRING.match(buffer, at)
                assert match is not None
                at = match.end() + 1
                if at > len(buffer):
                    at = len(buffer)
                    break
                if buffer[at - 1] == 0x5C:  # a backslash, the last byte of the buffer
                    escaped = True
                    continue
                in_string = False
                if cutting and keep:
                    cutting, begin = False, at - 1
            else:
                found = _STRUCTURE.search(buffer, at)
                if found is None:
                    at = len(buffer)
                    break
                at = found.end()
                byte = buffer[at - 1]
                if byte == 0x22:
                    in_string = True
                    string_at = len(kept) + at - begin
                elif byte in b"{[":
                    opened.append(byte)
                elif opened.pop() + 2 != byte:  # in ASCII a closing bracket stands two after its opening one
                    feed.at = at
                    return bytes(kept + buffer[begin:at]), "its brackets do not match"
            if not opened and not in_string:
                feed.at = at
                return (bytes(kept + buffer[begin:at]) if keep else b""), None
        feed.at = at
        if not cutting:
            kept += buffer[begin:at]
            if in_string and len(kept) - string_at > MAX_STRING:
                _cut(kept, string_at)
                cutting = True
            if len(kept) > MAX_ENTRY:
                return bytes(kept), f"it is longer than {MAX_ENTRY >> 20} MiB"
    return bytes(kept), _CUT_OFF


def _closed(buffer: bytes, at: int) -> int | None:
    """Where the first bracket's counterpart ends, if that is in the buffer and nothing is wrong before it."""
    if buffer[at] == 0x22:
        return None
    opened = bytearray((buffer[at],))
    while opened:
        match = _FLAT.match(buffer, at + 1)
        at = match.end() if match is not None else len(buffer)
        byte = buffer[at : at + 1]
        if byte in (b"{", b"["):
            opened += byte
        elif byte not in (b"}", b"]") or opened.pop() + 2 != byte[0]:
            return None
    return at + 1


def _cut(kept: bytearray, string_at: int) -> None:
    """Shorten an unfinished string by the escape that it may end in."""
    last = kept.rfind(b"\\", max(string_at, len(kept) - 6))
    if last >= 0:
        del kept[max(string_at, len(kept[: last + 1].rstrip(b"\\"))) :]


def _parse(text: bytes) -> tuple[Any, str | None]:
    """The value of a JSON text and None, or None and why it has none. Bytes that are not UTF-8 become surrogates."""
    try:
        return _DECODER.decode(text.decode("utf-8", "surrogateescape")), None
    except json.JSONDecodeError as error:
        return None, f"it is not valid JSON ({error.msg} at its character {error.pos})"
    except RecursionError:
        return None, "it is nested too deep to be read"
    except ValueError:
        return None, "it is not valid JSON"
