"""Puts answers and changes onto mitmproxy flows, and says on the flow that it did.
The counterpart of flows.py: that one reads flows, this one writes them."""

from typing import Any, Final

from mitmproxy import flow as mitm
from mitmproxy import http

from passlens.exchange import Answer
from passlens.flows import INJECTED
from passlens.scenarios.rewrite import Rewritten

MARK: Final = "X-Passlens"
"""Response header that names the scenario and rule behind an answer."""

_HALF: Final = 2


def set_answer(flow: http.HTTPFlow, answer: Answer, at: float) -> None:
    """Give an answer in the server's place, at a time of the flow's own clock (epoch seconds).

    The flow keeps the answer that it had before, if it had one (mitmproxy's revert).
    """
    if flow.response is not None:
        flow.backup()
    body = b"" if flow.request.method == "HEAD" else answer.body or b""
    fields = [(_bytes(name), _bytes(value)) for name, value in answer.headers]
    if not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in fields):
        fields.append((b"Content-Length", str(len(body)).encode()))
    reason = answer.reason.encode("latin-1", "replace")
    flow.response = http.Response(
        b"HTTP/1.1", answer.status, reason, http.Headers(fields), body, None, timestamp_start=at, timestamp_end=at
    )


def change_request(flow: http.HTTPFlow, changed: Rewritten, before: bytes | None) -> None:
    """Send another request than the app did; ``before`` is the body that ``changed`` was made from."""
    flow.backup()
    flow.request.headers = http.Headers([(_bytes(name), _bytes(value)) for name, value in changed.headers])
    flow.request.path = changed.path
    if changed.body is not None and changed.body != before:
        _set_body(flow.request, changed.body)


def change_answer(flow: http.HTTPFlow, changed: Rewritten, before: bytes | None) -> None:
    """Hand the app another answer than the server gave."""
    if flow.response is None:
        return
    flow.backup()
    flow.response.headers = http.Headers([(_bytes(name), _bytes(value)) for name, value in changed.headers])
    if changed.status is not None and changed.status != flow.response.status_code:
        flow.response.status_code = changed.status
        flow.response.reason = ""
    if changed.body is not None and changed.body != before:
        _set_body(flow.response, changed.body)


def _set_body(message: http.Message, body: bytes) -> None:
    """Another body, with the one length that it has: two ideas of where it ends would let one request hide another."""
    for name in ("Content-Encoding", "Transfer-Encoding"):
        message.headers.pop(name, None)
    message.content = body


def keep_answer(flow: http.HTTPFlow) -> None:
    """Let the flow keep the server's answer too, where it began to keep the original before there was one."""
    flow.backup()
    kept: Any = flow._backup  # a state, not the flow that it is declared as
    if kept is not None and kept["response"] is None and flow.response is not None:
        kept["response"] = flow.response.get_state()


def unmark(flow: http.HTTPFlow) -> None:
    """Take off the marks of an earlier life: a flow that is replayed begins anew."""
    flow.metadata.pop(INJECTED, None)


def mark(flow: http.HTTPFlow, scenario: str, rule: str, how: str) -> None:
    """Say what was done; what was done before it stays said."""
    before = flow.metadata.get(INJECTED)
    words = f"{before['how']}, {how}" if before else how
    flow.metadata[INJECTED] = {"scenario": scenario, "rule": rule, "how": words}


def stamp(flow: http.HTTPFlow) -> None:
    """Say on the answer who made, changed, delayed or broke it, if anybody did."""
    marked = flow.metadata.get(INJECTED)
    if marked and flow.response is not None:
        words = f"{marked['scenario']}/{marked['rule']}".encode("ascii", "replace").decode()
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


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
