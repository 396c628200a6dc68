"""One JSON element out of a feed of bytes, whole or with what is wrong with it: long strings are cut, nothing grows."""

import json
import re
from typing import Any, Final

from passlens.recordings.har_feed import DECODER, Feed
from passlens.util.json_strings import STEP, string_end

MAX_STRING: Final = 10 << 20
"""Bytes kept of one JSON string. However it is escaped, this holds more than a body may be long (exchange.MAX_BODY), so
that a cut body is still known as too large."""

MAX_ENTRY: Final = 32 << 20
"""Bytes kept of one entry, its strings already cut."""

_STRUCTURE: Final = re.compile(rb'["{}\[\]]')
_WORDS = rb'[^"{}\[\]]*'
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_PLAIN = _WORDS + rb"(?:" + _STRING + _WORDS + rb")*"
_FLAT: Final = re.compile(
    _WORDS + rb"(?:(?:" + _STRING + rb"|\{" + _PLAIN + rb"\}|\[" + _PLAIN + rb"\])" + _WORDS + rb")*", re.DOTALL
)
"""Whatever stands between two brackets: words, strings, and objects and lists that hold nothing but these. Each byte
fits in one place only, so that a failure costs no more than the bytes it looked at."""
_WORD: Final = re.compile(rb'[^ \t\r\n,"{}\[\]:]*')
_CUT_OFF: Final = "the file ends inside it"


def element(feed: Feed, keep: bool = True) -> tuple[bytes, str | None]:
    """The text of the element that comes next, and a clause that says what is wrong with it (None for nothing). Without
    ``keep`` it is passed over, and the text is empty. There must be a next byte (``Feed.peek``).
    """
    if feed.buffer[feed.at] in b'"{[':
        return balanced(feed, keep)
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


def balanced(feed: Feed, keep: bool) -> tuple[bytes, str | None]:
    """The same for a string, or for everything up to the bracket that closes the first one; long strings are cut, and
    nothing is parsed.
    """
    end = closed(feed.buffer, feed.at) if keep else None
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
                at = string_end(buffer, at) + 1
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


def closed(buffer: bytes, at: int) -> int | None:
    """Where the first bracket's counterpart ends, if that is in the buffer and nothing is wrong before it."""
    if buffer[at] == 0x22:
        return None
    opened = bytearray((buffer[at],))
    while opened:
        at = _flat_end(buffer, at + 1)
        byte = buffer[at : at + 1]
        if byte in (b"{", b"["):
            opened += byte
        elif byte == b'"':
            at = string_end(buffer, at + 1)  # a string longer than a step
            if buffer[at : at + 1] != b'"':
                return None
        elif byte not in (b"}", b"]") or opened.pop() + 2 != byte[0]:
            return None
    return at + 1


def _flat_end(buffer: bytes, at: int) -> int:
    """Where the flat rest before the next bracket ends; what is longer than a step ends it, too."""
    while True:
        match = _FLAT.match(buffer, at, at + STEP)
        assert match is not None  # it takes nothing, too
        end = match.end()
        if end == at or at + STEP >= len(buffer):
            return end
        at = end


def _cut(kept: bytearray, string_at: int) -> None:
    """Shorten an unfinished string by the escape that it may end in."""
    last = kept.rfind(b"\\", max(string_at, len(kept) - 6))
    if last >= 0:
        del kept[max(string_at, len(kept[: last + 1].rstrip(b"\\"))) :]


def parse(text: bytes) -> tuple[Any, str | None]:
    """The value of a JSON text and None, or None and why it has none. Bytes that are not UTF-8 become surrogates."""
    try:
        return DECODER.decode(text.decode("utf-8", "surrogateescape")), None
    except json.JSONDecodeError as error:
        return None, f"it is not valid JSON ({error.msg} at its character {error.pos})"
    except RecursionError:
        return None, "it is nested too deep to be read"
    except ValueError:
        return None, "it is not valid JSON"
