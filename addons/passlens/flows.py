"""Builds an exchange from a mitmproxy flow, live or recorded.
Reads the flow's raw fields only, for the convenient ones decode, cache or raise; the flow is never changed."""

from mitmproxy import http

from passlens.exchange import Exchange
from passlens.reading import parts
from passlens.reading.parts import INJECTED, Got, Parts, Sent, to_exchange
from passlens.spec import routing

__all__ = ["INJECTED", "from_flow", "host_of", "is_operation", "may_be_operation"]


def from_flow(flow: http.HTTPFlow, index: int = 0, file: str | None = None) -> Exchange:
    """Build an exchange; ``index`` and ``file`` say where a recording holds the flow.

    Raises what wrong types inside the flow bring about (a tampered recording), otherwise nothing.
    """
    sent, got = flow.request.data, flow.response.data if flow.response else None
    client = flow.client_conn.peername
    raw = Parts(
        Sent(
            sent.method,
            sent.scheme,
            sent.authority,
            sent.host,
            sent.port,
            sent.path,
            sent.headers.fields,
            sent.content,
            sent.timestamp_start,
        ),
        None if got is None else Got(got.status_code, got.reason, got.headers.fields, got.content, got.timestamp_end),
        client[0] if client else None,
        str(flow.error.msg) if flow.error else None,
        flow.metadata,
    )
    return to_exchange(raw, index, file)


def may_be_operation(flow: http.HTTPFlow) -> bool:
    """False if the request is none of the API's operations for certain."""
    return routing.may_be_operation(flow.request.data.path)


def is_operation(flow: http.HTTPFlow) -> bool:
    """True if the request is one of the API's operations."""
    sent = flow.request.data
    return routing.route(parts.text(sent.method), parts.text(sent.path), host_of(flow.request)) is not None


def host_of(request: http.Request) -> str:
    """The host a request went to, in lower case; see ``parts.host_of``."""
    sent = request.data
    return parts.host_of(sent.host, sent.authority, sent.headers.fields)
