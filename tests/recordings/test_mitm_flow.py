"""Parts read straight out of a record are what mitmproxy's own reader gives; what is unusual is left to that one."""

import io
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import flow as mitm
from mitmproxy import http, version
from mitmproxy.io import FlowReader, FlowWriter, tnetstring
from mitmproxy.test import tflow, tutils

from passlens.errors import UnusualRecordError
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.flow_to_exchange import INJECTED, from_flow
from passlens.recordings.flow_to_har import entry_of
from passlens.recordings.har_reader import from_entry
from passlens.recordings.mitm_flow import VERSION, OtherFlow, read_parts
from passlens.recordings.mitm_records import records
from passlens.recordings.parts import to_exchange
from passlens.recordings.source import Source

RECORDINGS = sorted((Path(__file__).parent.parent / "recordings").glob("*.mitm"))
PATH = b"/api/v2/DEMOTV/sessions"


def record(flow: mitm.Flow) -> bytes:
    buffer = io.BytesIO()
    FlowWriter(buffer).add(flow)
    return buffer.getvalue()


def by_mitmproxy(data: bytes) -> http.HTTPFlow:
    (flow,) = FlowReader(io.BytesIO(data)).stream()
    assert isinstance(flow, http.HTTPFlow)
    return flow


def api_flow(**changes: object) -> http.HTTPFlow:
    return tflow.tflow(req=tutils.treq(path=PATH, **changes), resp=True)


def same(flow: http.HTTPFlow) -> None:
    data = record(flow)
    assert to_exchange(read_parts(data), 3, "a") == from_flow(by_mitmproxy(data), 3, "a")


@pytest.mark.parametrize("word", ["request", "response", None])
def test_a_replayed_flow_says_so_in_every_form(word: str | None) -> None:
    flow = api_flow()
    flow.is_replay = word
    same(flow)
    ex = from_flow(flow)
    assert ex.replayed is (word == "request")
    assert from_entry(entry_of(flow)).replayed is ex.replayed
    assert to_flow(ex).is_replay == ("request" if ex.replayed else None)


@pytest.mark.parametrize("cached", [True, False])
def test_what_a_browser_took_from_its_cache_says_so_in_every_form(cached: bool) -> None:
    flow = to_flow(replace(from_flow(api_flow()), cached=cached))
    same(flow)
    assert from_flow(flow).cached is cached
    assert from_entry(entry_of(flow)).cached is cached


def test_it_reads_the_format_that_mitmproxy_writes() -> None:
    assert int(VERSION) == version.FLOW_FORMAT_VERSION


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_every_flow_of_the_recordings_is_the_same(path: Path) -> None:
    seen = 0
    for index, data in enumerate(records(Source(io.BytesIO(path.read_bytes())))):
        try:
            found = to_exchange(read_parts(data), index, path.name)
        except OtherFlow:
            assert from_flow(by_mitmproxy(data), index, path.name).route is None
            continue
        seen += 1
        assert found == from_flow(by_mitmproxy(data), index, path.name)
    assert seen > 5


TEXT = st.binary(max_size=30)
FIELDS = st.lists(st.tuples(TEXT, TEXT), max_size=4)
TIMES = st.none() | st.integers(0, 2**31) | st.floats(0, 2e9)
NOTES = st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3)


@settings(max_examples=60)
@given(TEXT, FIELDS, FIELDS, st.none() | TEXT, st.none() | TEXT, TIMES, st.integers(0, 999), st.text(max_size=9), NOTES)
def test_any_flow_is_the_same(
    method: bytes,
    sent: list[tuple[bytes, bytes]],
    got: list[tuple[bytes, bytes]],
    body: bytes | None,
    response: bytes | None,
    time: float | None,
    status: int,
    words: str,
    notes: dict[str, str],
) -> None:
    flow = api_flow(method=method, headers=http.Headers(sent), content=body)
    assert flow.response is not None
    flow.response.headers, flow.response.raw_content = http.Headers(got), response
    flow.response.status_code, flow.response.timestamp_end = status, time
    flow.error = mitm.Error(words) if words else None
    flow.client_conn.peername = ("2001:db8::1", 1, 0, 0)
    flow.comment = words
    flow.metadata["note"] = [1.5, {"a": None}]
    if notes:
        flow.metadata[INJECTED] = notes
    same(flow)


def test_flows_without_answer_are_the_same() -> None:
    flow = api_flow()
    flow.response = None
    flow.error = mitm.Error("gone")
    same(flow)


def test_other_flows_are_told_by_their_type() -> None:
    for flow, kind in ((tflow.tflow(), "http"), (tflow.ttcpflow(), "tcp"), (tflow.tdnsflow(), "dns")):
        with pytest.raises(OtherFlow, match=f"^{kind}$"):
            read_parts(record(flow))


def test_other_calls_on_a_host_of_the_api_are_read() -> None:
    flow = tflow.tflow()
    flow.request.host, flow.request.path = "SP.auth.adobe.com", "/api/v1/authorize"
    assert read_parts(record(flow)).sent.path == b"/api/v1/authorize"
    flow.request.host = "shop.example"
    with pytest.raises(OtherFlow):
        read_parts(record(flow))


def changed(**changes: object) -> bytes:
    state = api_flow().get_state() | changes
    return bytes(tnetstring.dumps(state))


def test_what_is_unusual_is_left_to_mitmproxy() -> None:
    request = api_flow().get_state()["request"]
    for data in (
        changed(version=20),
        changed(version=22),
        changed(request=request | {"more": 1}),
        changed(request={name: item for name, item in request.items() if name != "port"}),
        changed(request=request | {"port": "80"}),
        changed(request=request | {"headers": [[b"a"]]}),
        changed(request=request | {"headers": [[b"a", b"b", b"c"]]}),
        changed(request=request | {"headers": [[b"a", "b"]]}),
        changed(response=[]),
        changed(client_conn={}),
        changed(metadata={INJECTED: [1]}),
        b"5:hello}",
        b"0:}",
        b":}",
        b"",
    ):
        with pytest.raises(UnusualRecordError):
            read_parts(data)


def test_lengths_that_lead_back_end_nowhere() -> None:
    for inner in (b"-5:abc,", b"-1:a,-1:a,", b"3:abc,-9:", b"+1:a,1:b,", b"1:a,-20:b,", b"99:a,1:b,"):
        with pytest.raises(UnusualRecordError):
            read_parts(b"%d:%s}" % (len(inner), inner))


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_damaged_records_end_and_never_differ(draw: random.Random) -> None:
    data = bytearray(record(api_flow()))
    for _ in range(draw.randint(1, 4)):
        data[draw.randrange(len(data))] = draw.choice(b"0123456789:-;,#}]~ab")
    try:
        found = to_exchange(read_parts(bytes(data)), 0, None)
    except (OtherFlow, UnusualRecordError):
        return
    try:
        flow = by_mitmproxy(bytes(data))
    except Exception:  # damage in a part that nobody asks for here
        return
    assert found == from_flow(flow, 0, None)
