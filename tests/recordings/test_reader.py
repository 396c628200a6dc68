"""Recordings from files, folders and standard input: what is readable is read, the rest is named in a sentence."""

import gzip
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import FlowWriter, tnetstring
from mitmproxy.test import tflow

from passlens.errors import ReadError
from passlens.exchange.model import Exchange
from passlens.recordings.reader import Item, Other, read


def http(number: int = 0) -> Any:
    flow = tflow.tflow(resp=True)
    flow.request.host = "sp.auth.adobe.com"
    flow.request.path = f"/api/v2/REF30/sessions?{number}"
    flow.request.timestamp_start = 1000.0 + number
    return flow


def mitm(*flows: Any) -> bytes:
    out = io.BytesIO()
    for flow in flows:
        FlowWriter(out).add(flow)
    return out.getvalue()


def har(*flows: Any) -> bytes:
    return json.dumps(SaveHar().make_har(flows)).encode()


def read_error(items: list[Item]) -> ReadError:
    """The one trouble among the items, a sentence as it should be."""
    (found,) = [item for item in items if isinstance(item, ReadError)]
    assert found.sentence == found.sentence.strip()
    assert not found.sentence.endswith(".")
    assert len(found.sentence) < 400
    return found


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def fill(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return fill


def test_a_mitm_file_yields_every_flow_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "tv.mitm"
    path.write_bytes(
        mitm(http(0), tflow.ttcpflow(), tflow.tudpflow(), tflow.tdnsflow(), tflow.twebsocketflow(), http(5))
    )
    items = list(read([str(path)]))
    assert [item.index for item in items] == list(range(6))
    assert [item.kind for item in items if isinstance(item, Other)] == ["tcp", "udp", "dns", "http"]
    first, last = items[0], items[-1]
    assert isinstance(first, Exchange)
    assert isinstance(last, Exchange)
    assert first.file == last.file == str(path)
    assert last.request.query == "5"
    assert last.started == 1005.0
    assert first.operation.id == "create-session"


@pytest.mark.parametrize("suffix", [".mitm", ".har"])
def test_what_is_not_wanted_is_other_traffic(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"tv{suffix}"
    flows = (http(0), http(1), tflow.ttcpflow()) if suffix == ".mitm" else (http(0), http(1))
    path.write_bytes(mitm(*flows) if suffix == ".mitm" else har(*flows))
    items = list(read([str(path)], wanted=lambda item: "?1" in str(getattr(item, "request", item).path)))
    assert [item.kind if isinstance(item, Other) else type(item) for item in items] == [
        "filtered", Exchange, "tcp",
    ][: len(flows)]  # fmt: skip


def test_a_har_of_the_same_flows_yields_the_same_exchanges(tmp_path: Path) -> None:
    flows = [http(0), http(1)]
    (tmp_path / "a.mitm").write_bytes(mitm(*flows))
    (tmp_path / "b.har").write_bytes(b"\xef\xbb\xbf \r\n" + har(*flows))
    one, two, three, four = read([str(tmp_path)])
    for direct, recorded in ((one, three), (two, four)):
        assert isinstance(direct, Exchange)
        assert isinstance(recorded, Exchange)
        assert direct.response == recorded.response
        assert direct.index == recorded.index
        assert direct.started == recorded.started
        assert direct.request.headers == recorded.request.headers
        assert direct.request.path == recorded.request.path


def test_standard_input_is_told_by_its_first_bytes(stdin: Any) -> None:
    for data in (mitm(http()), har(http()), b"\xef\xbb\xbf" + har(http())):
        stdin(data)
        (item,) = read(["-"])
        assert isinstance(item, Exchange)
        assert item.file == "-"


def test_folders_are_searched_through_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.HAR", "a.txt", "b/x.flows", "b/a.flow", "c.mitm"):
        (tmp_path / name).write_bytes(har(http()))
    names = [item.file for item in read([str(tmp_path)])]
    assert names == [os.path.join(str(tmp_path), name) for name in ("c.mitm", "z.HAR", "b/a.flow", "b/x.flows")]


def test_a_folder_without_recordings_is_a_trouble(tmp_path: Path) -> None:
    found = read_error(list(read([str(tmp_path)])))
    assert found.file == str(tmp_path)
    assert found.ended
    assert "without recordings" in found.sentence


def test_recordings_of_a_folder_that_are_not_read_are_named(tmp_path: Path) -> None:
    for name in ("a.har.gz", "c.txt.gz", "har.gz", "saz", "chls.txt"):
        (tmp_path / name).write_bytes(b"x")
    (found,) = read([str(tmp_path)])
    assert type(found) is ReadError
    once = "holds a recording packed or in a tool's own form (a.har.gz), not read: unpack it, or export it as HAR"
    assert found.sentence == once
    for name in ("b.MITM.zst", "d.saz", "e.chls", "f.chlsj", "g.proxymanlogv2", "h.pcap", "i.pcapng", "j.zhar"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "a.har").write_bytes(har(http()))
    _, found = read([str(tmp_path)])
    assert type(found) is ReadError  # beside others too: what was not read must not pass for checked
    assert found.sentence == (
        "holds 9 recordings packed or in a tool's own form (a.har.gz), not read: unpack them, or export them as HAR"
    )


FOREIGN = {
    "empty": (b"", "is empty"),
    "gzip": (gzip.compress(b"{}"), "gunzip"),
    "zip": (b"PK\x03\x04....", "ZIP"),
    "zhar": (b"x\xda....", "zlib"),
    "pcap": (b"\xd4\xc3\xb2\xa1....", "packet capture"),
    "pcapng": (b"\x0a\x0d\x0d\x0a....", "packet capture"),
    "utf-16": ("{}".encode("utf-16"), "UTF-16"),
    "xml": (b"<?xml?>", "XML"),
    "list": (b"\xef\xbb\xbf [{}]", "list"),
    "text": (b"hello", "neither"),
    "other JSON": (b'{"a": 1}', "no 'log'"),
    "digits": (b"2026-01-02 GET /", "none"),
    "number": (b"42", "flow 0 is cut off"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_other_formats_are_named(kind: str, tmp_path: Path, stdin: Any) -> None:
    data, words = FOREIGN[kind]
    (tmp_path / "a.mitm").write_bytes(data)
    stdin(data)
    for name in (str(tmp_path / "a.mitm"), "-"):
        found = read_error(list(read([name])))
        assert words in found.sentence
        assert found.ended


def test_what_cannot_be_opened_is_a_trouble_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "a.mitm"
    good.write_bytes(mitm(http()))
    missing = str(tmp_path / "missing.mitm")
    items = list(read([missing, "null\0byte", str(good)]))
    assert [type(item) for item in items] == [ReadError, ReadError, Exchange]
    assert "check the name" in read_error(items[:1]).sentence

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert "Permission denied" in read_error(list(read([str(good)]))).sentence


def test_a_truncated_mitm_file_yields_what_is_whole(tmp_path: Path) -> None:
    flows = [mitm(http(number)) for number in range(3)]
    data, path = b"".join(flows), tmp_path / "a.mitm"
    ends = [sum(map(len, flows[: count + 1])) for count in range(3)]
    around = {end + step for end in ends for step in (-2, -1, 0, 1, 2, 5)}
    for length in sorted({*range(1, len(data), 101), *around} & set(range(1, len(data)))):
        path.write_bytes(data[:length])
        items = list(read([str(path)]))
        whole = sum(end <= length for end in ends)
        assert all(isinstance(item, Exchange) for item in items[:whole])
        if length in ends:
            assert len(items) == whole
        else:
            found = read_error(items[whole:])
            assert found.index == whole
            assert found.ended
            assert "still being written" in found.sentence


def test_a_truncated_har_yields_what_is_whole(tmp_path: Path) -> None:
    data, path = har(http(0), http(1)), tmp_path / "a.har"
    for length in range(1, data.rindex(b"]}}") - 1, 37):
        path.write_bytes(data[:length])
        items = list(read([str(path)]))
        assert read_error(items).ended
        assert all(isinstance(item, Exchange) for item in items[:-1])


def test_a_damaged_flow_leaves_its_neighbours_readable(tmp_path: Path) -> None:
    state = http(1).get_state()
    newer = tnetstring.dumps(state | {"version": 9999})
    strange = tnetstring.dumps(state | {"request": {"a": 1}})
    wrong = tnetstring.dumps(state | {"client_conn": None})
    inner = b"-1:" * 60 + b"]" * 60
    hostile = b"%d:%s}" % (len(inner), inner)
    path = tmp_path / "a.mitm"
    path.write_bytes(mitm(http(0)) + newer + strange + wrong + hostile + b"0:}" + mitm(http(6)))
    items = list(read([str(path)]))
    assert [type(item) for item in items] == [Exchange, *[ReadError] * 5, Exchange]
    assert [item.index for item in items] == list(range(7))
    assert "version" in read_error(items[1:2]).sentence
    assert not any(item.ended for item in items if isinstance(item, ReadError))


@pytest.mark.parametrize("after", [b"", b"9:cut", b"junk"])
def test_flows_of_a_format_that_nobody_knows_are_told_in_one_sentence(after: bytes, tmp_path: Path) -> None:
    newer = tnetstring.dumps(http(1).get_state() | {"version": 9999})
    path = tmp_path / "a.mitm"
    path.write_bytes(newer * 3 + mitm(http(0)) + newer + after)
    items = list(read([str(path)]))
    assert [type(item) for item in items] == [ReadError, Exchange, *[ReadError] * (2 if after else 1)]
    assert [item.index for item in items][:3] == [0, 3, 4]
    assert "flows 0 to 2 cannot be read because mitmproxy" in read_error(items[:1]).sentence
    assert "flow 4 cannot be read because mitmproxy" in read_error(items[2:3]).sentence


def test_damage_between_flows_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.mitm"
    path.write_bytes(mitm(http(0)) + b"junk" + mitm(http(1)))
    items = list(read([str(path)]))
    assert [type(item) for item in items] == [Exchange, ReadError]
    assert read_error(items).ended
    assert read_error(items).index == 1


def test_progress_counts_to_the_total(tmp_path: Path, stdin: Any) -> None:
    (tmp_path / "a.mitm").write_bytes(mitm(http()))
    (tmp_path / "b.har").write_bytes(har(http()))
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    seen: list[tuple[int, int | None]] = []
    list(read([str(tmp_path)], lambda done, total: seen.append((done, total))))
    assert seen[-1] == (size, size)
    stdin(har(http()))
    list(read(["-"], lambda done, total: seen.append((done, total))))
    assert seen[-1] == (len(har(http())), None)


def test_an_interrupt_is_let_through(tmp_path: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    (tmp_path / "a.mitm").write_bytes(mitm(http()))
    with pytest.raises(KeyboardInterrupt):
        list(read([str(tmp_path)], stop))


WHOLE = mitm(http(0))
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.text() | st.lists(st.binary())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=100), st.sampled_from([b"", b"{", b'{"log":{"entries":[', b"7:", WHOLE]))
def test_arbitrary_bytes_never_raise(stdin: Any, data: bytes, start: bytes) -> None:
    stdin(start + data)
    for item in read(["-"]):
        assert isinstance(item, Exchange | Other | ReadError)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flows_with_arbitrary_values_never_raise(stdin: Any, data: st.DataObject) -> None:
    state = http(0).get_state()
    part = data.draw(st.sampled_from([state, state["request"], state["response"], state["client_conn"]]))
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(VALUES)
    stdin(tnetstring.dumps(state) + WHOLE)
    items = list(read(["-"]))
    assert len(items) == 2
    assert isinstance(items[1], Exchange)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=3))
def test_a_flow_with_some_bytes_changed_never_raises(stdin: Any, at: int, junk: bytes) -> None:
    stdin(WHOLE[:at] + junk + WHOLE[at + len(junk) :] + WHOLE)
    list(read(["-"]))
