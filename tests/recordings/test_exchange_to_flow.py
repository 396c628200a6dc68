"""Flows made from exchanges: what reads them back finds the same exchange."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.io import FlowWriter

import cases
from passlens.analysis.analyzer import analyze
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange, Gap, Request, Response
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.flow_to_exchange import from_flow


@pytest.mark.parametrize("case", cases.cases(), ids=lambda case: case.name)
def test_a_made_flow_is_the_same_exchange(case: cases.Case) -> None:
    ex = cases.as_exchange(case)
    again = from_flow(to_flow(ex), ex.index, ex.file)
    assert again.request == replace(ex.request, headers=again.request.headers)
    assert analyze(again) == analyze(ex)


def test_the_body_is_kept_decoded_and_the_headers_say_so() -> None:
    headers = (("Content-Encoding", "gzip"), ("Content-Length", "999"), ("X-Byte", "\udcff"))
    flow = to_flow(Exchange(Request(), Response(headers, b"{}", None, 200, "OK"), started=5.0, duration_ms=250.0))
    assert flow.response is not None
    assert flow.response.headers.fields == ((b"Content-Length", b"2"), (b"X-Byte", b"\xff"))
    assert flow.response.timestamp_end == 5.25


def test_what_was_not_recorded_stays_so() -> None:
    response = Response((("Content-Encoding", "gzip"),), None, Gap("streamed", "x"))
    flow = to_flow(Exchange(Request(), response, injection=Injection("a", "b", (Action("outcome"),))))
    assert flow.response is not None
    assert flow.response.raw_content is None
    assert flow.response.headers["content-encoding"] == "gzip"
    assert from_flow(flow).injection == Injection("a", "b", (Action("outcome"),))
    failed = to_flow(Exchange(Request(), failure="reset"))
    assert failed.response is None
    assert from_flow(failed).failure == "reset"


texts = st.text(st.characters(), max_size=12) | st.sampled_from(["\ud800", "a\udcffb", "\0", "gzip", "Content-Length"])


@given(texts, texts, texts, texts, st.binary(max_size=20) | st.none(), st.integers(-5, 99999))
def test_whatever_a_har_holds_becomes_a_flow_that_mitmproxy_saves(
    method: str, path: str, host: str, name: str, body: bytes | None, status: int
) -> None:
    headers = ((name, host), (host, path))
    request = Request(headers, body, None, method, host, host, status, path, host)
    answered = Exchange(request, Response(headers, body, None, status, path), started=1.0)
    for ex in (answered, Exchange(request, failure=path)):
        flow = to_flow(ex)
        FlowWriter(io.BytesIO()).add(flow)
        # Of lone surrogates only U+DC80 to U+DCFF stand for a byte and come back.
        lost = any(0xD800 <= ord(sign) < 0xDC80 or 0xDCFF < ord(sign) <= 0xDFFF for sign in path)
        assert lost or from_flow(flow).request.path == path
