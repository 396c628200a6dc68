"""One entry of a HAR file as a mitmproxy flow, with what _passlens or the recorder kept beside.
Knows mitmproxy because it makes flows."""

import base64
import re
from typing import Any, Final

from mitmproxy import connection, http, websocket
from mitmproxy.flow import Error
from wsproto.frame_protocol import Opcode

from passlens.exchange import Exchange, Gap
from passlens.reading.har import from_entry
from passlens.reading.har_bodies import Headers, answer_body, request_body, to_bytes
from passlens.scrubbing.bodies import encoded

_KNOWN: Final = frozenset({"", "identity", "none", "gzip", "x-gzip", "deflate", "br", "zstd"})

Pairs = tuple[tuple[bytes, bytes], ...]


def flow_of(entry: Any, index: int) -> tuple[http.HTTPFlow, list[str]]:
    """The flow of an entry, and what it cannot hold; raises passlens.reading.har.Unreadable if it is no exchange."""
    ex = from_entry(entry, index)
    more = entry.get("_passlens")
    more = more if isinstance(more, dict) else {}
    lost: list[str] = []
    started = ex.started or 0.0
    flow = http.HTTPFlow(*_connections(ex, entry, more, started))
    flow.timestamp_created = started
    flow.request = _request(ex, entry["request"], more, started, lost)
    flow.response = _response(ex, entry.get("response"), more, started, lost)
    words = ex.failure if ex.answer is None else more.get("error")
    if isinstance(words, str):
        flow.error = Error(_clean(words), started)
    for name in ("id", "marked", "comment"):
        value = entry.get(name) if name == "comment" else more.get(name)
        if isinstance(value, str) and value:
            setattr(flow, name, _clean(value))
    if more.get("replay") in ("request", "response"):
        flow.is_replay = more["replay"]
    metadata = _storable(more.get("metadata"))
    flow.metadata = metadata if isinstance(metadata, dict) else {}
    if isinstance(messages := entry.get("_webSocketMessages"), list):
        flow.websocket = websocket.WebSocketData(messages=[one for item in messages if (one := _message(item))])
    return flow, lost


def _connections(
    ex: Exchange, entry: dict[str, Any], more: dict[str, Any], started: float
) -> tuple[connection.Client, connection.Server]:
    peer, port, address = more.get("client"), more.get("clientPort"), _address(more.get("address"))
    client = connection.Client(
        peername=(_clean(peer) if isinstance(peer, str) else "", port if isinstance(port, int) else 0),
        sockname=("", 0),
        timestamp_start=started,
    )
    server = connection.Server(address=address or (_clean(ex.request.host), ex.request.port))
    client.tls = server.tls = ex.request.scheme in ("https", "wss")
    if isinstance(name := entry.get("serverIPAddress"), str) and name:
        server.peername = (_clean(name.strip("[]")), (address or ("", ex.request.port))[1])
    if isinstance(name := more.get("sni"), str):
        client.sni = server.sni = _clean(name)
    return client, server


def _request(ex: Exchange, sent: dict[str, Any], more: dict[str, Any], started: float, lost: list[str]) -> http.Request:
    request = ex.request
    host, port = _address(more.get("address")) or (_clean(request.host), request.port)
    headers, body = _message_parts(request.headers, sent.get("postData"), request_body(sent, request.headers))
    if body is None:
        lost.append("the body of a request that the recorder left out")
    start, end = _times(more.get("requestTimes"), started, started)
    target, authority = more.get("target"), more.get("authority")
    return http.Request(
        host,
        port,
        to_bytes(request.method),
        to_bytes(request.scheme),
        to_bytes(authority) if isinstance(authority, str) else b"",
        to_bytes(target if isinstance(target, str) and request.path.endswith(target) else request.path),
        _version(sent.get("httpVersion")),
        http.Headers(headers),
        body,
        _trailers(more.get("requestTrailers")),
        start,
        end,
    )


