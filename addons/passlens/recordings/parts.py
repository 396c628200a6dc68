"""The raw parts of one HTTP flow, as mitmproxy holds and saves them, and the exchange that they make.
The same for a live flow and for a record of a file."""

from contextlib import suppress
from functools import lru_cache
from math import inf
from typing import Any, Final, NamedTuple

from passlens.exchange.content import STREAMED, UNREAD, decode_content
from passlens.exchange.headers import MAX_CHARS, MAX_COUNT, Headers, KnownHeaders, length
from passlens.exchange.injection import Injection
from passlens.exchange.model import MAX_BODY, REPLAYED, Exchange, Gap, Request, Response, without_quotes
from passlens.recordings.har_reader import split_url
from passlens.rest_v2.routing import Route, route
from passlens.util.address import is_ip_address, plain_address

INJECTED: Final = "passlens.injected"
"""Key of a flow's metadata: which scenario and rule did what."""

RECORDER: Final = "passlens.recorder"
"""Key of a flow's metadata: the tool that recorded it, where it was converted from a .har."""

UNDATED: Final = "passlens.started"
"""Key of a flow's metadata: what that tool wrote for the start, where it is not known; mitmproxy's own is made up."""

CACHED: Final = "passlens.cached"
"""Key of a flow's metadata: that tool took the answer from a cache, and sent nothing."""

TEXTS: Final = (RECORDER, UNDATED, CACHED)
"""The keys whose value is a text."""

Fields = tuple[tuple[bytes, bytes], ...]
"""Headers as received."""


class RequestParts(NamedTuple):
    """A request; ``host`` is what mitmproxy connects to, ``authority`` what HTTP/2 or the request line names."""

    method: bytes
    scheme: bytes
    authority: bytes
    host: str
    port: int
    path: bytes
    fields: Fields
    content: bytes | None


class ResponseParts(NamedTuple):
    """A response; ``reason`` is the phrase of HTTP/1."""

    status: int
    reason: bytes
    fields: Fields
    content: bytes | None
    ended: float | None


class Parts(NamedTuple):
    """A flow: request, answer, when it started, the address of the client, why it failed, what was noted on it, and
    whether mitmproxy sent the request again (``request``) or answered it (``response``)."""

    sent: RequestParts
    got: ResponseParts | None
    started: float | None
    client: str | None
    failure: str | None
    metadata: dict[Any, Any]
    is_replay: str | None = None


def to_exchange(parts: Parts, index: int, file: str | None) -> Exchange:
    """Build an exchange; ``index`` and ``file`` say where a recording holds the flow.

    Bodies are decoded only if the request is one of the API's operations, so that other traffic costs next to nothing.
    Trailers are ignored. Raises what wrong types inside the flow bring about (a tampered recording), otherwise nothing.
    """
    got, started = parts.got, parts.started
    failure = without_quotes(parts.failure) if parts.failure is not None else None
    recorder = parts.metadata.get(RECORDER)
    kept_by = recorder if isinstance(recorder, str) else None
    request, found = _known_request(parts.sent, parts.client) or _request(parts.sent, parts.client, failure, kept_by)
    response = None
    if got is not None:
        body, gap = _body(got, failure, kept_by) if found is not None else (None, UNREAD)
        response = Response(_headers(got.fields), body, gap, got.status, got.reason.decode("latin-1"))
    duration = None
    if got is not None and got.ended is not None and started is not None:
        duration = (got.ended - started) * 1000
        if not 0 <= duration < inf:
            # Somebody set the clock back meanwhile, or the recording is damaged.
            duration = None
    undated = parts.metadata.get(UNDATED)
    return Exchange(
        request,
        response,
        index,
        file,
        started if undated is None and started is not None and started > 0 else None,
        duration,
        failure if response is None else None,
        Injection.from_member(parts.metadata.get(INJECTED)),
        kept_by,
        undated if isinstance(undated, str) and undated else None,
        parts.is_replay == REPLAYED,
        CACHED in parts.metadata,
        known_route=found,
    )


def _request(
    sent: RequestParts, client: str | None, failure: str | None, recorder: str | None
) -> tuple[Request, Route | None]:
    """A request, and the operation that it calls."""
    method, path, host = text(sent.method), text(sent.path), host_of(sent.host, sent.authority, sent.fields)
    found = route(method, path, host)
    body, gap = _body(sent, failure, recorder) if found is not None else (None, UNREAD)
    address = plain_address(client) if client else None
    headers = _sent_headers(sent.fields)
    return Request(headers, body, gap, method, text(sent.scheme), host, sent.port, path, address), found


def _known_request(sent: RequestParts, client: str | None) -> tuple[Request, Route | None] | None:
    """The one object for a request that is sent again and again; None for one that is too large to be remembered, or
    was not kept whole."""
    small = sent.content is not None and len(sent.content) + len(sent.path) + length(sent.fields) <= MAX_CHARS
    with suppress(_Unpacked):
        return _same_request(sent, client) if small else None
    return None


class _Unpacked(Exception):
    """A body is too large to be remembered once its encoding is removed."""


@lru_cache(maxsize=MAX_COUNT)
def _same_request(sent: RequestParts, client: str | None) -> tuple[Request, Route | None]:
    request, found = _request(sent, client, None, None)
    if len(request.body or b"") > MAX_CHARS:
        raise _Unpacked  # which lru_cache does not remember
    return request, found


def host_of(connected: object, authority: bytes, fields: Fields) -> str:
    """The host a request went to, in lower case.

    That is the host mitmproxy connects to, unless it is an IP address and the request names a host (:authority or
    Host), as in transparent mode. In reverse mode Host is what the client believed, so the connected host comes first.
    """
    host = str(connected).lower()
    if not is_ip_address(host):
        return host
    for named in (authority, *(value for name, value in fields if name.lower() == b"host")):
        name = split_url("//" + text(named))[1]
        if name and not is_ip_address(name):
            return name
    return host


def text(raw: bytes) -> str:
    """Bytes of the wire as text; those that are not UTF-8 become lone surrogates."""
    return raw.decode("utf-8", "surrogateescape")


def _headers(fields: Fields) -> Headers:
    return tuple([(text(name), text(value)) for name, value in fields])


def _sent_headers(fields: Fields) -> KnownHeaders:
    """The headers of a request, found again by their bytes."""
    return _known(fields) if length(fields) <= MAX_CHARS else KnownHeaders(_headers(fields))


@lru_cache(maxsize=MAX_COUNT)
def _known(fields: Fields) -> KnownHeaders:
    return KnownHeaders(_headers(fields))


def _body(
    message: RequestParts | ResponseParts, failure: str | None, recorder: str | None
) -> tuple[bytes | None, Gap | None]:
    """The decoded body, or the gap: mitmproxy holds none if it was streamed, the connection failed, or another
    recorder left it out."""
    if message.content is None:
        if recorder is not None:
            return None, Gap("not-recorded", "the recording does not hold the body")
        if failure is not None:
            return None, Gap("failed", f"the connection failed before the body was complete ({failure})")
        return None, STREAMED
    names = [value for name, value in message.fields if name.lower() == b"content-encoding"]
    if not names and len(message.content) <= MAX_BODY:
        return message.content, None
    return decode_content(message.content, ", ".join(map(text, names)), MAX_BODY)
