"""Entries become flows that say the same and that mitmproxy can save."""

from typing import Any

import pytest
from hypothesis import given, settings
from mitmproxy.test import tflow

from passlens.errors import RecordError
from passlens.exchange.content import decode_content
from passlens.exchange.injection import Injection
from passlens.exchange.model import MAX_BODY
from passlens.recordings.flow_to_exchange import from_flow
from passlens.recordings.flow_to_har import entry_of
from passlens.recordings.har_reader import from_entry
from passlens.recordings.har_to_flow import flow_of
from recordings.test_har_reader import ANYTHING, ENTRIES, make
from support.planted import as_flows, as_mitm


def test_a_browsers_entry_becomes_a_flow() -> None:
    flow, lost = flow_of(make({"httpVersion": "http/2.0"}, _error="x", comment="seen\udcff"), 0)
    assert not lost
    assert flow.request.url == "https://sp.auth.adobe.com/api/v2/REF30/sessions"
    assert flow.request.http_version == "HTTP/2.0"
    assert flow.request.raw_content == b"mvpd=A%20B"
    assert flow.comment == "seen?"
    (again,) = as_flows(as_mitm([flow]))
    before, after = from_entry(make()), from_flow(again)  # type: ignore[arg-type]
    assert after.request.headers == before.request.headers
    assert after.started == before.started
    assert after.duration_ms == pytest.approx(before.duration_ms, abs=0.01)


@pytest.mark.parametrize("name", ["gzip", "br", "zstd", "deflate", "foo"])
def test_bodies_are_encoded_again(name: str) -> None:
    headers = [{"name": "Content-Encoding", "value": name}, {"name": "Content-Length", "value": "9999"}]
    flow, _ = flow_of(make(None, {"status": 200, "headers": headers, "content": {"text": "{}"}}), 0)
    assert flow.response is not None
    assert flow.response.headers["content-length"] == str(len(flow.response.raw_content or b""))
    if name == "foo":
        assert flow.response.raw_content == b"{}"
    else:
        assert decode_content(flow.response.raw_content or b"", name, MAX_BODY)[0] == b"{}"


def test_what_is_not_there_is_said() -> None:
    flow, lost = flow_of(make({"postData": {}, "bodySize": 7}, {"status": 200, "content": {"size": 9}}), 0)
    assert len(lost) == 2
    assert flow.request.raw_content is None
    flow, _ = flow_of(make(None, {"status": 0, "_error": "net::ERR"}), 0)
    assert flow.response is None
    assert flow.error is not None
    assert flow.error.msg == "net::ERR"
    flow, _ = flow_of(make(None, {"status": 200, "content": {"text": "x" * (MAX_BODY + 1)}}), 0)
    assert flow.response is not None
    assert len(flow.response.raw_content or b"") == MAX_BODY + 1


def test_websocket_messages_come_back() -> None:
    before = tflow.twebsocketflow()
    after, _ = flow_of(entry_of(before), 0)
    assert before.websocket is not None
    assert after.websocket is not None
    told = [[(one.from_client, one.type, one.content) for one in flow.websocket.messages] for flow in (before, after)]
    assert told[0] == told[1]


def test_what_stands_beside_may_be_anything() -> None:
    for bad in (5, {"address": [1, 2], "requestTimes": "x", "id": 5, "metadata": [], "requestTrailers": [1]}):
        flow, _ = flow_of(make(None, ..., _passlens=bad, _webSocketMessages=[5, {"data": "!", "opcode": 2}]), 0)
        as_mitm([flow])


@settings(max_examples=60)
@given(ENTRIES | ANYTHING)
def test_any_entry_becomes_a_flow_or_is_unreadable(entry: Any) -> None:
    try:
        flow, _ = flow_of(entry, 0)
    except RecordError:
        return
    assert len(as_flows(as_mitm([flow]))) == 1


def test_what_was_injected_is_kept_also_of_a_clean_copy() -> None:
    """A clean copy has no metadata, and says it in a member of its own."""
    injected = {"scenario": "x", "rule": "one", "how": "outcome"}
    flow, _ = flow_of(make(None, ..., _passlens={"injected": injected}), 0)
    assert from_flow(flow).injection == Injection.from_member(injected)
