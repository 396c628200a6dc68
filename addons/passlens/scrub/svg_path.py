"""Paths of drawings (SVG 2, 9.3) in scripts and pages. Their numbers need no blanks (``4 1.5.2.3`` is 4, 1.5, .2 and
.3), so that some read like an IP address. A path is told by its whole string: commands alone, each with as many numbers
as it takes, at least two of them with numbers, the first of which moves."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

_STRING: Final = re.compile(r"(?:\A|(?<=[\"'`(]))\s{0,9}[Mm][MmLlHhVvCcSsQqTtAaZzeE0-9\s.,+-]+(?=[\"'`)\\]|\Z)")
_COMMAND: Final = re.compile("([MmLlHhVvCcSsQqTtAaZz])")
_NUMBER: Final = re.compile(r"[\s,]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[\s,]*")
_FLAG: Final = re.compile(r"[\s,]*[01][\s,]*")
_ARC: Final = 7
_FLAGS: Final = (3, 4)
"""Places among the numbers of an arc that hold one digit each."""

_TAKES: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": _ARC}


def outside(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that is no path.

    >>> outside('<path d="M4 1.5.2.3L.5.6"/>', str.upper)
    '<PATH D="M4 1.5.2.3L.5.6"/>'
    """
    paths = [match.span() for match in _STRING.finditer(text) if is_path(match[0])]
    if not paths:
        return change(text)
    kept = "".join(
        change(text[end:start]) + text[start:after] for (_, end), (start, after) in pairwise([(0, 0), *paths])
    )
    return kept + change(text[paths[-1][1] :])


def is_path(text: str) -> bool:
    """True for commands that draw something, and nothing else."""
    before, *rest = _COMMAND.split(text.strip())
    commands = list(zip(rest[::2], rest[1::2], strict=True))
    drawing = [letter for letter, _ in commands if letter not in "Zz"]
    return not before and len(drawing) > 1 and drawing[0] in "Mm" and all(_is_whole(*one) for one in commands)


def _is_whole(letter: str, text: str) -> bool:
    """True if a command has as many numbers as it takes, once or several times."""
    takes = _TAKES.get(letter.lower())
    if takes is None:
        return not text.strip()
    at = count = 0
    while at < len(text):
        number = (_FLAG if takes == _ARC and count % _ARC in _FLAGS else _NUMBER).match(text, at)
        if number is None:
            return False
        at, count = number.end(), count + 1
    return count > 0 and count % takes == 0
