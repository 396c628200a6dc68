"""Tolerant and exact decoding of Base64 and JSON: what can be read is read, and each liberty taken is named.
The names are those of the PL21x findings; nothing here raises, whatever arrives."""

import base64
import binascii
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote

from passlens.rest_v2.json_problem import describe

DeviationKind = Literal[
    "quotes",
    "line-wrap",
    "white-space",
    "percent-encoding",
    "url-safe-alphabet",
    "missing-padding",
    "data-after-padding",
    "trailing-bits",
    "not-base64",
    "not-encoded",
    "utf8-mark",
    "invalid-utf8",
    "invalid-json",
    "duplicate-key",
    "not-an-object",
]


class Deviation(NamedTuple):
    """One departure from the plain form, with a clause for people: what was found and where."""

    kind: DeviationKind
    detail: str


class Position(NamedTuple):
    """Where a JSON parser stopped: line and column from 1, offset in characters from 0."""

    line: int
    column: int
    offset: int

    def __str__(self) -> str:
        return f"line {self.line} column {self.column} (char {self.offset})"


class Base64Text(NamedTuple):
    """Outcome of decoding one Base64 text. ``data`` is None if it is not Base64 at all."""

    data: bytes | None
    deviations: tuple[Deviation, ...]


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


@dataclass(frozen=True)
class EncodedJson:
    """A header value that should be Base64 over a JSON object, decoded as far as it goes."""

    raw: str
    json: JsonText | None
    deviations: tuple[Deviation, ...]

    @property
    def value(self) -> dict[str, Any] | None:
        """The decoded object, or None if the value does not hold one."""
        if self.json is not None and self.json.valid and isinstance(self.json.value, dict):
            return self.json.value
        return None

    @property
    def shown(self) -> dict[str, Any]:
        """The decoded object, else its salvaged members, for display."""
        if self.value is not None:
            return self.value
        return self.json.salvaged if self.json is not None else {}


QUOTES: Final = "\"'\u201c\u201d"
"""Straight and typographic quotes that are taken off a value."""

_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WRAP: Final = re.compile(r"[\r\n]")
_SPACE: Final = re.compile(r"\s")
_STANDARD: Final = re.compile(r"[A-Za-z0-9+/]*")
_STRAY: Final = re.compile(r"[^A-Za-z0-9+/=]")


def decode_base64(raw: str) -> Base64Text:
    """Decode Base64 (RFC 4648) with every liberty that real clients make necessary, and name each.

    >>> decode_base64("Zm9vYg").data
    b'foob'
    >>> [deviation.kind for deviation in decode_base64("Zm9vYg").deviations]
    ['missing-padding']
    """
    deviations: list[Deviation] = []
    text = raw.strip(" \t")
    if text != raw:
        deviations.append(Deviation("white-space", "white space around the value"))
    if len(text) >= 2 and text[0] in QUOTES and text[-1] in QUOTES:
        deviations.append(Deviation("quotes", f"the value is in quotes ({text[0]})"))
        text = text[1:-1]
    if _PERCENT.search(text):
        escape = _PERCENT.search(text)
        deviations.append(Deviation("percent-encoding", f"the Base64 text is percent-encoded ({escape and escape[0]})"))
        text = unquote(text, errors="surrogateescape")
    if _WRAP.search(text):
        deviations.append(Deviation("line-wrap", "the Base64 text is broken over several lines"))
        text = re.sub(r"[\r\n][ \t]*", "", text)
    if _SPACE.search(text):
        deviations.append(Deviation("white-space", "white space inside the Base64 text"))
        text = _SPACE.sub("", text)
    if "-" in text or "_" in text:
        deviations.append(Deviation("url-safe-alphabet", "the URL-safe alphabet (- and _) in place of + and /"))
        text = text.replace("-", "+").replace("_", "/")
    return _decode_standard(text, deviations)


def _decode_standard(text: str, deviations: list[Deviation]) -> Base64Text:
    stray = _STRAY.search(text)
    if stray is not None:
        what = f"the character {stray[0]!r} at position {stray.start()} is not Base64"
        return Base64Text(None, (*deviations, Deviation("not-base64", what)))
    if not text.strip("="):
        return Base64Text(None, (*deviations, Deviation("not-base64", "the value is empty")))
    head = _STANDARD.match(text)
    assert head is not None
    symbols, tail = head[0], text[head.end() :]
    padding = len(tail) - len(tail.lstrip("="))
    rest = tail[padding:]
    if rest:
        where = f"{len(rest)} characters after the padding at position {head.end() + padding} are left unread"
        deviations.append(Deviation("data-after-padding", where))
    if len(symbols) % 4 == 1:
        what = f"{len(symbols)} Base64 characters are no whole number of bytes"
        return Base64Text(None, (*deviations, Deviation("not-base64", what)))
    needed = -len(symbols) % 4
    if padding < needed:
        deviations.append(Deviation("missing-padding", f"{needed - padding} of {needed} padding signs (=) are missing"))
    elif padding > needed:
        deviations.append(Deviation("data-after-padding", f"{padding - needed} padding signs (=) too many"))
    unused = {2: 0b1111, 3: 0b11}.get(len(symbols) % 4, 0)
    if unused and _ALPHABET.index(symbols[-1]) & unused:
        what = f"the last sign, {symbols[-1]!r}, has bits that belong to no byte and are not zero"
        deviations.append(Deviation("trailing-bits", what))
    try:
        return Base64Text(base64.b64decode(symbols + "=" * needed), tuple(deviations))
    except binascii.Error as error:  # pragma: no cover - every symbol and the length were checked above
        return Base64Text(None, (*deviations, Deviation("not-base64", str(error))))


class _NotJson(ValueError):
    """A value that Python's parser takes and JSON does not have (NaN, Infinity), or that cannot be represented."""


def _refuse_constant(name: str) -> Any:
    raise _NotJson(f"{name} is not JSON")


def decode_json(data: bytes | str) -> JsonText:
    """Read JSON strictly by RFC 8259 and say what is wrong with it; never raises.

    A UTF-8 mark is skipped, bytes that are not UTF-8 become replacement characters, of duplicate keys the last counts;
    each is a liberty. Invalid JSON yields the parser's position and the simple members that could be salvaged.
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


def decode_encoded_json(raw: str) -> EncodedJson:
    """Decode a header value that should be Base64 over a JSON object."""
    stripped = raw.strip()
    if stripped.startswith("{"):
        text = decode_json(stripped)
        plain = Deviation("not-encoded", "the JSON stands in the header as it is, without Base64")
        return EncodedJson(raw, text, (plain, *text.deviations, *_object_only(text)))
    encoded = decode_base64(raw)
    if encoded.data is None:
        return EncodedJson(raw, None, encoded.deviations)
    text = decode_json(encoded.data)
    return EncodedJson(raw, text, (*encoded.deviations, *text.deviations, *_object_only(text)))


def _object_only(text: JsonText) -> tuple[Deviation, ...]:
    if text.valid and not isinstance(text.value, dict):
        return (Deviation("not-an-object", f"the JSON is {_kind(text.value)}, not an object"),)
    return ()


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
