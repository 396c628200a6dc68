"""A header over HTTP/2 in which a line ends: it becomes no second request before a server that speaks HTTP/1, and no
second response before an app."""

import socket
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from mitmproxy import http, version
from mitmproxy.test import tflow

from passlens.proxy import header_guard
from passlens.recordings.flow_to_exchange import INJECTED
from samples.case import HOST
from support.clients import TIMEOUT, trusting
from support.proxy import Proxy
from support.reply import Reply
from support.stage import entries_of
from support.upstream import Upstream

Pairs = list[tuple[bytes, bytes]]
PATH = "/api/v2/REF30/sessions/8ER640M"
SECOND = b"x\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x"
LATER = {"connection_strategy": "lazy"}
"""The app has chosen HTTP/2 by the time the server turns out to have HTTP/1 only."""

REFUSES_ITSELF = version.MITMPROXY >= "mitmproxy 12"


class RawHttp2Client:
    """HTTP/2 that sends any bytes as headers and trailers, through the proxy's tunnel."""

    def __init__(self, proxy: Proxy) -> None:
        tunnel = socket.create_connection(("127.0.0.1", proxy.port), TIMEOUT)
        tunnel.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += tunnel.recv(1)
        self.socket = trusting(proxy.ca, "h2").wrap_socket(tunnel, server_hostname=HOST)
        config = h2.config.H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
        self.connection = h2.connection.H2Connection(config)
        self.connection.initiate_connection()

    def get(self, more: Pairs, *, body: bytes = b"", trailers: Pairs | None = None, path: bytes = b"") -> int | None:
        """Send a request; the status of the response, or None where there is none."""
        stream = self.connection.get_next_available_stream_id()
        method = b"POST" if body else b"GET"
        pseudo = [(b":method", method), (b":scheme", b"https"), (b":authority", HOST.encode())]
        pseudo.append((b":path", path or PATH.encode()))
        self.connection.send_headers(stream, [*pseudo, *more], end_stream=not body)
        if body:
            self.connection.send_data(stream, body, end_stream=trailers is None)
        if trailers is not None:
            self.connection.send_headers(stream, trailers, end_stream=True)
        status = None
        while True:
            self.socket.sendall(self.connection.data_to_send())
            data = self.socket.recv(1 << 16)
            if not data:
                return status
            for event in self.connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset | h2.events.ConnectionTerminated):
                    return status

    def __enter__(self) -> "RawHttp2Client":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.socket.close()


@pytest.fixture
def old_server() -> Iterable[Upstream]:
    """A server that speaks HTTP/1 only."""
    with Upstream(("http/1.1",)) as running:
        running.default = Reply(200, (("Content-Type", "application/json"),), b"{}", "OK")
        yield running


REQUESTS: list[tuple[Pairs, bytes]] = [
    ([(b"x-a", SECOND)], b""),
    ([(b"x-a", b"1\nx-evil: 1")], b""),
    ([(b"x-a", b"1\rx-evil: 1")], b""),
    ([(b"x-a", b"1\0")], b""),
    ([(b"x-a: 1\r\nx-evil", b"1")], b""),
    ([(b"x-a\n", b"1")], b""),
    ([], PATH.encode() + b" HTTP/1.1\r\nX-Evil: 1\r\nX-B: "),
]
REFUSED_BY_OTHERS = len(REQUESTS) - 2
"""From here on h2 or mitmproxy itself refuses what the guard would."""


@pytest.mark.parametrize("large", [{}, {"stream_large_bodies": "10"}])
def test_a_request_becomes_no_two(confdir: Path, old_server: Upstream, tmp_path: Path, large: dict[str, str]) -> None:
    log = tmp_path / "log.jsonl"
    with Proxy(confdir, upstream=old_server, passlens_log=log, **LATER, **large) as proxy:
        for number, (more, path) in enumerate(REQUESTS):
            with RawHttp2Client(proxy) as client:
                status = client.get(more, body=b"a" * 100, path=path)
            ends = REFUSES_ITSELF or large or number >= REFUSED_BY_OTHERS
            assert status in ((None, 400) if ends else (400,))
        proxy.stop()
    assert old_server.received == []
    if not REFUSES_ITSELF:
        entries = entries_of(log)
        refused = {"scenario": "passlens", "rule": "line end in a header", "how": "refused"}
        assert [entry["injected"] for entry in entries[:REFUSED_BY_OTHERS]] == [refused] * REFUSED_BY_OTHERS


