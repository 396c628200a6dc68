"""Reads the parts of a flow out of a record of a .mitm file without building mitmproxy's objects, which takes several
times as long. Whatever is not exactly as mitmproxy writes it is left to mitmproxy to read."""

from collections.abc import Iterator
from typing import Final

from passlens.reading.parts import INJECTED, Fields, Got, Parts, Sent
from passlens.spec.routing import may_be_operation

VERSION: Final = b"21"
"""The format of flows that is read here: that of mitmproxy 11 and 12."""

_LENGTH: Final = 13  # digits of a length, as mitmproxy allows, and a colon

_REQUEST: Final = frozenset(
    (
        b"authority", b"content", b"headers", b"host", b"http_version", b"method", b"path", b"port", b"scheme",
        b"timestamp_end", b"timestamp_start", b"trailers",
    )
)  # fmt: skip
_RESPONSE: Final = frozenset(
    (
        b"content", b"headers", b"http_version", b"reason", b"status_code", b"timestamp_end", b"timestamp_start",
        b"trailers",
    )
)  # fmt: skip

Value = tuple[int, int, int]
"""A value in a record: its type, and where it starts and ends."""


class Unusual(Exception):
    """The record is not what mitmproxy writes today; it may be readable all the same."""


class OtherFlow(Exception):
    """The record holds a flow that is none of the API's; the argument is its type (``http``, ``tcp`` …)."""


def read_parts(record: bytes) -> Parts:
    """The parts of the flow in a record (``length:payload}``). Raises OtherFlow or Unusual."""
    try:
        flow = _members(record, record.index(b":", 0, _LENGTH) + 1, len(record) - 1)
        if _text(record, flow[b"version"], "#") != VERSION:
            raise Unusual
        kind = _text(record, flow[b"type"], ";").decode()
        if kind != "http":
            raise OtherFlow(kind)
        request = _object(record, flow[b"request"], _REQUEST)
        path = _text(record, request[b"path"], ",")
        if not may_be_operation(path):
            raise OtherFlow(kind)
        client = _members(record, *_inside(flow[b"client_conn"], "}"), b"peername")
        return Parts(
            _sent(record, request, path),
            _got(record, flow[b"response"]),
            _address(record, client[b"peername"]),
            _failure(record, flow[b"error"]),
            _metadata(record, flow[b"metadata"]),
        )
    except (KeyError, IndexError, ValueError):
        raise Unusual from None


def _sent(data: bytes, request: dict[bytes, Value], path: bytes) -> Sent:
    return Sent(
        _text(data, request[b"method"], ","),
        _text(data, request[b"scheme"], ","),
        _text(data, request[b"authority"], ","),
        _text(data, request[b"host"], ";").decode(),
        int(_text(data, request[b"port"], "#")),
        path,
        _fields(data, request[b"headers"]),
        _content(data, request[b"content"]),
        _time(data, request[b"timestamp_start"]),
    )


def _got(data: bytes, value: Value) -> Got | None:
    if value[0] == _NONE:
        return None
    response = _object(data, value, _RESPONSE)
    return Got(
        int(_text(data, response[b"status_code"], "#")),
        _text(data, response[b"reason"], ","),
        _fields(data, response[b"headers"]),
        _content(data, response[b"content"]),
        _time(data, response[b"timestamp_end"]),
    )


def _address(data: bytes, value: Value) -> str | None:
    if value[0] == _NONE:
        return None
    first = next(_values(data, *_inside(value, "]")), None)
    return None if first is None else _text(data, first, ";").decode()


def _failure(data: bytes, value: Value) -> str | None:
    if value[0] == _NONE:
        return None
    return _text(data, _members(data, *_inside(value, "}"))[b"msg"], ";").decode()


def _metadata(data: bytes, value: Value) -> dict[str, dict[str, str]]:
    """What passlens noted itself; nobody asks for the rest."""
    noted = _members(data, *_inside(value, "}")).get(INJECTED.encode())
    if noted is None:
        return {}
    words = _members(data, *_inside(noted, "}"))
    return {INJECTED: {name.decode(): _text(data, word, ";").decode() for name, word in words.items()}}


def _fields(data: bytes, value: Value) -> Fields:
    found = []
    for pair in _values(data, *_inside(value, "]")):
        at, end = _inside(pair, "]")
        first = data.index(b":", at, at + _LENGTH)
        middle = first + 1 + int(data[at:first])
        second = data.index(b":", middle, middle + _LENGTH)
        # Two texts, and nothing behind them.
        if not first < middle < second < end or second + 2 + int(data[middle + 1 : second]) != end:
            raise Unusual
        if data[middle] != _BYTES or data[end - 1] != _BYTES:
            raise Unusual
        found.append((data[first + 1 : middle], data[second + 1 : end - 1]))
    return tuple(found)


def _content(data: bytes, value: Value) -> bytes | None:
    return None if value[0] == _NONE else _text(data, value, ",")


def _time(data: bytes, value: Value) -> float | None:
    if value[0] == _NONE:
        return None
    if value[0] == ord("#"):
        return int(data[value[1] : value[2]])
    return float(_text(data, value, "^"))


# ---- typed netstrings: length, colon, so many bytes, type


_NONE: Final = ord("~")
_BYTES: Final = ord(",")


def _text(data: bytes, value: Value, kind: str) -> bytes:
    held, start, stop = value
    if held != ord(kind):
        raise Unusual
    return data[start:stop]


def _inside(value: Value, kind: str) -> tuple[int, int]:
    held, start, stop = value
    if held != ord(kind):
        raise Unusual
    return start, stop


def _object(data: bytes, value: Value, names: frozenset[bytes]) -> dict[bytes, Value]:
    found = _members(data, *_inside(value, "}"))
    if found.keys() != names:
        raise Unusual
    return found


def _members(data: bytes, at: int, end: int, last: bytes | None = None) -> dict[bytes, Value]:
    """The members of an object between two places, up to the ``last`` one that is wanted; not yet looked into."""
    found: dict[bytes, Value] = {}
    while at < end:
        # Written out, because this is where reading a file takes its time.
        first = data.index(b":", at, at + _LENGTH)
        middle = first + 1 + int(data[at:first])
        second = data.index(b":", middle, middle + _LENGTH)
        stop = second + 1 + int(data[middle + 1 : second])
        if not first < middle < second < stop < end or data[middle] not in b";,":
            raise Unusual
        name = data[first + 1 : middle]
        found[name] = data[stop], second + 1, stop
        if name == last:
            break
        at = stop + 1
    return found


def _values(data: bytes, at: int, end: int) -> Iterator[Value]:
    """The values between two places, one after the other."""
    while at < end:
        colon = data.index(b":", at, at + _LENGTH)
        stop = colon + 1 + int(data[at:colon])
        if not colon < stop < end:
            raise Unusual
        yield data[stop], colon + 1, stop
        at = stop + 1
