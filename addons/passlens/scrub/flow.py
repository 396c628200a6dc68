"""Scrubs mitmproxy flows in place: messages, connections, comments and metadata; backups go.
Knows mitmproxy because it writes recordings."""

from typing import Any, Final

from mitmproxy import connection, dns, flow, http, tcp, udp
from mitmproxy.proxy.mode_specs import ProxyMode

from passlens.recordings.flow_to_exchange import host_of
from passlens.recordings.har_text import to_bytes
from passlens.recordings.parts import CACHED, INJECTED, RECORDER, UNDATED
from passlens.redaction.policy import hidden_members
from passlens.rest_v2.routing import Route, route
from passlens.scrub import bodies
from passlens.scrub.headers import header
from passlens.scrub.other_traffic import V1_HEADERS, is_v1, shape
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber
from passlens.util.address import is_ip_address

_NOTED: Final = (INJECTED, RECORDER, UNDATED, CACHED)
"""Metadata that passlens reads."""


def scrub(one: flow.Flow, scrubber: Scrubber, other: str, summary: ScrubSummary, index: int) -> None:
    """Scrub a flow; ``other`` is what becomes of traffic that is not the API's: ``drop`` or ``keep-scrubbed``."""
    one._backup = None
    found, whole = None, other == "keep-scrubbed"
    if isinstance(one, http.HTTPFlow):
        request = one.request.data
        found = route(_text(request.method), _text(request.path), host_of(one.request))
        for value in found.parameters.values() if found is not None else ():
            scrubber.replacements.public(value)
        _connections(one, scrubber, host_of(one.request))
        if one.websocket is not None:
            summary.left_out["WebSocket messages"] += len(one.websocket.messages)
            one.websocket = None
        whole = whole or found is not None
        _http(one, scrubber, found, whole, summary, index)
    else:
        _connections(one, scrubber, "")
        if isinstance(one, tcp.TCPFlow | udp.UDPFlow):
            summary.left_out[f"{one.type.upper()} messages"] += len(one.messages)
            one.messages = []
        elif isinstance(one, dns.DNSFlow):
            summary.left_out["DNS questions"] += 1
            one.request.questions = []
            one.request.answers, one.request.authorities, one.request.additionals = [], [], []
            one.response = None
    if not whole:
        _without_words(one)
    if one.error is not None:
        one.error.msg = scrubber.message(str(one.error.msg))
    one.id, one.comment = scrubber.free(one.id), scrubber.free(one.comment)
    one.marked = scrubber.free(one.marked)
    # Others note what they like: mitmproxy the user and the password of the proxy.
    one.metadata = {key: _any(one.metadata[key], scrubber) for key in _NOTED if key in one.metadata}
    summary.flows += 1
    summary.other += found is None


def _without_words(one: flow.Flow) -> None:
    """Take out of other traffic what somebody may have written about it."""
    one.comment = one.marked = ""
    one.client_conn.error = one.server_conn.error = None
    one.metadata.pop(INJECTED, None)
    if UNDATED in one.metadata:
        one.metadata[UNDATED] = ""
    if one.error is not None:
        one.error.msg = "no answer"


def _http(
    one: http.HTTPFlow, scrubber: Scrubber, found: Route | None, whole: bool, summary: ScrubSummary, index: int
) -> None:
    request, response = one.request.data, one.response.data if one.response is not None else None
    request.method, request.scheme = _free(request.method, scrubber), _free(request.scheme, scrubber)
    request.authority = _free(request.authority, scrubber)
    request.host = scrubber.address(request.host) if is_ip_address(request.host) else scrubber.free(request.host)
    for one_message in (request, response):
        if one_message is not None:
            one_message.http_version = _free(one_message.http_version, scrubber)
    if not whole:
        summary.left_out["headers and bodies of other traffic"] += 1
        called = _text(request.method), _text(request.path), host_of(one.request)
        named = [field for field in request.headers.fields if _text(field[0]).lower() in V1_HEADERS]
        kept = [_header(scrubber, *field) for field in named] if is_v1(*called) else []
        request.path = shape(scrubber, *called).encode("ascii")
        for message in (request, response):
            if message is not None:
                message.headers, message.trailers, message.content = http.Headers(), None, b""
        request.headers = http.Headers(kept)
        if response is not None:
            response.reason = b""
        return
    request.path = to_bytes(scrubber.url(_text(request.path)))
    hidden = hidden_members(found)
    _message(request, scrubber, hidden, summary, f"flow {index}, body of the request")
    if response is not None:
        response.reason = _free(response.reason, scrubber)
        _message(response, scrubber, hidden, summary, f"flow {index}, body of the answer")


