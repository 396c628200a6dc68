"""Reads the parts of a flow out of a record of a .mitm file without building mitmproxy's objects, which takes several
times as long. Whatever is not exactly as mitmproxy writes it is left to mitmproxy to read."""

from typing import Any, Final

from passlens.errors import UnusualRecordError
from passlens.exchange.headers import MAX_CHARS, MAX_COUNT
from passlens.recordings.parts import (
    INJECTED,
    TEXTS,
    Fields,
    Parts,
    RequestParts,
    ResponseParts,
)
from passlens.rest_v2.operations import is_api_host
from passlens.rest_v2.routing import may_be_operation
from passlens.util.cache import cached_by_value

VERSION: Final = b"21"
"""The format of flows that is read here: that of mitmproxy 11 and 12."""

_LENGTH: Final = 13  # digits of a length, as mitmproxy allows, and a colon


def _member(name: str) -> bytes:
    """The name of a member as it stands in a record: ``4:path;``."""
    return f"{len(name)}:{name};".encode()


def _names(words: str) -> frozenset[bytes]:
    return frozenset(map(_member, words.split()))


_REQUEST: Final = _names(
    "authority content headers host http_version method path port scheme timestamp_end timestamp_start trailers"
)
_RESPONSE: Final = _names("content headers http_version reason status_code timestamp_end timestamp_start trailers")
_FLOW: Final = _names(
    "websocket response request backup timestamp_created comment metadata marked is_replay intercepted server_conn"
    " client_conn error id type version"
)
_KNOWN: Final = _REQUEST | _RESPONSE | _FLOW

_LONGEST: Final = max(map(len, _KNOWN))

_ADDRESS: Final = b"8:peername;"

Value = tuple[int, int, int]
"""A value in a record: its type, and where it starts and ends."""


class OtherFlow(Exception):
    """The record holds a flow that is none of the API's; the argument is its type (``http``, ``tcp`` …)."""


def read_parts(record: bytes) -> Parts:
    """The parts of the flow in a record (``length:payload}``). Raises OtherFlow or UnusualRecordError."""
    try:
        flow = _members(record, record.index(b":", 0, _LENGTH) + 1, len(record) - 1)
        if _text(record, flow[b"7:version;"], "#") != VERSION:
            raise UnusualRecordError
        kind = _text(record, flow[b"4:type;"], ";").decode()
        if kind != "http":
            raise OtherFlow(kind)
        request = _object(record, flow[b"7:request;"], _REQUEST)
        path = _text(record, request[b"4:path;"], ",")
        if not may_be_operation(path) and not _on_api_host(record, request):
            raise OtherFlow(kind)
        return Parts(
            _sent(record, request, path),
            _got(record, flow[b"8:response;"]),
            _time(record, request[b"15:timestamp_start;"]),
            _address(record, flow[b"11:client_conn;"]),
            _failure(record, flow[b"5:error;"]),
            _metadata(record, flow[b"8:metadata;"]),
            _word(record, flow[b"9:is_replay;"]),
        )
    except (KeyError, IndexError, ValueError):
        raise UnusualRecordError from None


def _on_api_host(data: bytes, request: dict[bytes, Value]) -> bool:
    """True if the host may be one of the API's; what is only connected to by its address is looked at as a whole."""
    host = _text(data, request[b"4:host;"], ";")
    return is_api_host(host.decode().lower()) or host[-1:].isdigit() or b":" in host


def _sent(data: bytes, request: dict[bytes, Value], path: bytes) -> RequestParts:
    return RequestParts(
        _text(data, request[b"6:method;"], ","),
        _text(data, request[b"6:scheme;"], ","),
        _text(data, request[b"9:authority;"], ","),
        _text(data, request[b"4:host;"], ";").decode(),
        int(_text(data, request[b"4:port;"], "#")),
        path,
        _sent_fields(_text(data, request[b"7:headers;"], "]")),
        _content(data, request[b"7:content;"]),
    )


def _got(data: bytes, value: Value) -> ResponseParts | None:
    if value[0] == _NONE:
        return None
    response = _object(data, value, _RESPONSE)
    return ResponseParts(
        int(_text(data, response[b"11:status_code;"], "#")),
        _text(data, response[b"6:reason;"], ","),
        _fields(data, *_inside(response[b"7:headers;"], "]")),
        _content(data, response[b"7:content;"]),
        _time(data, response[b"13:timestamp_end;"]),
    )


