"""Regular expressions of rule files, in an engine whose time grows with the value and no faster: Rust's, which pydantic
brings along. Values come from whatever device is connected; in Python's own engine one of them could stop the proxy."""

import re
from functools import lru_cache
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from passlens.scenarios import budget

MAX_PATTERN_CHARS: Final = 500

MAX_VALUE_CHARS: Final = 4096
"""Characters of a value that an expression is tried on; a longer one neither matches nor does not, and none does once
the time of the decision is over."""


MAX_COPIES: Final = 2_000
"""Signs of an expression, each as often as the counts around it say: so many may have to be looked at for each
character of a value, which takes a tenth of a second for the longest."""

_COUNT: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_GROUP: Final = re.compile(r"\((?:\?P?<[^>]*>|\?[A-Za-z-]*:)?")
_FLAGS: Final = re.compile(r"\(\?[A-Za-z-]*\)")
_ESCAPE: Final = re.compile(r"\\[pPxuU]\{[^}]*\}|\\.", re.DOTALL)
_LIBERAL: Final = re.compile(r"\(\?[A-Za-z-]*x")
"""The flag for blanks and comments, which the engine would read past."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> SchemaValidator:
    """What takes the values that fit as a whole; raises ValueError with a clause if it is no expression.

    The engine has no look-around and no back-references: they are what cannot be done in linear time.
    """
    if len(pattern) > MAX_PATTERN_CHARS:
        raise ValueError(f"the expression is longer than {MAX_PATTERN_CHARS} characters")
    if budget.is_over():
        raise ValueError(
            f"the file's expressions take more than {budget.READING:g} seconds to read: repeat less in them"
        )
    try:
        _validator(pattern)  # alone first, so that no bracket of it can close the group around it
        if _copies(pattern) > MAX_COPIES:
            raise ValueError(f"the expression repeats more than {MAX_COPIES} signs; use lower counts, * or +")
        return _validator(rf"\A(?:{pattern})\z")
    except SchemaError as error:
        why = str(error).strip().splitlines()[-1].strip().removeprefix("error: ").removeprefix("SchemaError: ")
        raise ValueError(f"is no regular expression that can be used here ({why.rstrip('.')})") from None


def _validator(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex", strict=True))


def fits(pattern: str, value: str) -> bool | None:
    """Whether a whole value fits an expression; None if the value is too long to be tried."""
    if len(value) > MAX_VALUE_CHARS or budget.is_over():
        return None
    # The engine takes Unicode only: a byte of a header that is not UTF-8 counts as a question mark.
    return compiled(pattern).isinstance_python(value.encode("utf-8", "replace").decode())


def _copies(pattern: str) -> int:
    """Signs of an expression, each as often as the counts around it say; raises ValueError where that cannot be told.

    >>> _copies("[A-Z]{7}"), _copies("(?:[ab]{0,99}){0,90}c"), _copies(r"a\\{9")
    (7, 8911, 3)
    """
    if _LIBERAL.search(pattern):
        raise ValueError("the flag x of an expression is not taken here")
    groups, last, place = [0], 0, 0  # signs of each group that is open, and of the last piece
    while place < len(pattern):
        sign, end = pattern[place], place + 1
        if count := _COUNT.match(pattern, place):
            times = max(int(count[1]), int(count[2] or 0), 1)
            groups[-1] += last * (times - 1)
            last, end = last * times, count.end()
        elif flags := _FLAGS.match(pattern, place):
            end = flags.end()
        elif group := _GROUP.match(pattern, place):
            groups.append(0)
            end = group.end()
        elif sign == ")":
            last = groups.pop()
            if not groups:
                break
            groups[-1] += last
        elif sign not in "*+?|":
            escape = _ESCAPE.match(pattern, place)
            end = escape.end() if escape else _class_end(pattern, place) if sign == "[" else end
            groups[-1] += 1
            last = 1
        place = end
    if len(groups) != 1:
        raise ValueError(
            "the brackets of the expression are hard to tell apart; write those that are meant as \\( or \\["
        )
    return groups[0]


def _class_end(pattern: str, place: int) -> int:
    """Where the class ends that begins at ``place``, with the classes in it."""
    depth = 0
    while place < len(pattern):
        sign = pattern[place]
        place += 1
        if sign == "\\":
            place += 1
        elif sign == "[":
            depth += 1
            place += pattern.startswith("^", place)
            place += pattern.startswith("]", place)
        elif sign == "]":
            depth -= 1
            if not depth:
                break
    return place
