"""Headers of a HAR message as recorders really write them: objects, pairs, one object, lines; values as texts, lists,
numbers, booleans or null. Nothing here raises but ValueError."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from passlens.exchange.headers import Headers
from passlens.exchange.recorders import NOT_RECORDED

_LINE_END: Final = re.compile(r"\r?\n(?![ \t])|\r(?!\n)")
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_START: Final = re.compile(r"[A-Z]{3,10} \S+ HTTP/[0-9.]+$|HTTP/[0-9.]+ [0-9]{3}\b")
"""The line before the headers, in which some tools keep them together."""
_NAMES: Final = ("name", "key", "header", "Name", "Key")
_VALUES: Final = ("value", "values", "Value", "val")


def header_pairs(value: Any) -> Headers:
    """Names and values, in order. Repeats that a tool joined by a line end (Chrome: Set-Cookie), or keeps as a list
    (Polly.JS), are taken apart again. Of a value that is null or an object only the name is known (``NOT_RECORDED``).
    HTTP/2 pseudo headers are dropped. Raises ValueError for a header that has no name: without it the checks would miss
    one that was there; the message completes "a header of its request …".

    >>> header_pairs([{"name": "Set-Cookie", "value": "a=1\\nb=2"}, {"name": "Age", "value": [3, True, None]}])[1:4]
    (('Set-Cookie', 'b=2'), ('Age', '3'), ('Age', 'true'))
    """
    if value is None:
        return ()
    with suppress(TypeError, KeyError):  # the common case, which takes no time: every one has texts as name and value
        plain = [(item["name"], item["value"]) for item in value]
        if plain and all(
            type(name) is str and type(text) is str and "\n" not in text and " " not in name for name, text in plain
        ):
            return tuple([pair for pair in plain if not pair[0].startswith(":")])
    return tuple(pair for pair in _pairs(value) if not pair[0].startswith(":"))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        value = [line for line in _LINE_END.split(value) if line.strip()]
    if isinstance(value, dict):
        value = list(value.items())
    if not isinstance(value, list):
        raise ValueError("are not a list")
    for item in value:
        if isinstance(item, str) and _START.match(item):
            continue
        name, held = _item(item)
        yield from ((name, text) for text in _texts(held))


def _item(item: Any) -> tuple[str, Any]:
    """Name and value of one element."""
    name = held = None
    if isinstance(item, dict):
        name = next((item[key] for key in _NAMES if key in item), None)
        held = next((item[key] for key in _VALUES if key in item), None)
        if name is None and len(item) == 1:
            name, held = next(iter(item.items()))
    elif isinstance(item, list | tuple) and len(item) >= 2:
        name, held = item[0], item[1]
    elif isinstance(item, str) and ":" in item[1:]:
        first, _, rest = item[1:].partition(":")
        name, held = item[0] + first, rest.strip()
    if isinstance(name, int | float) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str):
        raise ValueError("has no name")
    return name.strip(), held


def apart(joined: str) -> list[str]:
    """The values of repeats that a tool joined by a line end; a folded line stays one.

    >>> apart("a=1\\r\\nb=2\\n  more")
    ['a=1', 'b=2 more']
    """
    return _LINE_END.split(_FOLD.sub(" ", joined).strip("\r\n"))


def _texts(held: Any) -> Iterator[str]:
    """The values of one header."""
    if isinstance(held, str):
        yield from apart(held)
    elif isinstance(held, bool):
        yield str(held).lower()
    elif isinstance(held, int | float):
        yield str(held)
    elif isinstance(held, list) and held:
        for one in held:
            yield from _texts(one if not isinstance(one, list) else None)
    else:
        yield NOT_RECORDED
