"""Flows lose their secrets wherever mitmproxy keeps something: connections, comments, metadata, backups, messages."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.test import tflow

from passlens.scrub.flow import scrub
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber
from redaction.test_redactor import DEVICE, EMAIL, TOKEN, everywhere, flow_of
from support.planted import as_flows, as_mitm, assert_clean, scrubbed

SECRET = "planted.viewer@mail.example"


def everything() -> http.HTTPFlow:
    flow = flow_of(everywhere())
    flow.backup()
    flow.comment = f"seen {DEVICE} and {TOKEN}"
    flow.metadata = {"own": [f"for {EMAIL}", {"deep": DEVICE}], EMAIL: 1}
    flow.client_conn.peername = ("203.0.113.99", 4711)
    flow.server_conn.peername = ("203.0.113.99", 443)
    flow.client_conn.sni = f"{DEVICE}.example"
    flow.client_conn.error = f"lost ('203.0.113.99', 443) {EMAIL}"
    flow.request.trailers = http.Headers([(b"X-Token", DEVICE.encode())])
    flow.error = tflow.terr(f"no way to 203.0.113.99 for {EMAIL}")
    return flow


def test_every_place_of_a_flow_is_scrubbed() -> None:
    made, _ = scrubbed(as_mitm([everything()]))
    assert_clean(made)
    assert b"203.0.113.99" not in made
    (flow,) = as_flows(made)
    assert isinstance(flow, http.HTTPFlow)
    assert not flow.modified()
    assert flow.client_conn.peername[0].startswith("192.0.2.")
    assert flow.client_conn.peername[1] == 4711
    assert flow.client_conn.sni is None


def test_a_length_that_was_right_stays_right() -> None:
    flow = flow_of(everywhere())
    flow.request.headers["content-length"] = str(len(flow.request.raw_content or b""))
    (made,) = as_flows(scrubbed(as_mitm([flow]))[0])
    assert isinstance(made, http.HTTPFlow)
    assert made.request.headers["content-length"] == str(len(made.request.raw_content or b""))


def other() -> list[Any]:
    web = tflow.tflow(resp=True)
    web.request.path = f"/{SECRET}/x.png?a={SECRET}"
    web.request.headers["x-own"] = SECRET
    web.request.content = web.response.content = SECRET.encode()
    socket = tflow.twebsocketflow()
    socket.websocket.messages[0].content = SECRET.encode()
    tcp, udp = tflow.ttcpflow(), tflow.tudpflow()
    tcp.messages[0].content = udp.messages[0].content = SECRET.encode()
    return [web, socket, tcp, udp, tflow.tdnsflow(resp=True)]


@pytest.mark.parametrize("how", ["drop", "keep-scrubbed"])
def test_other_traffic_keeps_its_places(how: str) -> None:
    made, done = scrubbed(as_mitm(other()), other=how)
    assert SECRET.encode() not in made
    assert b"dns.google" not in made
    flows = as_flows(made)
    assert [flow.type for flow in flows] == ["http", "http", "tcp", "udp", "dns"]
    web = flows[0]
    assert isinstance(web, http.HTTPFlow)
    assert web.request.host == "address"
    assert bool(web.request.headers) == (how == "keep-scrubbed")
    assert web.request.path.count("/") == 2
    assert "5 of other traffic" in done.lines[0]
    assert "WebSocket messages" in "".join(done.lines)


@pytest.mark.parametrize("how", ["drop", "keep-scrubbed"])
def test_words_about_other_traffic(how: str) -> None:
    flows = other()
    for flow in flows:
        flow.comment = flow.marked = flow.client_conn.error = "planted words"
        flow.metadata, flow.error = {"planted": "words", "passlens.started": "planted"}, tflow.terr("planted words")
    flows[0].response.reason = "planted words"
    made, _ = scrubbed(as_mitm(flows), other=how)
    assert (b"planted" in made) is (how == "keep-scrubbed")
    assert all(flow.error is not None for flow in as_flows(made))


def test_only_what_passlens_reads_stays_in_the_metadata() -> None:
    flow = flow_of(everywhere())
    noted = {"scenario": "s", "rule": "r", "how": "outcome"}
    flow.metadata = {"proxyauth": ("tv", "harbour-pass-9"), "passlens.injected": noted, "own": "x"}
    made, _ = scrubbed(as_mitm([flow]))
    assert b"harbour-pass-9" not in made
    assert [one.metadata for one in as_flows(made)] == [{"passlens.injected": noted}]


def test_streamed_bodies_are_named() -> None:
    flow = flow_of(everywhere())
    assert flow.response is not None
    flow.response.data.content = None
    flow.request.headers["content-encoding"] = "gzip"
    _, done = scrubbed(as_mitm([flow]))
    said = [line for line in done.lines if line.startswith("Not looked into")]
    assert len(said) == 2
    assert "flow 0, body of the request" in said[0]
    assert "does not hold it" in said[1]


@settings(max_examples=60)
@given(
    st.sampled_from(["POST", "GET", "\ud7ff"]),
    st.sampled_from(["/api/v2/DEMOTV/sessions", "/api/v2/x/sessions/sso/Apple?", "/x", ""]),
    st.binary(max_size=30),
    st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=40)), max_size=3),
    st.binary(max_size=50),
    st.text(max_size=20),
    st.sampled_from(["drop", "keep-scrubbed"]),
)
def test_any_flow_is_taken_and_can_be_read_again(
    method: str, path: str, more: bytes, headers: Any, body: bytes, comment: str, how: str
) -> None:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.request.data.method, flow.request.data.path = method.encode(), path.encode() + more
    names = [b"X-Device-Info", b"Authorization", b"Cookie"]
    flow.request.data.headers = http.Headers([*headers, *((name, more) for name in names)])
    flow.request.data.content = flow.response.data.content = body
    flow.response.data.headers = http.Headers(headers)
    flow.comment = comment.encode("utf-8", "replace").decode()
    made, _ = scrubbed(as_mitm([flow]), other=how)
    assert len(as_flows(made)) == 1
    scrub(flow, Scrubber(b"x"), how, ScrubSummary(), 0)