def _address(data: bytes, client: Value) -> str | None:
    """The host of the client's address, which stands last in its connection."""
    at, end = _inside(client, "}")
    address = _members(data, data.rindex(_ADDRESS, at, end), end)[_ADDRESS]
    if address[0] == _NONE:
        return None
    at, end = _inside(address, "]")
    return _text(data, _value(data, at, end), ";").decode() if at < end else None


def _failure(data: bytes, value: Value) -> str | None:
    if value[0] == _NONE:
        return None
    return _text(data, _members(data, *_inside(value, "}"))[b"3:msg;"], ";").decode()


def _word(data: bytes, value: Value) -> str | None:
    return None if value[0] == _NONE else _text(data, value, ";").decode()


def _metadata(data: bytes, value: Value) -> dict[str, Any]:
    """What passlens noted itself; nobody asks for the rest."""
    members = _members(data, *_inside(value, "}"))
    found: dict[str, Any] = {}
    for key in TEXTS:
        if (told := members.get(_NOTED[key])) is not None:
            found[key] = _text(data, told, ";").decode()
    if (noted := members.get(_NOTED[INJECTED])) is not None:
        words = _members(data, *_inside(noted, "}"))
        found[INJECTED] = {_name(name): _text(data, word, ";").decode() for name, word in words.items()}
    return found


_NOTED: Final = {key: _member(key) for key in (*TEXTS, INJECTED)}


def _name(member: bytes) -> str:
    """The name of a member without its length."""
    return member.partition(b":")[2][:-1].decode()


@cached_by_value(MAX_COUNT, MAX_CHARS)
def _sent_fields(data: bytes) -> Fields:
    """The headers of a request, which a device sends again and again."""
    return _fields(data, 0, len(data))


def _fields(data: bytes, at: int, end: int) -> Fields:
    found = []
    while at < end:
        colon = data.index(b":", at, at + _LENGTH)
        stop = colon + 1 + int(data[at:colon])
        first = data.index(b":", colon + 1, colon + _LENGTH)
        middle = first + 1 + int(data[colon + 1 : first])
        second = data.index(b":", middle + 1, middle + _LENGTH)
        # Two texts, and nothing behind them.
        if not first < middle < second < stop < end or second + 2 + int(data[middle + 1 : second]) != stop:
            raise UnusualRecordError
        if data[middle] != _BYTES or data[stop - 1] != _BYTES or data[stop] != _LIST:
            raise UnusualRecordError
        found.append((data[first + 1 : middle], data[second + 1 : stop - 1]))
        at = stop + 1
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
_LIST: Final = ord("]")


def _text(data: bytes, value: Value, kind: str) -> bytes:
    held, start, stop = value
    if held != ord(kind):
        raise UnusualRecordError
    return data[start:stop]


def _inside(value: Value, kind: str) -> tuple[int, int]:
    held, start, stop = value
    if held != ord(kind):
        raise UnusualRecordError
    return start, stop


def _value(data: bytes, at: int, end: int) -> Value:
    """The first value between two places."""
    colon = data.index(b":", at, at + _LENGTH)
    stop = colon + 1 + int(data[at:colon])
    if not colon < stop < end:
        raise UnusualRecordError
    return data[stop], colon + 1, stop


def _object(data: bytes, value: Value, names: frozenset[bytes]) -> dict[bytes, Value]:
    found = _members(data, *_inside(value, "}"))
    if found.keys() != names:
        raise UnusualRecordError
    return found


def _members(data: bytes, at: int, end: int) -> dict[bytes, Value]:
    """The members of an object between two places, by their names as they stand there; not yet looked into."""
    found: dict[bytes, Value] = {}
    while at < end:
        # Written out, because this is where reading a file takes its time.
        close = data.find(b";", at, at + _LONGEST) + 1
        name = data[at:close]
        if name not in _KNOWN:  # its length says where it ends
            first = data.index(b":", at, at + _LENGTH)
            close = first + 2 + int(data[at:first])
            if not first + 1 < close or data[close - 1] not in b";,":
                raise UnusualRecordError
            name = data[at:close]
        colon = data.index(b":", close, close + _LENGTH)
        stop = colon + 1 + int(data[close:colon])
        if not colon < stop < end:
            raise UnusualRecordError
        found[name] = data[stop], colon + 1, stop
        at = stop + 1
    return found
