"""Builds an exchange from a mitmproxy flow, live or recorded.
Reads the flow's raw fields only, for the convenient ones decode, cache or raise; the flow is never changed."""

from mitmproxy import http

from passlens.exchange.model import Exchange
from passlens.recordings import parts
from passlens.recordings.parts import INJECTED, Parts, RequestParts, ResponseParts, to_exchange
from passlens.rest_v2 import routing
from passlens.rest_v2.operations import is_api_host
from passlens.rest_v2.strangers import Stranger, stranger

__all__ = ["INJECTED", "from_flow", "host_of", "is_operation", "may_be_operation", "stranger_of"]


def from_flow(flow: http.HTTPFlow, index: int = 0, file: str | None = None) -> Exchange:
    """Build an exchange; ``index`` and ``file`` say where a recording holds the flow.

    Raises what wrong types inside the flow bring about (a tampered recording), otherwise nothing.
    """
    sent, got = flow.request.data, flow.response.data if flow.response else None
    client = flow.client_conn.peername
    raw = Parts(
        RequestParts(
            sent.method,
            sent.scheme,
            sent.authority,
            sent.host,
            sent.port,
            sent.path,
            sent.headers.fields,
            sent.content,
        ),
        None
        if got is None
        else ResponseParts(got.status_code, got.reason, got.headers.fields, got.content, got.timestamp_end),
        sent.timestamp_start,
        client[0] if client else None,
        str(flow.error.msg) if flow.error else None,
        flow.metadata,
        flow.is_replay,
    )
    return to_exchange(raw, index, file)


def may_be_operation(flow: http.HTTPFlow) -> bool:
    """False if the request is none of the API's operations for certain: a look at the path, which costs little."""
    return routing.may_be_operation(flow.request.data.path)


def is_operation(flow: http.HTTPFlow) -> bool:
    """True if the request is one of the API's operations."""
    sent = flow.request.data
    return routing.route(parts.text(sent.method), parts.text(sent.path), host_of(flow.request)) is not None


def stranger_of(flow: http.HTTPFlow) -> Stranger | None:
    """What a request without an operation is (a call of V1, an unknown path) if it went to a host of the API, else
    None."""
    host = host_of(flow.request)
    if not is_api_host(host):
        return None
    return stranger(parts.text(flow.request.data.method), parts.text(flow.request.data.path), host)


def host_of(request: http.Request) -> str:
    """The host a request went to, in lower case; see ``parts.host_of``."""
    sent = request.data
    return parts.host_of(sent.host, sent.authority, sent.headers.fields)
