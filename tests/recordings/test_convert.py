"""Recordings turned into the other format and back: the same findings, read by passlens and by mitmproxy."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.io import har as mitmproxy_har
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow

from passlens.errors import RecordingError
from passlens.recordings.convert import Converted, convert
from redaction.test_redactor import everywhere, flow_of, malformed
from support.har_rules import complaints
from support.planted import RECORDINGS, as_flows, as_mitm, entries, findings, places

SHIPPED = sorted(RECORDINGS.glob("*.mitm"))


def converted(data: bytes, *, har: bool) -> tuple[bytes, Converted]:
    target = io.BytesIO()
    done = convert(io.BytesIO(data), target, har=har)
    return target.getvalue(), done


def same(one: Path, other: Path) -> None:
    old, new = entries(one), entries(other)
    assert len(old) == len(new) > 0
    for before, after in zip(old, new, strict=True):
        assert findings(after) == findings(before), before["index"]
        left, right = ({**entry, "file": None, "findings": None, "duration_ms": None} for entry in (before, after))
        assert left == right
        if before["status"] is not None:
            assert before["duration_ms"] == pytest.approx(after["duration_ms"], abs=0.11)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_recording_goes_there_and_back(path: Path, tmp_path: Path) -> None:
    there, back = tmp_path / "there.har", tmp_path / "back.mitm"
    har, done = converted(path.read_bytes(), har=True)
    there.write_bytes(har)
    same(path, there)
    mitm, returned = converted(har, har=False)
    back.write_bytes(mitm)
    same(path, back)
    assert not done.read_errors
    assert not returned.read_errors
    assert done.count == returned.count == len(list(as_flows(path.read_bytes())))
    for one, other in zip(as_flows(path.read_bytes()), as_flows(mitm), strict=True):
        assert isinstance(one, http.HTTPFlow)
        assert isinstance(other, http.HTTPFlow)
        assert one.request.get_state() == other.request.get_state()
        assert one.id == other.id
        assert one.client_conn.peername == other.client_conn.peername
        if one.response is not None and other.response is not None:
            assert one.response.get_state() == other.response.get_state()


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*.har")), ids=lambda path: path.name)
def test_a_shipped_har_becomes_a_mitm(path: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.mitm"
    made.write_bytes(converted(path.read_bytes(), har=False)[0])
    same(path, made)


def test_what_mitmproxy_streamed_or_got_without_headers_is_judged_alike_there_and_back(tmp_path: Path) -> None:
    streamed, bare = flow_of(everywhere()), flow_of(everywhere())
    assert streamed.response is not None
    streamed.response.content = None
    bare.request.headers.clear()
    path, there, back = (tmp_path / name for name in ("tv.mitm", "there.har", "back.mitm"))
    path.write_bytes(as_mitm([streamed, bare]))
    there.write_bytes(converted(path.read_bytes(), har=True)[0])
    back.write_bytes(converted(there.read_bytes(), har=False)[0])
    codes = [[finding["code"] for finding in entry["findings"]] for entry in entries(path)]
    assert "PL901" in codes[0]
    assert "PL201" in codes[1]
    same(path, there)
    same(path, back)


def test_odd_requests_go_there_and_back(tmp_path: Path) -> None:
    data = as_mitm(map(flow_of, [everywhere(), *malformed()]))
    paths = tmp_path / "a.mitm", tmp_path / "b.har", tmp_path / "c.mitm"
    har, _ = converted(data, har=True)
    for path, content in zip(paths, (data, har, converted(har, har=False)[0]), strict=True):
        path.write_bytes(content)
    assert places(paths[0]) == places(paths[1]) == places(paths[2])


def test_mitmproxy_reads_the_har() -> None:
    for path in SHIPPED:
        har = json.loads(converted(path.read_bytes(), har=True)[0])
        for entry, flow in zip(har["log"]["entries"], as_flows(path.read_bytes()), strict=True):
            read = mitmproxy_har.request_to_flow(entry)
            assert isinstance(flow, http.HTTPFlow)
            assert read.request.url == flow.request.pretty_url
            assert read.request.content == flow.request.content
            if flow.response is not None and read.response is not None:
                assert read.response.content == flow.response.content
                assert read.response.status_code == flow.response.status_code


def odd_flows() -> Iterator[http.HTTPFlow]:
    """Flows that mitmproxy records now and then, with times that only a damaged recording has."""
    yield from (tflow.tflow(err=True), tflow.tflow(), tflow.twebsocketflow())
    for number in range(6):
        flow = tflow.tflow(resp=True)
        assert flow.response is not None
        sent, got = flow.request.data, flow.response.data
        if number == 0:
            sent.content = got.content = None
        elif number == 1:
            sent.timestamp_start = float("nan")
        elif number == 2:
            sent.timestamp_start, got.timestamp_end = 1e300, float("inf")
        elif number == 3:
            sent.method, sent.path, sent.authority = b"CONNECT", b"*", b"a.example:443"
        elif number == 4:
            sent.host, sent.scheme, got.reason, got.http_version = "", b"", b"\xff", b"HTTP/2.0"
        else:
            got.headers["Content-Encoding"] = "gzip"
            got.headers["Set-Cookie"] = "a=b; Path=/; HttpOnly"
            sent.headers["Cookie"] = "a; b=c"
            sent.path = b"/x?a=1&b&%ff=%zz"
        yield flow


def test_the_har_is_one_that_browsers_take() -> None:
    for path in SHIPPED:
        assert complaints(converted(path.read_bytes(), har=True)[0]) == [], path.name
    for flow in (*map(flow_of, [everywhere(), *malformed()]), *odd_flows()):
        assert complaints(converted(as_mitm([flow]), har=True)[0]) == [], flow


def test_what_the_target_cannot_hold_is_said() -> None:
    streamed = tflow.tflow(resp=True)
    assert streamed.response is not None
    streamed.response.data.content = None
    _, done = converted(as_mitm([tflow.ttcpflow(), streamed, tflow.tdnsflow()]), har=True)
    assert done.count == 1
    assert done.cannot_hold() == "It cannot hold DNS flows (1), TCP flows (1), bodies that were streamed (1)."
    assert Converted().cannot_hold() is None


def test_only_the_other_format_can_be_made() -> None:
    mitm = as_mitm([tflow.tflow()])
    har, _ = converted(mitm, har=True)
    for data, to_har in ((mitm, False), (har, True), (b"", True), (b"x", False)):
        with pytest.raises(RecordingError):
            converted(data, har=to_har)


@pytest.mark.parametrize("name", ["comment", "id", "is_replay", "marked"])
def test_texts_that_mitmproxy_would_not_write_cost_no_other_flow(name: str) -> None:
    states = [flow.get_state() for flow in as_flows(SHIPPED[0].read_bytes())]
    states[0][name] = b"\xff"
    har, done = converted(b"".join(map(tnetstring.dumps, states)), har=True)
    assert done.count == len(json.loads(har)["log"]["entries"]) == len(states)


def test_lone_surrogates_of_marks_and_times_are_stored_as_question_marks() -> None:
    document = json.loads(SHIPPED[0].with_suffix(".har").read_text())
    entry = document["log"]["entries"][0]
    entry["_passlens"] = {
        "recorder": "\ud800", "started": "\ud800", "injected": {"scenario": "\ud800", "rule": "r", "how": "delay"}
    }  # fmt: skip
    entry["startedDateTime"] = None
    made, done = converted(json.dumps(document).encode(), har=False)
    assert done.read_errors == []
    assert next(iter(as_flows(made))).metadata["passlens.injected"]["scenario"] == "?"
