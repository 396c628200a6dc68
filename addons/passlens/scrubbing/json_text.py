"""JSON text, whole or broken, with its values changed in place: blanks, order, escapes and mistakes stay.
Each value is told with the names that lead to it, as far as the brackets can be followed."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

_TOKEN: Final = re.compile(
    r'"(?:[^"\\]|\\.)*+(?P<end>"?)|(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|[{}\[\],]|[A-Za-z_$][\w$]*', re.DOTALL
)
_DEEPEST: Final = 64
_TOO_DEEP: Final = ("secret",)
"""The path of what stands deeper: nobody looks there, so nothing is shown."""

_COLON: Final = re.compile(r"[ \t\r\n]*:")


class Change(Protocol):
    """Changes a value (text or digits) that stands at a path; ``key`` is True for the name of a member."""

    def __call__(self, value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
        """The value to stand there."""


def rewrite(text: str, change: Change) -> str:
    """The text with each string, number and name changed.

    >>> rewrite('{"a": "x" "b": 1', lambda value, path, key=False, number=False: value if key else value * 2)
    '{"a": "xx" "b": 11'
    """
    pieces: list[str] = []
    kept = 0
    names: list[str | None] = []  # of the members that the open brackets belong to
    name: str | None = None
    for match in _TOKEN.finditer(text):
        token = match[0]
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
            elif match["end"] and _COLON.match(text, match.end()):
                name = _decoded(token)
                new = _string(token, partial(change, path=path, key=True))
            else:
                new = _string(token, partial(change, path=path))
            if new != token:
                pieces += (text[kept : match.start()], new)
                kept = match.end()
    return "".join(pieces) + text[kept:] if pieces else text


def _decoded(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]


def _string(token: str, change: Callable[[str], str]) -> str:
    """A string token with its text changed, its escapes as they were."""
    closed = len(token) > 1 and token.endswith('"')
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
