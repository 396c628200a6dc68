"""Builds a mitmproxy flow from an exchange: what filter expressions and scenarios see of a .har, which holds no flows.
The counterpart of recordings/flow_to_exchange.py; bodies are free of their content-encoding, and so are the headers."""

from mitmproxy import connection, http
from mitmproxy import flow as mitm

from passlens.exchange.model import REPLAYED, Exchange, Message
from passlens.recordings.flow_to_exchange import INJECTED
from passlens.recordings.har_text import to_bytes
from passlens.recordings.parts import CACHED, RECORDER, UNDATED

_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding"})
"""Headers that told how a body came, which is not how it is kept."""


def to_flow(ex: Exchange, undated: float = 0.0) -> http.HTTPFlow:
    """A recorded flow with the request and answer of an exchange. Marks, comments and ports of the client are unknown;
    ``undated`` is the time of one whose own is not known, which is noted on it."""
    request, started = ex.request, undated if ex.started is None else ex.started
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
    if ex.response is not None:
        ended = started + (ex.duration_ms or 0.0) / 1000
        response, reason = ex.response, ex.response.reason.encode("latin-1", "replace")
        flow.response = http.Response(
            b"HTTP/1.1", response.status, reason, _headers(response), response.body, None, ended, ended
        )
    elif ex.failure is not None:
        flow.error = mitm.Error(storable(ex.failure), started)
    if ex.recorder is not None:
        flow.metadata[RECORDER] = storable(ex.recorder)
    if ex.replayed:
        flow.is_replay = REPLAYED
    if ex.cached:
        flow.metadata[CACHED] = "true"
    if ex.started is None:
        flow.metadata[UNDATED] = storable(ex.undated or "")
    if ex.injection is not None:
        flow.metadata[INJECTED] = {name: storable(text) for name, text in ex.injection.to_member().items()}
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
