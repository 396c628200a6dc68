"""Guard against header injection: refuses HTTP/2 and HTTP/3 messages with CR or LF in their headers. On their way to
HTTP/1 each such line would be a header, or a message, of its own. h2 4.3, of mitmproxy 12.2, refuses most of
them itself; h2 4.1 takes them."""

import logging
import re
from collections.abc import Iterable
from typing import Final

from mitmproxy import http

from passlens.exchange.injection import Action, Injection
from passlens.proxy import flow_edits

logger = logging.getLogger(__name__)

REFUSED: Final = Injection("passlens", "line end in a header", (Action("refused"),))

_FRAMED: Final = (b"HTTP/2.0", b"HTTP/3")
"""Versions in which the length of a value is told apart from its content. In HTTP/1 a line end has ended the value."""

_IN_A_VALUE: Final = re.compile(rb"[\r\n\0]")
_NO_TOKEN: Final = re.compile(rb"[\0-\x20:\x7f-\xff]")
"""What no name of a header has (RFC 9113, section 8.2.1), and no method."""

_REFUSED: Final = "_passlens_refused"
"""Attribute of a flow that was refused; it is gone with the flow."""


def harms(fields: Iterable[tuple[bytes, bytes]]) -> bool:
    """True if a name is none, or a value holds CR, LF or NUL."""
    return any(_NO_TOKEN.search(name) or _IN_A_VALUE.search(value) for name, value in fields)


def refused(flow: http.HTTPFlow) -> bool:
    """True if the request or its response was refused."""
    return _REFUSED in vars(flow)


def request_headers(flow: http.HTTPFlow, *, may_stream: bool, stamps: bool = True) -> None:
    """Answer such a request with 400 before anything of it is sent on. Where its body may be streamed, which mitmproxy
    does for no request that has a response, its stream ends without one. ``stamps`` names passlens in the answer."""
    sent = flow.request.data
    if sent.http_version not in _FRAMED:
        return
    line = (sent.scheme, sent.authority, sent.path)
    if harms(sent.headers.fields) or _NO_TOKEN.search(sent.method) or any(map(_IN_A_VALUE.search, line)):
        if may_stream:
            flow.kill()
        else:
            flow.response = http.Response.make(400)
        _note(flow, "a request", stamps)


def request_trailers(flow: http.HTTPFlow, *, stamps: bool = True) -> None:
    """The same for the headers after a body: what was streamed is on its way already, and goes without them."""
    sent = flow.request
    if sent.trailers is None or not harms(sent.trailers.fields):
        return
    sent.trailers = None
    if not sent.stream:
        flow.response = http.Response.make(400)
    _note(flow, "a request" if not sent.stream else "the trailers of a request", stamps)


def response_headers(flow: http.HTTPFlow, *, stamps: bool = True) -> None:
    """Put an empty 502 in the place of such a response; its body is read and dropped."""
    got = flow.response
    if got is None or got.data.http_version not in _FRAMED or not harms(got.data.headers.fields):
        return
    got.status_code, got.reason = 502, "Bad Gateway"
    got.headers = http.Headers(content_length="0")
    got.trailers = None
    got.stream = lambda _: []
    _note(flow, "a response", stamps)


def response_trailers(flow: http.HTTPFlow, *, stamps: bool = True) -> None:
    """Let a response go without such trailers."""
    got = flow.response
    if got is None:
        return
    if refused(flow) and got.raw_content is None:
        got.data.content = b""
    if got.trailers is not None and (refused(flow) or harms(got.trailers.fields)):
        got.trailers = None
        if not refused(flow):
            _note(flow, "the trailers of a response", stamps)


def _note(flow: http.HTTPFlow, what: str, stamps: bool) -> None:
    vars(flow)[_REFUSED] = True
    flow_edits.mark(flow, REFUSED)
    if stamps:
        flow_edits.stamp(flow)
    words = f"passlens: refused {what}, for a header in it holds a line end or a sign that none may hold"
    flow.comment = f"{flow.comment}\n{words}".lstrip("\n")
    logger.warning("%s.", words)