def _message(
    message: http.MessageData, scrubber: Scrubber, hidden: frozenset[str], summary: ScrubSummary, where: str
) -> None:
    media_type = encodings = ""
    for name, value in message.headers.fields:
        if name.lower() == b"content-type" and not media_type:
            media_type = _text(value).partition(";")[0].strip().lower()
        elif name.lower() == b"content-encoding":
            encodings += f", {_text(value)}"
    old = message.content
    if old is None:
        summary.not_read(f"{where}: the recording does not hold it")
    else:
        message.content, why = bodies.content(scrubber, old, encodings, media_type, hidden)
        if why is not None:
            summary.not_read(f"{where}: {why}; it was replaced")
    for headers in (message.headers, message.trailers):
        if headers is not None:
            headers.fields = tuple(_header(scrubber, name, value) for name, value in headers.fields)
    if old is not None and message.content is not None and len(old) != len(message.content):
        message.headers.fields = tuple(
            (name, b"%d" % len(message.content))
            if name.lower() == b"content-length" and value.strip() == b"%d" % len(old)
            else (name, value)
            for name, value in message.headers.fields
        )


def _header(scrubber: Scrubber, name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return _free(name, scrubber), to_bytes(header(scrubber, _text(name), _text(value)))


def _connections(one: flow.Flow, scrubber: Scrubber, host: str) -> None:
    client, server = one.client_conn, one.server_conn
    for side in (client, server):
        side.peername = _peer(side.peername, scrubber)
        side.sockname = _peer(side.sockname, scrubber)
        side.certificate_list = ()
        side.sni = scrubber.free(side.sni) if side.sni and side.sni.lower() == host else None
        side.error = scrubber.message(side.error) if side.error else side.error
        side.id = scrubber.free(side.id)
        side.cipher = scrubber.free(side.cipher) if side.cipher else side.cipher
        side.cipher_list = [scrubber.free(name) for name in side.cipher_list]
        side.tls_version = scrubber.free(side.tls_version) if side.tls_version else side.tls_version  # type: ignore[assignment]
        side.alpn = _free(side.alpn, scrubber) if side.alpn else side.alpn
        side.alpn_offers = [_free(name, scrubber) for name in side.alpn_offers]
    client.mitmcert = None
    client.proxy_mode = ProxyMode.parse("regular")
    server.state = client.state = connection.ConnectionState.CLOSED
    server.via = None
    if server.address is not None:
        known = server.address[0].lower() == host and not is_ip_address(host)
        address = (scrubber.free(server.address[0]), *server.address[1:])
        server.address = address if known else _peer(server.address, scrubber)


def _peer(peer: Any, scrubber: Scrubber) -> Any:
    return None if peer is None else (scrubber.address(str(peer[0])), *peer[1:])


def _any(value: Any, scrubber: Scrubber) -> Any:
    """Metadata: texts anywhere in it."""
    if isinstance(value, str):
        return scrubber.message(value)
    if isinstance(value, bytes):
        return to_bytes(scrubber.message(_text(value)))
    if isinstance(value, dict):
        return {_any(key, scrubber): _any(item, scrubber) for key, item in value.items()}
    return [_any(item, scrubber) for item in value] if isinstance(value, list | tuple) else value


def _free(raw: bytes, scrubber: Scrubber) -> bytes:
    return to_bytes(scrubber.free(_text(raw)))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
