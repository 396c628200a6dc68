"""Flows become exchanges: raw fields only, bodies decoded within limits, the flow left as it was."""

import gzip
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import flow as mitm
from mitmproxy import http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.test import tflow, tutils

from passlens.exchange.headers import MAX_CHARS
from passlens.exchange.injection import Injection
from passlens.exchange.model import MAX_BODY, Exchange, Request
from passlens.recordings.flow_to_exchange import from_flow, host_of
from passlens.recordings.har_reader import from_entry

PATH = b"/api/v2/REF30/sessions"


def make(
    headers: list[tuple[bytes, bytes]] | None = None,
    content: bytes | None = b"mvpd=A%20B",
    *,
    response: list[tuple[bytes, bytes]] | None = None,
    body: bytes | None = b"{}",
    path: bytes = PATH,
) -> http.HTTPFlow:
    flow = tflow.tflow(resp=True)
    flow.request = http.Request(
        host="sp.auth.adobe.com",
        port=443,
        method=b"POST",
        scheme=b"https",
        authority=b"",
        path=path,
        http_version=b"HTTP/1.1",
        headers=http.Headers(headers or []),
        content=content,
        trailers=None,
        timestamp_start=1000.25,
        timestamp_end=1000.5,
    )
    flow.response = http.Response(b"HTTP/1.1", 200, b"OK", http.Headers(response or []), body, None, 1000.75, 1001.25)
    return flow


def test_a_flow_becomes_an_exchange() -> None:
    flow = make([(b"A", b"1"), (b"a", b"\xff")], response=[(b"Content-Type", b"application/json")])
    flow.metadata["passlens.injected"] = {"scenario": "pfs-fallback", "rule": "one"}
    exchange = from_flow(flow, 7, "tv.mitm")
    assert (exchange.index, exchange.file) == (7, "tv.mitm")
    assert exchange.started == 1000.25
    assert exchange.duration_ms == pytest.approx(1000)
    assert exchange.failure is None
    assert exchange.injection == Injection("pfs-fallback", "one")
    request, response = exchange.request, exchange.response
    assert (request.method, request.scheme, request.host, request.port) == ("POST", "https", "sp.auth.adobe.com", 443)
    assert request.path == PATH.decode()
    assert request.client == "127.0.0.1"
    assert request.headers == (("A", "1"), ("a", "\udcff"))
    assert request.body == b"mvpd=A%20B"
    assert response is not None
    assert (response.status, response.reason, response.body, response.gap) == (200, "OK", b"{}", None)


def test_the_flow_is_left_as_it_was() -> None:
    flow = make(response=[(b"content-encoding", b"gzip")], body=gzip.compress(b"{}"))
    before = flow.get_state()
    exchange = from_flow(flow)
    assert exchange.response is not None
    assert exchange.response.body == b"{}"
    assert flow.get_state() == before


@pytest.mark.parametrize("end", [1000.0, float("inf"), float("nan")])
def test_a_clock_that_was_set_back_or_is_damaged_gives_no_duration(end: float) -> None:
    flow = make()
    assert flow.response is not None
    flow.response.timestamp_end = end
    assert from_flow(flow).duration_ms is None


def test_a_failure_quotes_nothing_of_the_traffic() -> None:
    flow = make(body=None)
    flow.error = mitm.Error("unexpected server response: b'HTTP/1.1 200 OK\\r\\nSet-Cookie: sid=harbour'")
    response = from_flow(flow).response
    assert response is not None
    assert response.gap is not None
    assert response.gap.detail.endswith("(unexpected server response: …)")
    flow.response = None
    assert from_flow(flow).failure == "unexpected server response: …"


def test_content_that_is_missing_or_wrong_is_a_gap() -> None:
    def gap(flow: http.HTTPFlow) -> str | None:
        response = from_flow(flow).response
        assert response is not None
        return response.gap.kind if response.gap else None

    assert gap(make(body=None)) == "streamed"
    assert gap(make(response=[(b"Content-Encoding", b"gzip")], body=b"{}")) == "encoding"
    assert gap(make(response=[(b"Content-Encoding", b"\xff")], body=b"{}")) == "encoding"
    assert gap(make(body=bytes(MAX_BODY + 1))) == "too-large"
    assert gap(make(response=[(b"content-encoding", b"gzip")], body=gzip.compress(bytes(MAX_BODY + 1)))) == "expansion"
    twice = gzip.compress(gzip.compress(b"{}"))
    assert gap(make(response=[(b"content-encoding", b"gzip"), (b"Content-Encoding", b"gzip")], body=twice)) is None
    broken = make(body=None)
    broken.error = mitm.Error("peer closed connection")
    assert gap(broken) == "failed"
    assert from_flow(make(content=None)).request.gap is not None


def test_a_failed_flow_says_why() -> None:
    flow = make()
    flow.response = None
    assert from_flow(flow).failure is None
    flow.error = mitm.Error("connection refused")
    exchange = from_flow(flow)
    assert exchange.response is None
    assert exchange.failure == "connection refused"
    assert exchange.duration_ms is None


def test_other_traffic_keeps_no_bodies() -> None:
    exchange = from_flow(make(path=b"/", response=[(b"content-encoding", b"gzip")], body=gzip.compress(b"{}")))
    assert exchange.route is None
    assert exchange.response is not None
    assert exchange.request.body is exchange.response.body is None