def test_what_holds_no_line_end_goes_through(confdir: Path, old_server: Upstream) -> None:
    fine = [(b"x-a", b"a:\t b \xff\x7f"), (b"x-empty", b"")]
    with Proxy(confdir, upstream=old_server, **LATER) as proxy, RawHttp2Client(proxy) as client:
        assert client.get(fine) == 200
    assert [request.target for request in old_server.received] == [PATH]


def flow_with(fields: Pairs, where: str) -> http.HTTPFlow:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    message = flow.request if where.startswith("request") else flow.response
    message.http_version = "HTTP/2.0"
    if where.endswith("trailers"):
        message.trailers = http.Headers(fields)
    else:
        message.headers = http.Headers(fields)
    return flow


HARMFUL: list[Pairs] = [[(b"x-a", SECOND)], [(b"x-a", b"\0")], [(b"x\r", b"")], [(b"x a", b"")], [(b"a:b", b"")]]
WHERE: dict[str, Callable[..., None]] = {
    "request headers": partial(header_guard.request_headers, may_stream=False),
    "request trailers": header_guard.request_trailers,
    "response headers": header_guard.response_headers,
    "response trailers": header_guard.response_trailers,
}


@pytest.mark.parametrize("fields", HARMFUL)
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("streamed", [False, True])
def test_each_place_is_refused_and_marked(fields: Pairs, where: str, streamed: bool) -> None:
    flow = flow_with(fields, where)
    assert flow.response is not None
    flow.request.stream = flow.response.stream = streamed
    WHERE[where](flow)
    assert flow.metadata[INJECTED]["how"] == "refused"
    assert "a header in it" in flow.comment
    assert header_guard.refused(flow)
    assert flow.request.trailers is None
    assert flow.response.trailers is None
    assert flow.response.headers["X-Passlens"] == "passlens/line end in a header"
    expected = {"request headers": 400, "request trailers": 200 if streamed else 400, "response headers": 502}
    assert flow.response.status_code == expected.get(where, 200)
    assert not header_guard.harms(flow.response.headers.fields)


@pytest.mark.parametrize("where", WHERE)
def test_no_answer_names_passlens_where_it_should_not(where: str) -> None:
    flow = flow_with([(b"x-a", SECOND)], where)
    WHERE[where](flow, stamps=False)
    assert flow.response is not None
    assert header_guard.refused(flow)
    assert "X-Passlens" not in flow.response.headers


@pytest.mark.parametrize("where", WHERE)
def test_each_place_takes_what_is_usual(where: str) -> None:
    flow = flow_with([(b"x-a", b"\t\x7f\xc3\xa4 : "), (b"x-!#$%&'*+.^_`|~9", b"")], where)
    WHERE[where](flow)
    assert not header_guard.refused(flow)
    assert INJECTED not in flow.metadata


@pytest.mark.parametrize(
    ("harmful", "body", "kept"), [(True, None, b""), (True, b"x", b"x"), (False, None, None), (False, b"x", b"x")]
)
def test_a_refused_response_has_an_empty_body_where_none_was_kept(
    harmful: bool, body: bytes | None, kept: bytes | None
) -> None:
    flow = flow_with([(b"x-a", b"\0" if harmful else b"1")], "response headers")
    assert flow.response is not None
    header_guard.response_headers(flow)
    flow.response.raw_content = body
    header_guard.response_trailers(flow)
    assert flow.response.raw_content == kept


def test_a_folded_value_of_http_1_is_none_of_its_business() -> None:
    flow = flow_with([(b"x-a", b"a\r\n b")], "request headers")
    flow.request.http_version = "HTTP/1.1"
    header_guard.request_headers(flow, may_stream=False)
    assert not header_guard.refused(flow)


@pytest.mark.skipif(REFUSES_ITSELF, reason="h2 4.3 ends the connection before the addon hears of it")
def test_a_response_is_refused_and_the_connection_goes_on(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    evil = (("content-type", "text/plain"), ("x-a", "1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden"))
    running = proxy()
    with RawHttp2Client(running) as client:
        for reply, status in [(evil, 502), ((), 200), (evil, 502)]:
            upstream.play(Reply(200, reply, b"a" * 1000, "OK"))
            assert client.get([]) == status
