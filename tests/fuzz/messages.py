"""Exchanges as bytes that a fuzzer can change and a person can read: parts with a separator between them.
Whatever bytes come, there is a flow."""

from itertools import zip_longest

from mitmproxy import http
from mitmproxy.test import tflow

from cases import Case
from passlens.exchange.model import Exchange
from passlens.recordings.flow_to_exchange import from_flow

BETWEEN = b"\x1e"
CLOCK = 1767323045.0
_EMPTY = (b"POST", b"/api/v2/DEMOTV/sessions", b"sp.auth.adobe.com", b"", b"", b"200", b"", b"")


def to_bytes(made: Case) -> bytes:
    """A documented case: method, target, host, headers, body, status, headers of the answer, body of the answer."""

    def lines(headers: tuple[tuple[str, str], ...]) -> bytes:
        return "\n".join(f"{name}: {value}" for name, value in headers).encode()

    return BETWEEN.join(
        (
            made.method.encode(), made.path.encode(), made.host.encode(), lines(made.headers), made.body,
            str(made.status).encode(), lines(made.answer_headers), made.response_body,
        )
    )  # fmt: skip


def to_flow(data: bytes) -> http.HTTPFlow:
    """The flow; a status of ``-`` stands for no answer, a body of ``-`` for one that was streamed."""
    parts = [part if part is not None else rest for part, rest in zip_longest(data.split(BETWEEN, 7), _EMPTY)]
    method, target, host, headers, body, status, got, response = parts
    flow = tflow.tflow(resp=True)
    flow.request = http.Request(
        host.decode("utf-8", "replace"), 443, method, b"https", b"", target, b"HTTP/1.1", _fields(headers),
        None if body == b"-" else body, None, CLOCK, CLOCK,
    )  # fmt: skip
    flow.response = None
    if status != b"-":
        number = int(status) if status.isdigit() and len(status) < 4 else 200
        content = None if response == b"-" else response
        flow.response = http.Response(b"HTTP/1.1", number, b"", _fields(got), content, None, CLOCK, CLOCK + 0.04)
    return flow


def to_exchange(data: bytes) -> Exchange:
    """The exchange of that flow."""
    return from_flow(to_flow(data))


def _fields(text: bytes) -> http.Headers:
    pairs = (line.partition(b":") for line in text.split(b"\n") if line)
    return http.Headers([(name.strip(), value.strip()) for name, _, value in pairs])
