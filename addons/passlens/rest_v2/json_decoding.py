"""Strict reading of JSON that says what is wrong with it, and what could be read all the same.
Nothing here raises, whatever arrives."""

import json
import re
from contextlib import suppress
from typing import Any, Final, NamedTuple

from passlens.rest_v2.deviation import Deviation
from passlens.rest_v2.json_problem import describe


class Position(NamedTuple):
    """Where a JSON parser stopped: line and column from 1, offset in characters from 0."""

    line: int
    column: int
    offset: int

    def __str__(self) -> str:
        return f"line {self.line} column {self.column} (char {self.offset})"


class JsonText(NamedTuple):
    """Outcome of reading one JSON text.

    ``value`` is the parsed value if ``valid``. Otherwise ``position`` says where the parser stopped, ``problem`` why,
    and ``salvaged`` holds the simple members that could still be read, for display only.
    """

    text: str
    valid: bool
    value: Any
    problem: str | None
    position: Position | None
    salvaged: dict[str, Any]
    deviations: tuple[Deviation, ...]


class _NotJson(ValueError):
    """A value that Python's parser takes and JSON does not have (NaN, Infinity), or that cannot be represented."""


def _refuse_constant(name: str) -> Any:
    raise _NotJson(f"{name} is not JSON")


def decode_json(data: bytes | str) -> JsonText:
    """Read JSON strictly by RFC 8259 and say what is wrong with it; never raises.

    A UTF-8 mark is skipped, bytes that are not UTF-8 become replacement characters, of duplicate keys the last counts;
    each is a deviation. Invalid JSON yields the parser's position and the simple members that could be salvaged.
    """
    deviations: list[Deviation] = []
    text = _text(data, deviations)
    try:
        value, repeated = _parsed(text)
    except json.JSONDecodeError as error:
        words, offset = describe(error)
        return _invalid(text, words, _position(text, offset), deviations)
    except RecursionError:
        return _invalid(text, "nested too deep to be read", None, deviations)
    except ValueError as error:
        problem = str(error) if isinstance(error, _NotJson) else "a number with too many digits"
        return _invalid(text, problem, None, deviations)
    for key in repeated:
        deviations.append(Deviation("duplicate-key", f"the key {key!r} stands more than once, the last counts"))
    return JsonText(text, True, value, None, None, {}, tuple(deviations))


class _RepeatedKey(Exception):
    """An object has a key twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedKey
    return found


_UNIQUE: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)


def _parsed(text: str) -> tuple[Any, list[str]]:
    """The value, and the keys that stand more than once in an object, which almost no text has."""
    with suppress(_RepeatedKey):
        return _UNIQUE.decode(text), []
    repeated: dict[str, None] = {}

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                repeated[key] = None
            seen.add(key)
        return dict(pairs)

    value = json.loads(text, object_pairs_hook=members, parse_constant=_refuse_constant)
    return value, list(repeated)


def _text(data: bytes | str, deviations: list[Deviation]) -> str:
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            deviations.append(Deviation("invalid-utf8", f"byte {error.start} is not UTF-8"))
            text = data.decode("utf-8", "replace")
    else:
        text = data
    if text.startswith("\ufeff"):
        deviations.append(Deviation("utf8-mark", "a UTF-8 mark (BOM) before the JSON"))
        text = text[1:]
    return text


def _position(text: str, offset: int) -> Position:
    before = text.rfind("\n", 0, offset)
    return Position(text.count("\n", 0, offset) + 1, offset - before, offset)


def _invalid(text: str, problem: str, position: Position | None, deviations: list[Deviation]) -> JsonText:
    where = f"{problem} at {position}" if position else problem
    deviations.append(Deviation("invalid-json", where))
    return JsonText(text, False, None, problem, position, salvage(text), tuple(deviations))


_MEMBER: Final = re.compile(
    r'"(?P<key>[^"\\\x00-\x1f]{1,64})"[ \t\r\n]{0,64}:[ \t\r\n]{0,64}'
    r'(?P<value>"(?:[^"\\\x00-\x1f]|\\.){0,512}"|-?\d{1,20}(?:\.\d{1,20})?|true|false|null)'
)


_SALVAGE_LIMIT: Final = 1 << 14


def salvage(text: str) -> dict[str, Any]:
    """The simple members (strings, numbers, true, false, null) that can be read out of broken JSON, for display only.

    >>> salvage('{"osName": "tvOS" "osVendor": "Apple"')
    {'osName': 'tvOS', 'osVendor': 'Apple'}
    """
    found: dict[str, Any] = {}
    for match in _MEMBER.finditer(text[:_SALVAGE_LIMIT]):
        try:
            found.setdefault(match["key"], json.loads(match["value"]))
        except ValueError:
            continue
    return found
