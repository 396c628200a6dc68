"""One HTTP flow as an entry of HAR 1.2; what HAR has no place for stands in the member _passlens.
Knows mitmproxy because it reads flows whole."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from mitmproxy import http
from mitmproxy.net.http import cookies

from passlens.exchange.content import decode_content
from passlens.exchange.headers import Headers
from passlens.exchange.model import MAX_BODY
from passlens.recordings.flow_to_exchange import INJECTED, host_of
from passlens.recordings.har_bodies import request_body, response_body
from passlens.recordings.har_text import BodyOrGap, to_bytes
from passlens.recordings.parts import CACHED, RECORDER, TEXTS, UNDATED
from passlens.util.address import bracketed

_LARGEST = 1 << 30

HarPairs = list[dict[str, str]]


def entry_of(flow: http.HTTPFlow) -> dict[str, Any]:
    """The entry of an HTTP flow as HAR 1.2 has it: times in ISO 8601 with the zone, durations in milliseconds, -1 where
    one is not known, bodies as text or as Base64.
    """
    sent, got = flow.request.data, flow.response.data if flow.response is not None else None
    timings = _timings(sent, got)
    made: dict[str, Any] = {
        "startedDateTime": None if UNDATED in flow.metadata else _iso(sent.timestamp_start),
        "time": sum(timings[name] for name in ("send", "wait", "receive")),
        "request": _request(flow, sent),
        "response": _response(flow, got),
        "cache": {},
        "timings": timings,
    }
    if flow.server_conn.peername:
        made["serverIPAddress"] = str(flow.server_conn.peername[0])
    if CACHED in flow.metadata:
        made["_fromCache"] = True
    if flow.comment:
        made["comment"] = flow.comment
    if flow.websocket is not None:
        made["_resourceType"] = "websocket"
        made["_webSocketMessages"] = [_message(one) for one in flow.websocket.messages]
    made["_passlens"] = _more(flow, sent, got)
    return made


def _request(flow: http.HTTPFlow, sent: http.RequestData) -> dict[str, Any]:
    path, host = _text(sent.path), host_of(flow.request)
    scheme = _text(sent.scheme) or "https"
    port = "" if {"http": 80, "https": 443}.get(scheme) == sent.port else f":{sent.port}"
    made: dict[str, Any] = {
        "method": _text(sent.method),
        "url": f"{scheme}://{bracketed(host)}{port}{path if path.startswith('/') else '/' + path}",
        "httpVersion": _text(sent.http_version),
        "cookies": _cookies(sent),
        "headers": _pairs(sent.headers),
        "queryString": [_named(*pair) for pair in parse_qsl(path.partition("?")[2], True, errors="surrogateescape")],
        "headersSize": -1,
        "bodySize": len(sent.content) if sent.content is not None else _unknown_size(sent),
    }
    if sent.content is None:
        return made
    post = {"mimeType": next(iter(_values(sent, "content-type")), ""), "params": []}
    headers, method = _header_texts(sent), made["method"]
    kept = _content(sent, post, lambda holder: request_body(made | {"postData": holder}, headers, method))
    return made | {"postData": kept} if sent.content or "_raw" in kept else made


def _response(flow: http.HTTPFlow, got: http.ResponseData | None) -> dict[str, Any]:
    if got is None:
        return {
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            "_error": str(flow.error.msg) if flow.error is not None else None,
        }  # fmt: skip
    made: dict[str, Any] = {
        "status": got.status_code,
        "statusText": got.reason.decode("latin-1"),
        "httpVersion": _text(got.http_version),
        "cookies": [_named(name, value or "") for header in _values(got, "set-cookie")
                    for name, value, _ in cookies.parse_set_cookie_header(header)],
        "headers": _pairs(got.headers),
        "redirectURL": next(iter(_values(got, "location")), ""),
        "headersSize": -1,
        "bodySize": -1 if got.content is None else len(got.content),
    }  # fmt: skip
    content: dict[str, Any] = {"size": _unknown_size(got), "mimeType": next(iter(_values(got, "content-type")), "")}
    if got.content is None:
        content["comment"] = "The body was not kept; its size is that of its header, or not known."
        return made | {"content": content}
    body = _decoded(got)
    content["size"] = len(got.content if body is None else body)
    if body is not None:
        content["compression"] = len(body) - len(got.content)
    headers, method = _header_texts(got), _text(flow.request.data.method)

    def read(holder: dict[str, Any]) -> BodyOrGap:
        return response_body(made | {"content": holder}, headers, method, got.status_code)

    return made | {"content": _content(got, content, read)}


def _cookies(sent: http.RequestData) -> HarPairs:
    parse: Any = cookies.parse_cookie_header  # has no types
    return [_named(*pair) for value in _values(sent, "cookie") for pair in parse(value)]


def _decoded(message: http.MessageData) -> bytes | None:
    """The body without its content-encoding, None if that cannot be."""
    return decode_content(message.content or b"", ", ".join(_values(message, "content-encoding")), _LARGEST)[0]


def _content(message: http.MessageData, holder: dict[str, Any], read: Callable[[dict[str, Any]], BodyOrGap]) -> Any:
    """``holder`` with the body of a message: as text where every reader takes it for the same bytes, else as Base64.

    ``read`` reads such a member as passlens does, which guesses at the habits of tools: masks, cut texts, Base64 that
    nobody told. Where it would not find the body again, that stands beside as it came.
    """
    body, as_came = _decoded(message), {"_raw": _base64(message.content or b"")}
    if body is None:
        # No Base64, so that nobody takes it for the body.
        return holder | {"text": "!", "encoding": "base64"} | as_came
    if (text := _plain_text(body, holder["mimeType"])) is not None and _is_found(read(holder | {"text": text}), body):
        return holder | {"text": text}
    kept = holder | {"text": _base64(body), "encoding": "base64"}
    return kept if _is_found(read(kept), body) else kept | as_came


def _plain_text(body: bytes, media_type: str) -> str | None:
    """A body as the text that every reader takes for the same bytes, None where there is none."""
    told = "json" in media_type.lower() or "utf-8" in media_type.lower()
    try:
        return body.decode("utf-8" if told and not body.startswith(b"\xef\xbb\xbf") else "ascii")
    except UnicodeDecodeError:
        return None


def _is_found(found: BodyOrGap, body: bytes) -> bool:
    """True if what was read is the body; one that is longer than what is looked into is not read."""
    read, gap = found
    return read == body or (gap is not None and gap.kind == "too-large" and len(body) > MAX_BODY)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unknown_size(message: http.MessageData) -> int:
    """What the header says of a body that was not kept; 1 where it says nothing, for there was one."""
    length = next(iter(_values(message, "content-length")), "").strip()
    return int(length) if length.isascii() and length.isdigit() and 0 < len(length) < 16 and int(length) > 0 else 1


def _timings(sent: http.RequestData, got: http.ResponseData | None) -> dict[str, float]:
    start = sent.timestamp_start if isfinite(sent.timestamp_start) else 0.0
    times = [start, sent.timestamp_end, got.timestamp_start if got else None, got.timestamp_end if got else None]
    known = [start if time is None or not isfinite(time) else time for time in times]
    total = max(known[3] - start, 0) * 1000
    send = min(max(known[1] - start, 0) * 1000, total)
    wait = min(max(known[2] - known[1], 0) * 1000, total - send)
    return {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": send, "wait": wait,
            "receive": total - send - wait}  # fmt: skip


def _more(flow: http.HTTPFlow, sent: http.RequestData, got: http.ResponseData | None) -> dict[str, Any]:
    """What HAR has no place for."""
    client, server = flow.client_conn, flow.server_conn
    made: dict[str, Any] = {
        "id": flow.id,
        "client": str(client.peername[0]) if client.peername and client.peername[0] else None,
        "clientPort": client.peername[1] if client.peername else None,
        "address": [sent.host, sent.port],
        "authority": _text(sent.authority),
        "target": _text(sent.path),
        "tls": [client.tls_version, server.tls_version],
        "sni": server.sni,
        "marked": flow.marked,
        "replay": flow.is_replay,
        "metadata": _plain({key: value for key, value in flow.metadata.items() if key not in TEXTS}),
        "error": str(flow.error.msg) if flow.error is not None else None,
        "requestTrailers": _pairs(sent.trailers),
        "responseTrailers": _pairs(got.trailers) if got is not None else None,
        "requestTimes": [sent.timestamp_start, sent.timestamp_end],
        "responseTimes": [got.timestamp_start, got.timestamp_end] if got is not None else None,
    }
    made["recorder"], undated = flow.metadata.get(RECORDER), flow.metadata.get(UNDATED)
    if INJECTED in flow.metadata:
        made["injected"] = _plain(flow.metadata[INJECTED])
    found = {name: value for name, value in made.items() if value not in (None, "", [], {}, [None, None])}
    return found | ({"started": undated} if isinstance(undated, str) else {})


def _plain(value: Any) -> Any:
    """Metadata as far as JSON takes it."""
    try:
        return json.loads(json.dumps(value, skipkeys=True, default=lambda _: None))
    except (ValueError, RecursionError):
        return None


def _message(one: Any) -> dict[str, Any]:
    """A WebSocket message, as Chrome and mitmproxy write it."""
    content = one.content
    if isinstance(content, str):  # as some scripts set it, and mitmproxy saves it
        content = to_bytes(content)
    data = _text(content) if one.is_text else _base64(content)
    kind = "send" if one.from_client else "receive"
    return {"type": kind, "time": one.timestamp, "opcode": one.type.value, "data": data}


def _iso(seconds: float) -> str | None:
    """A date, or None for a time that is not known."""
    if not seconds > 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def _named(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def _pairs(headers: http.Headers | None) -> HarPairs:
    return [_named(_text(name), _text(value)) for name, value in headers.fields] if headers is not None else []


def _header_texts(message: http.MessageData) -> Headers:
    return tuple((_text(name), _text(value)) for name, value in message.headers.fields)


def _values(message: http.MessageData, name: str) -> list[str]:
    return [_text(value) for key, value in message.headers.fields if key.lower() == name.encode()]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
