"""Changes to JSON text that leave every character of what is not named as it stands: indentation, separators,
escapes, the order of members, the spelling of numbers. Values are found by their spans and replaced in place."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from passlens.errors import EditError
from passlens.scenarios.budget import look
from passlens.scenarios.paths import index

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_ATOM: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")
_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*"')
_DEEPEST: Final = 100


@dataclass
class _Member:
    """A member or item: where its key and value begin and end; items have no key of their own."""

    key: str
    start: int
    value: "_Span"


@dataclass
class _Span:
    """A value's place in the text, and its members in order if it is an object or an array."""

    start: int
    end: int
    kind: str
    members: list[_Member]

    def member(self, step: str) -> _Member | None:
        """The member of a key (the last of repeats counts), or the item of an index."""
        if self.kind == "[":
            at = index(step)
            return self.members[at] if at is not None and at < len(self.members) else None
        return next((member for member in reversed(self.members) if member.key == step), None)


def set_value(text: str, path: tuple[str, ...], value: Any) -> str:
    """The text with the value at a path replaced or added, objects on the way included; raises EditError."""
    span = _scan(text)
    for depth, step in enumerate(path):
        if not span.kind:
            raise EditError(f"{'/'.join(path[:depth]) or 'the value'} is no object")
        member = span.member(step)
        if member is None:
            for outer in reversed(path[depth + 1 :]):
                value = {outer: value}
            return _added(text, span, step, value)
        span = member.value
    if _written_so(text[span.start : span.end], value):
        return text
    return text[: span.start] + _dumped(text, value) + text[span.end :]


def remove(text: str, path: tuple[str, ...]) -> str:
    """The text without the member at a path, repeats included; unchanged if there is none; raises EditError."""
    span = _scan(text)
    for step in path[:-1]:
        inner = span.member(step)
        if inner is None:
            return text
        span = inner.value
    found = span.member(path[-1])
    if found is None:
        return text
    others = [one for one in span.members if one is not found and (span.kind == "[" or one.key != found.key)]
    return _kept(text, span, others)


def merge(text: str, patch: Any) -> str:
    """The text after a JSON merge patch (RFC 7396); raises EditError, and SecurityError where the time is over."""
    if not isinstance(patch, dict) or _scan(text).kind != "{":
        return _dumped(text, _without_nulls(patch))
    return _merged(text, (), patch)


def _merged(text: str, path: tuple[str, ...], patch: dict[str, Any]) -> str:
    for key, value in patch.items():
        look()  # each member takes a walk through the whole text
        inner = (*path, key)
        if value is None:
            text = remove(text, inner)
        elif isinstance(value, dict) and _kind(text, inner) == "{":
            text = _merged(text, inner, value)
        else:
            text = set_value(text, inner, _without_nulls(value))
    return text


def _without_nulls(value: Any) -> Any:
    """A merge patch for what is no object yet: its nulls name members that are not there."""
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


def _kind(text: str, path: tuple[str, ...]) -> str:
    span = _scan(text)
    for step in path:
        member = span.member(step)
        if member is None:
            return ""
        span = member.value
    return span.kind


def dump_like(text: str, value: Any) -> str:
    """A value written the way a JSON text is: its separators, its indentation, its escapes."""
    indent = re.match(r"\s*[\[{]\r?\n([ \t]*)", text)
    return _dumped(text, value, indent[1] if indent else None)


def _dumped(text: str, value: Any, indent: str | None = None) -> str:
    key = ": " if '": ' in text or not text.strip("{[ ]}\n") else ":"
    spaced = re.search(r'(?:[\d"\]}el]), (?:["{\[\dtfn-])', text) or (key == ": " and "," not in text)
    item = ", " if indent is None and spaced else ","
    return json.dumps(value, ensure_ascii=text.isascii(), separators=(item, key), indent=indent)


def same(one: Any, other: Any) -> bool:
    """JSON equality: 1 and 1.0 are one number, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _written_so(text: str, value: Any) -> bool:
    """True if a text says this value already, so that its spelling stays."""
    try:
        return same(json.loads(text), value)
    except ValueError:
        return False


def _added(text: str, span: _Span, step: str, value: Any) -> str:
    if span.kind == "[":
        if index(step) != len(span.members):
            raise EditError(f"there is no item {step}")
        new = _dumped(text, value)
    else:
        new = json.dumps(step, ensure_ascii=text.isascii()) + _colon(text, span) + _dumped(text, value)
    if not span.members:
        return text[: span.start + 1] + new + text[span.start + 1 :]
    last = span.members[-1]
    lead = text[span.start + 1 : span.members[0].start]
    comma = "," + lead
    if len(span.members) > 1:
        comma = text[span.members[-2].value.end : last.start]
    elif not lead and ": " in _colon(text, span):
        comma = ", "
    return text[: last.value.end] + comma + new + text[last.value.end :]


def _colon(text: str, span: _Span) -> str:
    """What stands between key and value in this object, else anywhere in the text."""
    if span.members:
        first = span.members[-1]
        _, key_end = _string(text, first.start)
        return text[key_end : first.value.start]
    return ": " if '": ' in text else ":"


def _kept(text: str, span: _Span, kept: list[_Member]) -> str:
    """The text with these members of an object or array only, in one go: there may be thousands of the others."""
    first, last = span.members[0], span.members[-1]
    pieces = [text[: first.start]]
    following = {id(one): after.start for one, after in zip(span.members, span.members[1:], strict=False)}
    for one in kept[:-1]:
        pieces.append(text[one.start : following[id(one)]])
    if kept:
        pieces.append(text[kept[-1].start : kept[-1].value.end])
    return "".join((*pieces, text[last.value.end :]))


def _string(text: str, at: int) -> tuple[str, int]:
    found = _STRING.match(text, at)
    if found is None:
        raise ValueError(f"no end of the text at character {at}")
    return json.loads(found[0]), found.end()


def _scan(text: str) -> _Span:
    try:
        span = _value(text, _blank(text, 0), 0)
    except (ValueError, IndexError) as error:
        raise EditError(f"the JSON cannot be read ({error})") from None
    if _blank(text, span.end) != len(text):
        raise EditError("something stands after the JSON")
    return span


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _value(text: str, at: int, depth: int) -> _Span:
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    sign = text[at]
    if sign == '"':
        return _Span(at, _string(text, at)[1], "", [])
    if sign not in "{[":
        atom = _ATOM.match(text, at)
        if atom is None:
            raise ValueError(f"nothing to read at character {at}")
        return _Span(at, atom.end(), "", [])
    members: list[_Member] = []
    closing = "}" if sign == "{" else "]"
    here = _blank(text, at + 1)
    if text[here] == closing:
        return _Span(at, here + 1, sign, members)
    while True:
        start, key = here, ""
        if sign == "{":
            if text[here] != '"':
                raise ValueError(f"no key at character {here}")
            key, here = _string(text, here)
            here = _blank(text, here)
            if text[here] != ":":
                raise ValueError(f"no colon at character {here}")
            here = _blank(text, here + 1)
        inner = _value(text, here, depth + 1)
        members.append(_Member(key, start, inner))
        here = _blank(text, inner.end)
        if text[here] == closing:
            return _Span(at, here + 1, sign, members)
        if text[here] != ",":
            raise ValueError(f"no comma at character {here}")
        here = _blank(text, here + 1)