def _response(ex: Exchange, got: Any, more: dict[str, Any], started: float, lost: list[str]) -> http.Response | None:
    if ex.answer is None:
        return None
    answer, content = ex.answer, got.get("content")
    found = answer_body(got, answer.headers, ex.request.method, answer.status)
    headers, body = _message_parts(answer.headers, content, found)
    if body is None:
        lost.append("the body of an answer that the recorder left out")
    ended = started + (ex.duration_ms or 0.0) / 1000
    start, end = _times(more.get("responseTimes"), ended, ended)
    return http.Response(
        _version(got.get("httpVersion")),
        answer.status,
        answer.reason.encode("latin-1", "replace"),
        http.Headers(headers),
        body,
        _trailers(more.get("responseTrailers")),
        start,
        end if ex.duration_ms is not None else None,
    )


def _message_parts(headers: Headers, holder: Any, found: tuple[bytes | None, Gap | None]) -> tuple[Pairs, bytes | None]:
    """Headers and body as they went over the wire, as far as can be told."""
    holder = holder if isinstance(holder, dict) else {}
    body, gap = found
    fields = tuple((to_bytes(name), to_bytes(value)) for name, value in headers)
    if isinstance(raw := holder.get("_raw"), str):
        return fields, _base64(raw)
    if body is None and gap is not None and gap.kind == "too-large" and isinstance(text := holder.get("text"), str):
        body = _base64(text) if str(holder.get("encoding")).lower() == "base64" else to_bytes(text)
    if body is None:
        return fields, None
    names = [part.strip().lower() for name, value in headers if name.lower() == "content-encoding"
             for part in value.split(",")]  # fmt: skip
    if body and names:
        if set(names) <= _KNOWN:
            body = encoded(body, ",".join(names))
        else:
            fields = tuple((name, value) for name, value in fields if name.lower() != b"content-encoding")
        fields = tuple(
            (name, b"%d" % len(body) if name.lower() == b"content-length" else value) for name, value in fields
        )
    return fields, body


def _base64(text: str) -> bytes | None:
    symbols = re.sub(r"[\s=]+", "", text)
    try:
        return base64.b64decode(symbols + "=" * (-len(symbols) % 4))
    except ValueError:
        return None


def _message(item: Any) -> websocket.WebSocketMessage | None:
    if not isinstance(item, dict) or not isinstance(item.get("data"), str):
        return None
    opcode, time = item.get("opcode"), item.get("time")
    binary = opcode == 2
    data = _base64(item["data"]) if binary else to_bytes(item["data"])
    moment = float(time) if isinstance(time, int | float) and abs(time) < 1e12 else 0.0
    kind = Opcode.BINARY if binary else Opcode.TEXT
    return websocket.WebSocketMessage(kind, item.get("type") == "send", data or b"", moment)


def _address(value: Any) -> tuple[str, int] | None:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int):
        return _clean(value[0]), value[1]
    return None


def _times(value: Any, start: float, end: float) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(time, int | float) for time in value):
        return float(value[0]), float(value[1])
    return start, end


def _trailers(value: Any) -> http.Headers | None:
    pairs = [
        (to_bytes(item["name"]), to_bytes(item["value"]))
        for item in (value if isinstance(value, list) else ())
        if isinstance(item, dict) and isinstance(item.get("name"), str) and isinstance(item.get("value"), str)
    ]
    return http.Headers(pairs) if pairs else None


def _version(value: Any) -> bytes:
    """The version as mitmproxy writes it."""
    text = str(value).lower()
    if re.match(r"h(ttp/)?2", text):
        return b"HTTP/2.0"
    if re.match(r"h(ttp/)?3|quic", text):
        return b"HTTP/3"
    return b"HTTP/1.0" if text == "http/1.0" else b"HTTP/1.1"


def _storable(value: Any, depth: int = 0) -> Any:
    """Metadata that a .mitm file can hold."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, dict) and depth < 20:
        return {_clean(str(name)): _storable(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list) and depth < 20:
        return [_storable(item, depth + 1) for item in value]
    return value if isinstance(value, bool | int | float | None) else None


def _clean(text: str) -> str:
    """A text without lone surrogates, with which mitmproxy could not save the flow."""
    return text.encode("utf-8", "replace").decode("utf-8")
