"""Writes responses and edits onto mitmproxy flows, and marks each flow that was changed.
The counterpart of recordings/flow_to_exchange.py: that one reads flows, this one writes them."""

from typing import Any, Final

from mitmproxy import flow as mitm
from mitmproxy import http

from passlens.errors import EditError
from passlens.exchange.headers import Headers
from passlens.exchange.injection import Injection
from passlens.exchange.model import Response
from passlens.recordings.flow_to_exchange import INJECTED
from passlens.rest_v2.routing import route
from passlens.sandbox.cors import origin_headers
from passlens.scenarios.base_model import BODILESS
from passlens.scenarios.rewrite import Rewritten

MARK: Final = "X-Passlens"
"""Response header that names the scenario and rule behind an answer."""

_HALF: Final = 2

_LENGTHS: Final = (b"content-length", b"transfer-encoding")


def set_response(flow: http.HTTPFlow, response: Response, at: float) -> None:
    """Give an answer in the server's place, at a time of the flow's own clock (epoch seconds).

    The flow keeps the answer that it had before, if it had one (mitmproxy's revert).
    """
    if flow.response is not None:
        flow.backup()
    body = b"" if flow.request.method == "HEAD" or bodiless(response.status) else response.body or b""
    fields = _fields((*response.headers, *_for_origin(flow, response)))
    fields = [pair for pair in fields if pair[0].lower() not in _LENGTHS]
    if not bodiless(response.status):
        fields.append((b"Content-Length", str(len(body)).encode()))
    reason = response.reason.encode("latin-1", "replace")
    flow.response = http.Response(
        b"HTTP/1.1", response.status, reason, http.Headers(fields), body, None, timestamp_start=at, timestamp_end=at
    )


def _for_origin(flow: http.HTTPFlow, response: Response) -> Headers:
    """What lets the page that asked read the answer; nothing where the answer says that itself.

    The page for yes or no stays unreadable: its buttons carry a secret, and a user agent that goes there needs none.
    """
    found = route(flow.request.method, flow.request.path)
    says = any(name.lower() == "access-control-allow-origin" for name, _ in response.headers)
    if says or (found is not None and found.operation.id == "authenticate"):
        return ()
    return origin_headers(flow.request.headers.get("Origin"))


def change_request(flow: http.HTTPFlow, changed: Rewritten, before: bytes | None) -> None:
    """Send another request than the app did; ``before`` is the body that ``changed`` was made from."""
    fields = _fields(changed.headers)
    flow.backup()
    flow.request.headers = http.Headers(fields)
    flow.request.path = changed.path
    if changed.body is not None and changed.body != before:
        _set_body(flow.request, changed.body)


def change_response(flow: http.HTTPFlow, changed: Rewritten, before: bytes | None) -> None:
    """Hand the app another answer than the server gave."""
    if flow.response is None:
        return
    fields = _fields(changed.headers)
    flow.backup()
    flow.response.headers = http.Headers(fields)
    had_none = bodiless(flow.response.status_code)
    if changed.status is not None and changed.status != flow.response.status_code:
        flow.response.status_code = changed.status
        flow.response.reason = ""
    if bodiless(flow.response.status_code):
        _take_body(flow.response)
    elif had_none:
        _set_body(flow.response, changed.body or b"")
    elif changed.body is not None and changed.body != before:
        _set_body(flow.response, changed.body)


def _set_body(message: http.Message, body: bytes) -> None:
    """Another body, with the one length that it has: two ideas of where it ends would let one request hide another."""
    for name in ("Content-Encoding", "Transfer-Encoding"):
        message.headers.pop(name, None)
    message.content = body


def _take_body(response: http.Response) -> None:
    """No body, and nothing that speaks of one: the next answer on the connection would be taken for it."""
    for name in ("Content-Encoding", "Transfer-Encoding", "Content-Length"):
        response.headers.pop(name, None)
    # Not the content property: it would give a length.
    response.data.content, response.trailers = b"", None


def keep_response(flow: http.HTTPFlow) -> None:
    """Let the flow keep the server's answer too, where it began to keep the original before there was one."""
    flow.backup()
    kept: Any = flow._backup  # a state, not the flow that it is declared as
    if kept is not None and kept["response"] is None and flow.response is not None:
        kept["response"] = flow.response.get_state()


def unmark(flow: http.HTTPFlow) -> None:
    """Take off the marks of an earlier life: a flow that is replayed begins anew."""
    flow.metadata.pop(INJECTED, None)


def injection_of(flow: http.HTTPFlow) -> Injection | None:
    """What is known to have been done to a flow."""
    return Injection.from_member(flow.metadata.get(INJECTED))


def mark(flow: http.HTTPFlow, done: Injection) -> None:
    """Say what was done; what was done before it stays said."""
    before = injection_of(flow)
    flow.metadata[INJECTED] = (before.then(done) if before is not None else done).to_member()


def stamp(flow: http.HTTPFlow) -> None:
    """Say on the answer who made, changed, delayed or broke it, if anybody did."""
    done = injection_of(flow)
    if done is not None and flow.response is not None:
        words = f"{done.scenario}/{done.rule}".encode("ascii", "replace").decode()
        flow.response.headers[MARK] = "".join(sign if sign.isprintable() else "?" for sign in words)


def later(flow: http.HTTPFlow, seconds: float) -> None:
    """Let the times of the answer tell that it was held back, so that the duration is the one the app saw."""
    if flow.response is not None and flow.response.timestamp_end is not None:
        flow.response.timestamp_end += seconds


def no_answer(flow: http.HTTPFlow, why: str) -> None:
    """Take the answer off a recorded flow, which has no connection to break."""
    flow.backup()
    flow.response, flow.error = None, mitm.Error(why)


def cut_body(flow: http.HTTPFlow) -> None:
    """End the answer in the middle of its body: the length promises more, and the connection closes."""
    if flow.response is None or not flow.response.raw_content:
        return
    flow.backup()
    whole = flow.response.raw_content
    flow.response.headers.pop("Transfer-Encoding", None)
    flow.response.headers["Content-Length"] = str(len(whole))
    flow.response.headers["Connection"] = "close"
    # Not the content property: it would put the length right.
    flow.response.data.content = whole[: len(whole) // _HALF]


def break_json(flow: http.HTTPFlow) -> None:
    """Take the last sign off the body, so that no parser takes it."""
    if flow.response is not None and flow.response.content:
        flow.backup()
        flow.response.content = flow.response.content.rstrip()[:-1]


def wrong_content_type(flow: http.HTTPFlow) -> None:
    """Call the body a web page."""
    if flow.response is not None:
        flow.backup()
        flow.response.headers["Content-Type"] = "text/html;charset=UTF-8"


def bodiless(status: int) -> bool:
    """True if an answer with this status has no body and no length (RFC 9110, sections 6.4.1 and 8.6)."""
    return status // 100 == 1 or status in BODILESS


def _fields(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Headers as mitmproxy has them; raises EditError before a value ends its line and begins another."""
    fields = [(_bytes(name), _bytes(value)) for name, value in headers]
    if any(sign in part for pair in fields for part in pair for sign in (b"\r", b"\n", b"\0")):
        raise EditError("one of its headers holds a line end or a NUL")
    return fields


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
