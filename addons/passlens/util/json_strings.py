"""Where a JSON string ends, found by the engine of regular expressions in steps, so that its stack stays small.
No possessive quantifiers, which would do it in one: Python 3.11.2, Debian 12's own, gets them wrong."""

import re
from typing import Final, overload

STEP: Final = 1 << 16
"""Characters in one match. The engine remembers some hundred bytes for each repeat of a group."""

_TEXT: Final = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BYTES: Final = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)


@overload
def string_end(text: str, at: int) -> int: ...


@overload
def string_end(text: bytes, at: int) -> int: ...


def string_end(text: str | bytes, at: int) -> int:
    """The position of the quote that closes a string, from any position inside it that does not split an escape.

    Where there is none: the end, or the position of a backslash that is the last character.

    >>> string_end('"a\\\\"b": 1', 1)
    5
    """
    while True:
        if isinstance(text, str):
            match: re.Match[str] | re.Match[bytes] | None = _TEXT.match(text, at, at + STEP)
        else:
            match = _BYTES.match(text, at, at + STEP)
        assert match is not None  # it takes nothing, too
        end = match.end()
        if end < at + STEP - 1 or end == at:
            return end
        at = end
