"""Builds an exchange from a mitmproxy flow, live or recorded.
Reads the flow's raw fields only, for the convenient ones decode, cache or raise; the flow is never changed."""

from ipaddress import ip_address
from math import inf
from typing import Final

from mitmproxy import http

from passlens.exchange import MAX_BODY, Answer, Exchange, Gap, Request, without_quotes
from passlens.reading.content import UNREAD, decode_content
from passlens.reading.har import split_url
from passlens.spec.routing import route

INJECTED: Final = "passlens.injected"
"""Key of a flow's metadata: which scenario and rule did what."""


def from_flow(flow: http.HTTPFlow, index: int = 0, file: str | None = None) -> Exchange:
    """Build an exchange; ``index`` and ``file`` say where a recording holds the flow.

    Bodies are decoded only if the request is one of the API's operations, so that other traffic costs next to nothing.
    Trailers are ignored. Raises what wrong types inside the flow bring about (a tampered recording), otherwise nothing.
    """
    sent, got = flow.request.data, flow.response.data if flow.response else None
    method, path, host = _text(sent.method), _text(sent.path), host_of(flow.request)
    looked_into = route(method, path, host) is not None
    failure = without_quotes(str(flow.error.msg)) if flow.error else None
    body, gap = _body(sent, failure) if looked_into else (None, UNREAD)
    client = flow.client_conn.peername
    request = Request(
        _headers(sent),
        body,
        gap,
        method,
        _text(sent.scheme),
        host,
        sent.port,
        path,
        client[0] if client and client[0] else None,
    )
    answer = None
    if got is not None:
        body, gap = _body(got, failure) if looked_into else (None, UNREAD)
        answer = Answer(_headers(got), body, gap, got.status_code, got.reason.decode("latin-1"))
    duration = None
    if got is not None and got.timestamp_end is not None and sent.timestamp_start is not None:
        duration = (got.timestamp_end - sent.timestamp_start) * 1000
        if not 0 <= duration < inf:
            # Somebody set the clock back meanwhile, or the recording is damaged.
            duration = None
    injected = flow.metadata.get(INJECTED)
    return Exchange(
        request,
        answer,
        index,
        file,
        sent.timestamp_start,
        duration,
        failure if answer is None else None,
        {str(key): str(value) for key, value in injected.items()} if isinstance(injected, dict) and injected else None,
    )


def is_operation(flow: http.HTTPFlow) -> bool:
    """True if the request is one of the API's operations; everything else costs a look for two words in its path."""
    sent = flow.request.data
    if b"/v2/" not in sent.path and b"/o/client/" not in sent.path:
        return False
    return route(_text(sent.method), _text(sent.path), host_of(flow.request)) is not None


def host_of(request: http.Request) -> str:
    """The host a request went to, in lower case.

    That is the host mitmproxy connects to, unless it is an IP address and the request names a host (:authority or
    Host), as in transparent mode. In reverse mode Host is what the client believed, so the connected host comes first.
    """
    host = str(request.data.host).lower()
    if not _is_address(host):
        return host
    fields = request.data.headers.fields
    named = [request.data.authority, *(value for name, value in fields if name.lower() == b"host")]
    for authority in named:
        name = split_url("//" + _text(authority))[1]
        if name and not _is_address(name):
            return name
    return host


def _is_address(host: str) -> bool:
    # Telling names apart without the costs of an exception: an address ends in a digit or has a colon.
    if not host or not (host[-1].isdigit() or ":" in host):
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _headers(message: http.MessageData) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(value)) for name, value in message.headers.fields)


def _body(message: http.MessageData, failure: str | None) -> tuple[bytes | None, Gap | None]:
    """The decoded body, or the gap: mitmproxy holds none if it was streamed or the connection failed meanwhile."""
    if message.content is None:
        if failure is not None:
            return None, Gap("failed", f"the connection failed before the body was complete ({failure})")
        return None, Gap("streamed", "the body was streamed past the proxy without being kept")
    names = [value for name, value in message.headers.fields if name.lower() == b"content-encoding"]
    if not names and len(message.content) <= MAX_BODY:
        return message.content, None
    return decode_content(message.content, ", ".join(map(_text, names)), MAX_BODY)
