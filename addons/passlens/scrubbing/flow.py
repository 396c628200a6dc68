"""Scrubs mitmproxy flows in place: messages, connections, comments and metadata; backups go.
Knows mitmproxy because it writes recordings."""

from typing import Any

from mitmproxy import connection, dns, flow, http, tcp, udp
from mitmproxy.proxy.mode_specs import ProxyMode

from passlens.flows import host_of
from passlens.reading.har_bodies import to_bytes
from passlens.scrubbing import bodies
from passlens.scrubbing.account import Account
from passlens.scrubbing.headers import header
from passlens.scrubbing.stand_in import is_address
from passlens.scrubbing.values import Scrubber
from passlens.spec.routing import route


def scrub(one: flow.Flow, scrubber: Scrubber, other: str, account: Account, index: int) -> None:
    """Scrub a flow; ``other`` is what becomes of traffic that is not the API's: ``drop`` or ``keep-scrubbed``."""
    account.flows += 1
    one._backup = None
    if isinstance(one, http.HTTPFlow):
        request = one.request.data
        api = route(_text(request.method), _text(request.path), host_of(one.request)) is not None
        account.other += not api
        if api:
            _note(scrubber, _text(request.method), _text(request.path), host_of(one.request))
        _connections(one, scrubber, host_of(one.request))
        if one.websocket is not None:
            account.left_out["WebSocket messages"] += len(one.websocket.messages)
            one.websocket = None
        _http(one, scrubber, api or other == "keep-scrubbed", account, index)
    else:
        account.other += 1
        _connections(one, scrubber, "")
        if isinstance(one, tcp.TCPFlow | udp.UDPFlow):
            account.left_out[f"{one.type.upper()} messages"] += len(one.messages)
            one.messages = []
        elif isinstance(one, dns.DNSFlow):
            account.left_out["DNS questions"] += 1
            one.request.questions = []
            one.request.answers, one.request.authorities, one.request.additionals = [], [], []
            one.response = None
    if one.error is not None:
        one.error.msg = scrubber.addresses(str(one.error.msg))
    one.comment = scrubber.free(one.comment)
    one.metadata = _any(one.metadata, scrubber)


def _note(scrubber: Scrubber, method: str, path: str, host: str) -> None:
    found = route(method, path, host)
    for value in found.parameters.values() if found is not None else ():
        scrubber.book.public(value)


def _http(one: http.HTTPFlow, scrubber: Scrubber, whole: bool, account: Account, index: int) -> None:
    request, response = one.request.data, one.response.data if one.response is not None else None
    if not whole:
        account.left_out["headers and bodies of other traffic"] += 1
        request.path = shape(scrubber, _text(request.path)).encode("ascii")
        for message in (request, response):
            if message is not None:
                message.headers, message.trailers, message.content = http.Headers(), None, b""
        if response is not None:
            response.reason = b""
        return
    request.path = to_bytes(scrubber.url(_text(request.path)))
    request.method = to_bytes(scrubber.free(_text(request.method)))
    request.authority = to_bytes(scrubber.book.swept(_text(request.authority)))
    request.host = scrubber.address(request.host) if is_address(request.host) else scrubber.book.swept(request.host)
    _message(request, scrubber, account, f"flow {index}, body of the request")
    if response is not None:
        response.reason = to_bytes(scrubber.free(_text(response.reason)))
        _message(response, scrubber, account, f"flow {index}, body of the answer")


def shape(scrubber: Scrubber, path: str) -> str:
    """A path with other letters, without its query."""
    bare = path.partition("?")[0].partition("#")[0].encode("ascii", "replace").decode("ascii")
    parts = [scrubber.opaque(part) for part in bare.split("/")]
    made = "/".join(parts) or "/"
    return made if route("GET", made) is None else "/"


def _message(message: http.MessageData, scrubber: Scrubber, account: Account, where: str) -> None:
    media_type = encodings = ""
    for name, value in message.headers.fields:
        if name.lower() == b"content-type" and not media_type:
            media_type = _text(value).partition(";")[0].strip().lower()
        elif name.lower() == b"content-encoding":
            encodings += f", {_text(value)}"
    old = message.content
    if old is None:
        account.not_read(f"{where}: the recording does not hold it")
    else:
        message.content, why = bodies.content(scrubber, old, encodings, media_type)
        if why is not None:
            account.not_read(f"{where}: {why}; it was replaced")
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
    return to_bytes(scrubber.book.swept(_text(name))), to_bytes(header(scrubber, _text(name), _text(value)))


def _connections(one: flow.Flow, scrubber: Scrubber, host: str) -> None:
    client, server = one.client_conn, one.server_conn
    for side in (client, server):
        side.peername = _peer(side.peername, scrubber)
        side.sockname = _peer(side.sockname, scrubber)
        side.certificate_list = ()
        side.sni = side.sni if side.sni and side.sni.lower() == host else None
        side.error = scrubber.addresses(side.error) if side.error else side.error
    client.mitmcert = None
    client.proxy_mode = ProxyMode.parse("regular")
    server.state = client.state = connection.ConnectionState.CLOSED
    server.via = None
    if server.address is not None and server.address[0].lower() != host:
        server.address = _peer(server.address, scrubber)


def _peer(peer: Any, scrubber: Scrubber) -> Any:
    return None if peer is None else (scrubber.address(str(peer[0])), *peer[1:])


def _any(value: Any, scrubber: Scrubber) -> Any:
    """Metadata: texts anywhere in it."""
    if isinstance(value, str):
        return scrubber.addresses(value)
    if isinstance(value, bytes):
        return to_bytes(scrubber.addresses(_text(value)))
    if isinstance(value, dict):
        return {_any(key, scrubber): _any(item, scrubber) for key, item in value.items()}
    return [_any(item, scrubber) for item in value] if isinstance(value, list | tuple) else value


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
