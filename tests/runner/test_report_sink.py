"""Reports of a running proxy: whole at the end, with what came, one sentence for what cannot be written."""

import json
import logging
import stat
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.errors import UsageError
from passlens.proxy import exit_status
from passlens.recordings.exchange_to_flow import to_flow
from passlens.reports.formats import FORMATS
from passlens.rest_v2.strangers import Stranger
from passlens.runner.report_sink import ReportSink, parse_option

MADE = case("P3")
FLOW = to_flow(as_exchange(MADE))
JOURNEY = {
    "id": 7, "file": None, "device": None, "service_provider": "REF30", "codes": [], "started": None, "ended": None,
    "steps": [0], "verdict": "fell-back", "why": "nothing followed", "findings": [],
}  # fmt: skip


def told(sink: ReportSink, *, reveal: bool = False) -> None:
    assert isinstance(FLOW, http.HTTPFlow)
    sink.exchange(FLOW, analyze(as_exchange(MADE), reveal=reveal))
    sink.other(tflow.tflow(), Stranger("v1", "GET /api/v1/config"))
    sink.journey(JOURNEY)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_whole_at_the_end_and_has_no_secret(form: str, tmp_path: Path) -> None:
    path, sink = tmp_path / "report", ReportSink(lambda: False)
    sink.open(f"{form}={path}")
    told(sink)
    assert not path.exists()
    sink.closed()
    text = path.read_text()
    assert "partner-session" in text
    assert dict(MADE.headers)["Authorization"].split()[1] not in text


def test_counts_are_those_of_the_report(tmp_path: Path) -> None:
    path, sink = tmp_path / "report.json", ReportSink(lambda: False)
    sink.open(f"json={path},html={tmp_path / 'report.html'}")
    told(sink)
    told(sink)
    sink.closed()
    document = json.loads(path.read_text())
    assert (document["summary"]["exchanges"], document["summary"]["v1_calls"]) == (2, 2)
    assert [journey["id"] for journey in document["journeys"]] == [1, 2]
    # The page has headers, the machine-readable form has none.
    assert "AP-Partner-Framework-Status" in (tmp_path / "report.html").read_text()
    assert "messages" not in document["exchanges"][0]


def test_one_with_secrets_is_its_users_alone(tmp_path: Path) -> None:
    path, sink = tmp_path / "report.json", ReportSink(lambda: True)
    sink.open(f"json={path}")
    told(sink, reveal=True)
    sink.closed()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_file_ends_the_one_before(tmp_path: Path) -> None:
    sink = ReportSink(lambda: False)
    sink.open(f"jsonl={tmp_path / 'one'}")
    told(sink)
    sink.open(f"jsonl={tmp_path / 'two'}")
    assert len((tmp_path / "one").read_text().splitlines()) == 2
    sink.open("")
    assert (tmp_path / "two").read_text() == ""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("html", "'html' is not FORMAT=FILE"),
        ("htm=x", "'htm' is no format; did you mean html?"),
        ("json=no/such/folder", "cannot be written (No such file or directory): make its folder first."),
        ("json=tv.mitm", "would write over a recording"),
    ],
)
def test_what_cannot_be_is_said_at_the_start_and_leaves_what_runs(value: str, says: str, tmp_path: Path) -> None:
    sink = ReportSink(lambda: False)
    sink.open(f"jsonl={tmp_path / 'one'}")
    with pytest.raises(UsageError) as caught:
        sink.open(value)
    assert says in str(caught.value)
    told(sink)
    sink.closed()
    assert (tmp_path / "one").exists()


def test_commas_in_names_stay() -> None:
    assert parse_option("html=a,b.html,json=c,d") == [("html", "a,b.html"), ("json", "c,d")]


def test_one_that_fails_is_one_sentence_and_status_4(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exit_status, "_lost", False)
    sink = ReportSink(lambda: False)
    folder = tmp_path / "here"
    folder.mkdir()
    sink.open(f"json={folder / 'report.json'}")
    told(sink)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    with caplog.at_level(logging.ERROR):
        sink.closed()
    assert len(caplog.messages) == 1
    assert "report.json cannot be written" in caplog.messages[0]
    assert exit_status.status() == 4


def test_without_files_there_is_nothing_to_do() -> None:
    sink = ReportSink(lambda: False)
    told(sink)
    sink.closed()
