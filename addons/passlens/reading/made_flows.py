"""Builds a mitmproxy flow from an exchange: what filter expressions and scenarios see of a .har, which holds no flows.
The counterpart of flows.py; bodies are free of their content-encoding, and so are the headers."""

from mitmproxy import connection, http
from mitmproxy import flow as mitm

from passlens.exchange import Exchange, Message
from passlens.flows import INJECTED
from passlens.reading.har_bodies import to_bytes

_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding"})
"""Headers that told how a body came, which is not how it is kept."""


def to_flow(ex: Exchange) -> http.HTTPFlow:
    """A recorded flow with the request and answer of an exchange. Marks, comments and ports of the client are unknown;
    a time that is not known is 0."""
    request, started = ex.request, ex.started or 0.0
    host = storable(request.host)
    client = connection.Client(peername=(storable(request.client or ""), 0), sockname=("", 0), timestamp_start=started)
    server = connection.Server(address=(host, request.port))
    client.tls = server.tls = request.scheme in ("https", "wss")
    flow = http.HTTPFlow(client, server)
    flow.timestamp_created = started
    flow.request = http.Request(
        host,
        request.port,
        to_bytes(request.method),
        to_bytes(request.scheme),
        b"",
        to_bytes(request.path),
        b"HTTP/1.1",
        _headers(request),
        request.body,
        None,
        started,
        started,
    )
    if ex.answer is not None:
        ended = started + (ex.duration_ms or 0.0) / 1000
        answer, reason = ex.answer, ex.answer.reason.encode("latin-1", "replace")
        flow.response = http.Response(
            b"HTTP/1.1", answer.status, reason, _headers(answer), answer.body, None, ended, ended
        )
    elif ex.failure is not None:
        flow.error = mitm.Error(storable(ex.failure), started)
    if ex.injected is not None:
        flow.metadata[INJECTED] = dict(ex.injected)
    return flow


def _headers(message: Message) -> http.Headers:
    """The headers of a message whose body is kept decoded; a length that was given is the body's."""
    fields = []
    for name, value in message.headers:
        if message.body is not None and name.lower() in _OF_THE_WIRE:
            continue
        if message.body and name.lower() == "content-length":
            value = str(len(message.body))
        fields.append((to_bytes(name), to_bytes(value)))
    return http.Headers(fields)


def storable(text: str) -> str:
    """A text that mitmproxy can save: lone surrogates stand as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
