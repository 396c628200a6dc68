"""JSON text, whole or broken, with its values changed in place: blanks, order, escapes and mistakes stay.
Each value is told with the names that lead to it, as far as the brackets can be followed."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from passlens.util.json_strings import string_end

_TOKEN: Final = re.compile(r'"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|[{}\[\],]|[A-Za-z_$][\w$]*')
_DEEPEST: Final = 64
_TOO_DEEP: Final = ("secret",)
"""The path of what stands deeper: nobody looks there, so nothing is shown."""

_COLON: Final = re.compile(r"[ \t\r\n]*:")


class ValueRewriter(Protocol):
    """Changes a value (text or digits) that stands at a path; ``key`` is True for the name of a member."""

    def __call__(self, value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
        """The value to stand there."""


def rewrite(text: str, change: ValueRewriter) -> str:
    """The text with each string, number and name changed.

    >>> rewrite('{"a": "x" "b": 1', lambda value, path, key=False, number=False: value if key else value * 2)
    '{"a": "xx" "b": 11'
    """
    pieces: list[str] = []
    kept = 0
    names: list[str | None] = []  # of the members that the open brackets belong to
    name: str | None = None
    at = 0
    while match := _TOKEN.search(text, at):
        start, at = match.span()
        if match[0] == '"':
            end = string_end(text, at)
            closed = text.startswith('"', end)
            at = end + closed
        token = text[start:at]
        if token in "{[":
            names.append(name)
            name = None
        elif token in "}]":
            if names:
                names.pop()
            name = None
        elif token == ",":
            name = None
        elif token[0] == '"' or match["number"]:
            inner = (*names, name) if len(names) < _DEEPEST else _TOO_DEEP
            path = tuple(one for one in inner if one is not None)
            if token[0] != '"':
                new = change(token, path, number=True)
            elif closed and _COLON.match(text, at):
                name = _decoded(token)
                new = _string(token, partial(change, path=path, key=True))
            else:
                new = _string(token, partial(change, path=path))
            if new != token:
                pieces += (text[kept:start], new)
                kept = at
    return "".join(pieces) + text[kept:] if pieces else text


def _decoded(token: str) -> str:
    if "\\" not in token:
        return token[1:-1]
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def _string(token: str, change: Callable[[str], str]) -> str:
    """A string token with its text changed, its escapes as they were."""
    closed = len(token) > 1 and token.endswith('"')
    if closed and "\\" not in token:
        # Nothing is escaped: the text is what stands there.
        value = token[1:-1]
        new = change(value)
        return token if new == value else json.dumps(new, ensure_ascii=token.isascii())
    try:
        value = str(json.loads(token if closed else f'{token}"', strict=False))
    except ValueError:
        inner = token[1:-1] if closed else token[1:]
        return f'"{change(inner)}' + '"' * closed
    new = change(value)
    if new == value:
        return token
    written = json.dumps(new, ensure_ascii=token.isascii())
    if "\\/" in token:
        written = written.replace("/", "\\/")
    return written if closed else written[:-1]
