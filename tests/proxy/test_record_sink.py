"""``--record`` and ``--output`` of a running proxy: what a person finds when it has ended."""

import json
import logging
import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from mitmproxy.io import FlowReader
from mitmproxy.test import tflow

from cases import case
from passlens.proxy import exit_status
from passlens.proxy.record_sink import RecordSink
from support import warm
from support.clients import Http1Client
from support.proxy import Proxy, becomes
from support.upstream import Upstream

MADE = case("P3")
TOKEN = dict(MADE.headers)["Authorization"].split()[1]


def exchange(running: Proxy, upstream: Upstream) -> None:
    upstream.play(MADE)
    with Http1Client(running.port, running.ca) as client:
        client.case(MADE)


def test_a_clean_copy_and_reports_are_there_at_the_end(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    clean, page, document = tmp_path / "tv.mitm", tmp_path / "report.html", tmp_path / "report.json"
    words = ("--record", str(clean), "--output", f"html={page}", "--output", f"json={document}")
    running = proxy(command=becomes(*words), scripts=[])
    exchange(running, upstream)
    assert list(tmp_path.glob("*.mitm")) == []
    assert running.stop() == 0
    assert "tv.mitm holds 1 flow, a clean copy." in running.stdout
    assert "report.html holds the html report." in running.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json", "tv.mitm"]
    assert [flow.type for flow in FlowReader(BytesIO(clean.read_bytes())).stream()] == ["http"]
    assert not [path for path in (clean, page, document) if TOKEN in path.read_text("utf-8", "replace")]
    told = json.loads(document.read_text())
    assert [entry["outcome"] for entry in told["exchanges"]] == ["P3"]
    checked = warm.run([*warm.PASSLENS, "check", str(clean), "--format", "json"])
    assert [entry["outcome"] for entry in json.loads(checked.stdout)["exchanges"]] == ["P3"]


def test_a_real_one_is_its_users_alone_and_what_cannot_be_written_is_status_4(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    real, gone = tmp_path / "tv.har", tmp_path / "gone"
    gone.mkdir()
    words = ("--reveal", "--record", str(real), "--output", f"markdown={gone / 'report.md'}")
    running = proxy(command=becomes(*words), scripts=[])
    exchange(running, upstream)
    for path in gone.iterdir():
        path.unlink()
    gone.rmdir()
    assert running.stop() == 4
    assert "tv.har holds 1 flow, with all secrets." in running.stdout
    assert "report.md cannot be written" in running.stdout + running.stderr
    assert TOKEN in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_flows_that_cannot_be_kept_are_said_once_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exit_status, "_lost", False)
    sink = RecordSink()
    sink.other(tflow.tflow(), None)  # nothing is asked for
    sink.open(str(tmp_path / "tv.mitm"), real=False)
    assert sink._file is not None
    sink._file.close()
    monkeypatch.setattr(type(sink._file), "add", refuse)
    with caplog.at_level(logging.ERROR):
        sink.other(tflow.tflow(), None)
        sink.other(tflow.tflow(), None)
    assert caplog.messages == [
        "passlens: a flow cannot be recorded (No space left on device): make room; the traffic goes on without it."
    ]
    assert exit_status.status() == 4


def test_a_flow_that_mitmproxy_cannot_save_is_missed_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exit_status, "_lost", False)
    sink, flow = RecordSink(), tflow.tflow()
    flow.metadata["another"] = object()
    sink.open(str(tmp_path / "tv.mitm"), real=False)
    with caplog.at_level(logging.ERROR):
        sink.other(flow, None)
        sink.closed()
    cause, end = caplog.messages
    assert "(mitmproxy cannot save what another addon put into it, ValueError); the traffic goes on" in cause
    assert end.endswith("tv.mitm is not whole: 1 flow could not be kept.")
    assert exit_status.status() == 4


def refuse(*_: object) -> None:
    raise OSError(28, "No space left on device")
