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


def _balanced(feed: Feed, keep: bool) -> tuple[bytes, str | None]:
    """The same for a string, or for everything up to the bracket that closes the first one; long strings are cut, and
    nothing is parsed.
    """
    kept = bytearray()
    opened = bytearray()
    while feed.at < len(feed.buffer) or feed.more():
        begin, end = feed.at, _flat_end(feed.buffer, feed.at) if opened else feed.at
        sign = feed.buffer[end : end + 1]  # a quote, a bracket, or nothing at the end of the buffer
        feed.at = end + len(sign)
        if keep:
            kept += feed.buffer[begin : feed.at]
        if sign == b'"':
            if not _string(feed, kept, keep):
                break
        elif sign in (b"{", b"["):
            opened += sign
        elif sign and opened.pop() + 2 != sign[0]:  # in ASCII a closing bracket stands two after its opening one
            return bytes(kept), "its brackets do not match"
        if not opened:
            return bytes(kept), None
        if len(kept) > MAX_ENTRY:
            return bytes(kept), f"it is longer than {MAX_ENTRY >> 20} MiB"
    return bytes(kept), _CUT_OFF


def _string(feed: Feed, kept: bytearray, keep: bool) -> bool:
    """Go behind the quote that closes a string, of which so much is kept; False if the file ends inside it."""
    string_at = len(kept)
    keeping, escaped = keep, False
    while feed.at < len(feed.buffer) or feed.more():
        end = string_end(feed.buffer, feed.at + escaped)
        last = feed.buffer[end : end + 1]
        ended, escaped = last == b'"', last == b"\\"  # a backslash there is the last byte of the buffer
        begin, feed.at = feed.at, min(end + 1, len(feed.buffer))
        if keeping:
            kept += feed.buffer[begin : feed.at]
        elif keep and ended:
            kept += b'"'
        if ended:
            return True
        if keeping and len(kept) - string_at > MAX_STRING:
            _cut(kept, string_at)
            keeping = False
    return False


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
