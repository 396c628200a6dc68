"""One entry of a HAR file as a mitmproxy flow, with what _passlens or the recorder kept beside.
Knows mitmproxy because it makes flows."""

import re
from collections.abc import Iterator
from typing import Any, Final

from mitmproxy import http, websocket
from mitmproxy.flow import Error
from wsproto.frame_protocol import Opcode

from passlens.exchange.content import UNREAD, encode_content
from passlens.exchange.headers import Headers
from passlens.exchange.model import Exchange, Gap
from passlens.recordings.exchange_to_flow import storable, to_flow
from passlens.recordings.har_bodies import request_body, response_body
from passlens.recordings.har_reader import from_entry
from passlens.recordings.har_text import from_base64, to_bytes
from passlens.recordings.parts import Fields

_KNOWN: Final = frozenset({"", "identity", "none", "gzip", "x-gzip", "deflate", "br", "zstd"})


def flow_of(entry: Any, index: int, undated: float = 0.0) -> tuple[http.HTTPFlow, list[str]]:
    """The flow of an entry, and what it cannot hold; raises RecordError if it is no exchange.
    ``undated`` is the time of a flow whose own is not known."""
    ex = from_entry(entry, index, recorder=None)  # an entry that does not say who recorded it is mitmproxy's
    more = entry.get("_passlens")
    more = more if isinstance(more, dict) else {}
    flow = to_flow(ex, undated)
    _connections(flow, ex, entry, more)
    lost = [*_request(flow, ex, entry["request"], more), *_response(flow, ex, entry.get("response"), more)]
    if ex.response is not None and isinstance(words := more.get("error"), str):
        flow.error = Error(storable(words), flow.timestamp_created)
    for name in ("id", "marked", "comment"):
        value = entry.get(name) if name == "comment" else more.get(name)
        if isinstance(value, str) and value:
            setattr(flow, name, storable(value))
    if more.get("replay") in ("request", "response"):
        flow.is_replay = more["replay"]
    metadata = _storable(more.get("metadata"))
    flow.metadata |= metadata if isinstance(metadata, dict) else {}
    if isinstance(messages := entry.get("_webSocketMessages"), list):
        flow.websocket = websocket.WebSocketData(messages=[one for item in messages if (one := _message(item))])
    return flow, lost


def _connections(flow: http.HTTPFlow, ex: Exchange, entry: dict[str, Any], more: dict[str, Any]) -> None:
    client, server, address = flow.client_conn, flow.server_conn, _address(more.get("address"))
    if isinstance(port := more.get("clientPort"), int):
        client.peername = (client.peername[0] if client.peername else "", port)
    if address is not None:
        server.address = flow.request.data.host, flow.request.data.port = address
    if isinstance(name := entry.get("serverIPAddress"), str) and name:
        server.peername = (storable(name.strip("[]")), (address or ("", ex.request.port))[1])
    if isinstance(name := more.get("sni"), str):
        client.sni = server.sni = storable(name)


def _request(flow: http.HTTPFlow, ex: Exchange, sent: dict[str, Any], more: dict[str, Any]) -> Iterator[str]:
    """Put in what an exchange does not have; yields what is lost."""
    data, found = flow.request.data, (ex.request.body, ex.request.gap)
    if ex.request.gap is UNREAD:
        found = request_body(sent, ex.request.headers, ex.request.method)
    fields, data.content = _message_parts(ex.request.headers, sent.get("postData"), found)
    data.headers, data.trailers = http.Headers(fields), _trailers(more.get("requestTrailers"))
    data.http_version = _version(sent.get("httpVersion"))
    data.timestamp_start, data.timestamp_end = _times(more.get("requestTimes"), data.timestamp_start)
    if isinstance(authority := more.get("authority"), str):
        data.authority = to_bytes(authority)
    if isinstance(target := more.get("target"), str) and ex.request.path.endswith(target):
        data.path = to_bytes(target)
    if data.content is None:
        yield "the body of a request that the recorder left out"


def _response(flow: http.HTTPFlow, ex: Exchange, got: Any, more: dict[str, Any]) -> Iterator[str]:
    if flow.response is None or ex.response is None:
        return
    data, response = flow.response.data, ex.response
    found = response_body(got, response.headers, ex.request.method, response.status)
    fields, data.content = _message_parts(response.headers, got.get("content"), found)
    data.headers, data.trailers = http.Headers(fields), _trailers(more.get("responseTrailers"))
    data.http_version = _version(got.get("httpVersion"))
    data.timestamp_start, end = _times(more.get("responseTimes"), data.timestamp_start)
    data.timestamp_end = end if ex.duration_ms is not None else None
    if data.content is None:
        yield "the body of an answer that the recorder left out"


def _message_parts(
    headers: Headers, holder: Any, found: tuple[bytes | None, Gap | None]
) -> tuple[Fields, bytes | None]:
    """Headers and body as they went over the wire, as far as can be told."""
    holder = holder if isinstance(holder, dict) else {}
    body, gap = found
    fields = tuple((to_bytes(name), to_bytes(value)) for name, value in headers)
    if isinstance(raw := holder.get("_raw"), str):
        return fields, from_base64(raw)
    if body is None and gap is not None and gap.kind == "too-large" and isinstance(text := holder.get("text"), str):
        body = from_base64(text) if str(holder.get("encoding")).lower() == "base64" else to_bytes(text)
    if body is None:
        return fields, None
    names = [part.strip().lower() for name, value in headers if name.lower() == "content-encoding"
             for part in value.split(",")]  # fmt: skip
    if body and names:
        if set(names) <= _KNOWN:
            body = encode_content(body, ",".join(names))
        else:
            fields = tuple((name, value) for name, value in fields if name.lower() != b"content-encoding")
        fields = tuple(
            (name, b"%d" % len(body) if name.lower() == b"content-length" else value) for name, value in fields
        )
    return fields, body


def _message(item: Any) -> websocket.WebSocketMessage | None:
    if not isinstance(item, dict) or not isinstance(item.get("data"), str):
        return None
    opcode, time = item.get("opcode"), item.get("time")
    binary = opcode == 2
    data = from_base64(item["data"]) if binary else to_bytes(item["data"])
    moment = float(time) if isinstance(time, int | float) and abs(time) < 1e12 else 0.0
    kind = Opcode.BINARY if binary else Opcode.TEXT
    return websocket.WebSocketMessage(kind, item.get("type") == "send", data or b"", moment)


def _address(value: Any) -> tuple[str, int] | None:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], int):
        return storable(value[0]), value[1]
    return None


def _times(value: Any, otherwise: float) -> tuple[float, float]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(time, int | float) for time in value):
        return float(value[0]), float(value[1])
    return otherwise, otherwise


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
        return storable(value)
    if isinstance(value, dict) and depth < 20:
        return {storable(str(name)): _storable(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list) and depth < 20:
        return [_storable(item, depth + 1) for item in value]
    return value if isinstance(value, bool | int | float | None) else None