@pytest.mark.parametrize(
    ("host", "authority", "header", "expected"),
    [
        ("sp.auth.adobe.com", b"", b"localhost:8080", "sp.auth.adobe.com"),
        ("192.0.2.1", b"", b"SP.auth.adobe.com:443", "sp.auth.adobe.com"),
        ("192.0.2.1", b"sp.auth.adobe.com:443", None, "sp.auth.adobe.com"),
        ("2001:db8::1", b"[2001:db8::1]:443", b"sp.auth.adobe.com", "sp.auth.adobe.com"),
        ("192.0.2.1", b"", b"192.0.2.2", "192.0.2.1"),
        ("192.0.2.1", b"", None, "192.0.2.1"),
        ("tv4", b"", b"sp.auth.adobe.com", "tv4"),
        ("", b"", b"sp.auth.adobe.com", ""),
    ],
)
def test_the_host_is_a_name_where_one_is_known(
    host: str, authority: bytes, header: bytes | None, expected: str
) -> None:
    flow = make([(b"Host", header)] if header else [])
    flow.request.data.host = host
    flow.request.data.authority = authority
    assert host_of(flow.request) == expected


def test_missing_addresses_and_times_are_unknown() -> None:
    flow = make()
    flow.client_conn.peername = None
    flow.response.data.timestamp_end = None
    exchange = from_flow(flow)
    assert exchange.request.client is None
    assert exchange.duration_ms is None


def same(one: Exchange, other: Exchange) -> bool:
    """Equal but for what a HAR does not hold: the client's address, exact times."""

    def content(exchange: Exchange) -> dict[str, Any]:
        request = replace(exchange.request, client=None)
        return {"request": request, "answer": exchange.response, "failure": exchange.failure}

    return content(one) == content(other)


NAMES = st.sampled_from([b"X-Device-Info", b"accept", b"AP-Device-Identifier", b"Content-Type"])
VALUES = st.binary(max_size=20).filter(lambda value: not set(value) & set(b"\r\n")) | st.sampled_from(
    [b"application/json", b"text/html; charset=utf-8"]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.encode)


@given(
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=3),
    content=st.binary(max_size=40).filter(bytes.isascii),
    # What begins as a packed body does is taken for one that a recorder did not unpack.
    body=st.binary(max_size=60).filter(lambda body: not body.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))) | TEXTS,
    squeeze=st.booleans(),
    query=st.text("abc=&%20", max_size=10).map(str.encode),
)
def test_a_har_made_from_a_flow_gives_the_same_exchange(
    headers: list[tuple[bytes, bytes]], content: bytes, body: bytes, squeeze: bool, query: bytes
) -> None:
    response = [(b"Content-Type", b"application/json")]
    if squeeze:
        response, body = [*response, (b"Content-Encoding", b"gzip")], gzip.compress(body)
    flow = make(headers, content, response=response, body=body, path=PATH + b"?" + query)
    har = json.loads(json.dumps(SaveHar().make_har([flow])))
    direct, recorded = from_flow(flow), from_entry(har["log"]["entries"][0])
    assert same(direct, recorded)
    assert recorded.started == pytest.approx(direct.started, abs=1e-5)


def test_a_failed_flow_gives_the_same_exchange_from_a_har() -> None:
    flow = make()
    flow.response, flow.error = None, mitm.Error("connection refused")
    assert same(from_flow(flow), from_entry(SaveHar().make_har([flow])["log"]["entries"][0]))


@given(st.binary(), st.binary(), st.binary(), st.binary(), st.binary())
def test_arbitrary_bytes_never_raise_and_change_nothing(
    path: bytes, name: bytes, encoding: bytes, content: bytes, host: bytes
) -> None:
    flow = make([(name, content), (b"Host", host)], content, response=[(b"Content-Encoding", encoding)], body=content)
    flow.request.data.host = "192.0.2.1"
    flow.request.data.path = PATH + path
    flow.request.data.authority = host
    before = flow.get_state()
    exchange = from_flow(flow)
    assert exchange.response is not None
    assert flow.get_state() == before


def test_a_request_that_is_sent_again_is_one_object() -> None:
    def sent(body: bytes, time: float = 1.0) -> Request:
        flow = tflow.tflow(req=tutils.treq(method=b"POST", path=b"/api/v2/DEMOTV/sessions", content=body), resp=True)
        flow.request.timestamp_start = time
        return from_flow(flow).request

    assert sent(b"mvpd=Cox", 1) is sent(b"mvpd=Cox", 2)
    assert sent(b"mvpd=Cox").body == b"mvpd=Cox"
    assert sent(b"mvpd=Sling").body == b"mvpd=Sling"
    long = b"mvpd=" + b"x" * MAX_CHARS
    assert sent(long) == sent(long)
    assert sent(long) is not sent(long)


@pytest.mark.parametrize(("size", "same"), [(MAX_CHARS, True), (MAX_CHARS + 1, False)])
def test_a_body_that_is_long_once_it_is_unpacked_is_not_remembered(size: int, same: bool) -> None:
    def sent() -> Request:
        packed = gzip.compress(b"x" * size, mtime=0)
        return from_flow(make([(b"Content-Encoding", b"gzip")], packed)).request

    assert sent().body == b"x" * size
    assert (sent() is sent()) is same
