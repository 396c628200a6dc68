"""``check_recordings``: recordings in, a report out, and the exit status that CI goes by."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader, tnetstring

from passlens.runner import analyze
from passlens.runner.check import FORMATS, CheckSettings, check_recordings
from passlens.runner.post_processors import Recorder
from support.expecting import recorded
from support.proxy import PATIENCE, ROOT
from support.sequence import call, decisions, profiles, session

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "addons")}
RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY = str(RECORDINGS / "apple-tv.mitm")


def check(*files: str, **settings: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    status = check_recordings(files, CheckSettings(**settings), out, err)
    return status, out.getvalue(), err.getvalue()


def codes(text: str) -> set[str]:
    return {finding["code"] for entry in json.loads(text)["exchanges"] for finding in entry["findings"]}


def test_the_document_counts_what_it_holds() -> None:
    status, out, err = check(STORY, form="json")
    document = json.loads(out)
    findings = [finding["severity"] for entry in document["exchanges"] for finding in entry["findings"]]
    assert status == 1
    assert err == ""
    assert document["schema"] == 2
    assert document["tool"]["name"] == "passlens"
    assert document["summary"] == {
        "exchanges": len(document["exchanges"]),
        "other_flows": 1,
        "v1_calls": 0,
        "unreadable": 0,
        "errors": findings.count("error"),
        "warnings": findings.count("warning"),
        "notes": findings.count("note"),
        "permits": 2,
        "denials": 2,
        "undated": 0,
        "partial": False,
    }
    assert [one["verdict"] for one in document["journeys"]] == ["denied"]
    assert document["unreadable"] == []


def test_an_index_is_the_position_in_the_file() -> None:
    _, out, _ = check(STORY, form="json")
    assert [entry["index"] for entry in json.loads(out)["exchanges"]] == [0, 1, *range(3, 14)]


def test_every_member_of_the_machine_readable_form_is_there() -> None:
    _, out, _ = check(STORY, form="json")
    members = """index file started duration_ms operation method host path service_provider partner code mvpd status
    outcome error action results device partner_framework_status injected diagnosis next findings"""
    finding = "code name severity side at message expected actual basis source related"
    for entry in json.loads(out)["exchanges"]:
        assert list(entry) == members.split()
        assert all(list(item) == finding.split() for item in entry["findings"])


def test_lines_are_the_members_of_exchanges() -> None:
    _, document, _ = check(STORY, form="json")
    _, lines, _ = check(STORY, form="jsonl")
    front = {"exchange": {"schema": 2, "kind": "exchange"}, "journey": {"schema": 2, "kind": "journey"}}
    members = [json.loads(line) for line in lines.splitlines()]
    whole = json.loads(document)
    for kind, name in (("exchange", "exchanges"), ("journey", "journeys")):
        assert [one for one in members if one["kind"] == kind] == [front[kind] | one for one in whole[name]]


def test_select_and_ignore_take_codes_and_families() -> None:
    everything = codes(check(STORY, form="json")[1])
    assert {"PL244", "PL220", "PL211", "PL111"} <= everything
    assert codes(check(STORY, form="json", select=("PL24",))[1]) == {code for code in everything if code[:4] == "PL24"}
    assert codes(check(STORY, form="json", ignore=("PL2",))[1]) == {code for code in everything if code[:3] != "PL2"}
    assert codes(check(STORY, form="json", select=("PL2",), ignore=("PL24",))[1]) == {
        code for code in everything if code[:3] == "PL2" and code[:4] != "PL24"
    }
    # The longer prefix wins.
    assert "PL244" in codes(check(STORY, form="json", select=("PL244",), ignore=("PL2",))[1])


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, 1),
        ({"ignore": ("PL244",)}, 0),
        ({"ignore": ("PL244",), "fail_on": "warning"}, 1),
        ({"select": ("PL111",), "fail_on": "warning"}, 0),
        ({"select": ("PL111",), "fail_on": "note"}, 1),
        ({"select": ("PL9",), "fail_on": "note"}, 0),
        ({"fail_on": "never"}, 0),
    ],
)
def test_the_status_goes_by_the_worst_that_counts(settings: dict[str, Any], status: int) -> None:
    assert check(STORY, **settings)[0] == status


@pytest.mark.parametrize("form", FORMATS)
def test_what_cannot_be_read_is_said_and_the_rest_is_reported(form: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mitm"
    broken.write_bytes(Path(STORY).read_bytes()[:-100])
    status, out, err = check(str(tmp_path / "missing.har"), str(broken), form=form, fail_on="never")
    assert status == 2
    said = out if form == "text" else err
    assert "missing.har: cannot be read (No such file or directory): check the name" in said
    assert "flow 13 is cut off" in said
    if form == "json":
        document = json.loads(out)
        assert document["summary"]["unreadable"] == 2
        assert [item["index"] for item in document["unreadable"]] == [None, 13]
        assert len(document["exchanges"]) == 12


def test_a_packed_recording_beside_others_does_not_pass_for_checked(tmp_path: Path) -> None:
    shutil.copy(RECORDINGS / "current.mitm", tmp_path)
    (tmp_path / "other.har.gz").write_bytes(b"x")
    status, out, _ = check(str(tmp_path), form="json", fail_on="never")
    document = json.loads(out)
    assert (status, document["summary"]["unreadable"]) == (2, 1)
    assert "(other.har.gz), not read" in document["unreadable"][0]["message"]


def test_a_folder_is_one_report() -> None:
    _, out, _ = check(str(RECORDINGS), form="json")
    files = {entry["file"] for entry in json.loads(out)["exchanges"]}
    assert {Path(file).name for file in files} == {
        path.name for path in RECORDINGS.iterdir() if path.suffix in (".har", ".mitm")
    }


def test_nothing_to_read_is_a_clean_document(tmp_path: Path) -> None:
    _, out, _ = check(str(tmp_path), form="json")
    assert json.loads(out)["exchanges"] == []


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_files_cannot_steer_the_terminal(form: str, tmp_path: Path) -> None:
    name = tmp_path / "a\x1b[2J\udcff.mitm"
    name.write_bytes(b"rubbish")
    _, out, err = check(str(name), form=form)
    (out + err).encode("utf-8")
    assert "\x1b" not in out + err


def test_a_fault_of_passlens_costs_one_exchange_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    real = analyze.analyze

    def fail(exchange: Any, **options: Any) -> Any:
        if exchange.index == 4:
            raise ValueError("planted-secret")
        return real(exchange, **options)

    monkeypatch.setattr(analyze, "analyze", fail)
    status, out, err = check(STORY, form="json", fail_on="never")
    assert status == 2
    assert [entry["index"] for entry in json.loads(out)["exchanges"]] == [0, 1, 3, *range(5, 14)]
    assert "apple-tv.mitm: flow 4 could not be judged (ValueError in test_check.py, line " in err
    assert "planted-secret" not in out + err


@pytest.mark.parametrize("form", FORMATS)
def test_ctrl_c_writes_what_is_known_and_says_that_it_is_partial(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = analyze.analyze

    def press(exchange: Any, **options: Any) -> Any:
        if exchange.index == 5:
            os.kill(os.getpid(), signal.SIGINT)
        return real(exchange, **options)

    monkeypatch.setattr(analyze, "analyze", press)
    target = tmp_path / "report"
    status, out, err = check(STORY, form="summary", outputs=((form, str(target)),))
    assert status == 130
    assert (
        err == "passlens: input: the check was stopped (Ctrl-C), this report is partial: run it again for the rest.\n"
    )
    assert out.startswith("4 exchanges, 1 other flow, 1 unreadable part: ")
    assert "partial" in out
    text = target.read_text("utf-8")
    if form == "jsonl":  # has a line for each exchange and nothing else; standard error tells
        assert len(text.splitlines()) == 4
    else:
        assert "partial" in text
    if form in ("json", "sarif"):
        assert '"partial": true' in text
        json.loads(text)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize(
    ("number", "name", "status"), [(signal.SIGINT, b"Ctrl-C", 130), (signal.SIGTERM, b"SIGTERM", 143)]
)
def test_a_cancelled_job_has_the_report_of_what_was_read(
    number: signal.Signals, name: bytes, status: int, tmp_path: Path
) -> None:
    """A signal while standard input is waited for, to the process alone, as some runners of CI send it."""
    report = tmp_path / "report.json"
    words = [sys.executable, "-c", "from passlens.cli.main import main; main()", "check", "-", "--format=jsonl"]
    process = subprocess.Popen(
        [*words, "--output", f"json={report}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    end = threading.Timer(PATIENCE, process.kill)
    end.start()
    process.stdin.write(Path(STORY).read_bytes())
    lines = [process.stdout.readline() for _ in range(13)]
    process.send_signal(number)
    out, err = process.stdout.read(), process.stderr.read()  # type: ignore[union-attr]
    assert process.wait(PATIENCE) == status
    end.cancel()
    process.stdin.close()
    assert err.startswith(b"passlens: input: the check was stopped (" + name + b"), this report is partial")
    assert all(lines)
    assert out == b""
    document = json.loads(report.read_text())
    assert document["summary"]["partial"] is True
    assert len(document["exchanges"]) == 13
    assert os.listdir(tmp_path) == ["report.json"]


def test_reports_that_cannot_be_written_cost_the_status_only(tmp_path: Path) -> None:
    outputs = (
        ("junit", str(tmp_path)),
        ("json", str(tmp_path / "a.json")),
        ("sarif", str(tmp_path / "no" / "b.sarif")),
    )
    status, out, err = check(STORY, form="summary", outputs=outputs, fail_on="never")
    assert status == 2
    assert out.startswith("13 exchanges, 1 other flow: ")
    folder, missing = err.splitlines()
    assert folder == f"passlens: the report {tmp_path} cannot be written (Is a directory): name a file, not a folder."
    assert missing.startswith(
        f"passlens: the report {tmp_path}/no/b.sarif cannot be written (No such file or directory)"
    )
    assert json.loads((tmp_path / "a.json").read_text())["summary"]["exchanges"] == 13


def test_a_report_or_baseline_that_is_lost_in_writing_is_status_4(tmp_path: Path) -> None:
    status, _, err = check(STORY, form="summary", outputs=(("json", "/dev/full"),), fail_on="never")
    assert status == 4
    assert err.startswith("passlens: the report /dev/full cannot be written (No space left on device): make room")
    # It outweighs what could not be read, which is in the other reports.
    half = tmp_path / "half.mitm"
    half.write_bytes(Path(STORY).read_bytes()[:-100])
    assert check(str(half), form="summary", outputs=(("json", "/dev/full"),))[0] == 4
    err_out = io.StringIO()
    settings = CheckSettings("summary", fail_on="never")
    assert check_recordings([STORY], settings, io.StringIO(), err_out, [Recorder("/dev/full")]) == 4
    assert "The baseline /dev/full cannot be written (No space left on device): make room" in err_out.getvalue()


def test_reports_that_reveal_are_their_users_alone(tmp_path: Path) -> None:
    for reveal in (False, True):
        check(STORY, outputs=(("html", str(tmp_path / "a.html")),), reveal=reveal)
        assert bool((tmp_path / "a.html").stat().st_mode & 0o077) is not reveal


def test_a_report_file_has_no_colours_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for form in FORMATS:
        check(STORY, outputs=((form, str(tmp_path / form)),))
        assert b"\x1b" not in (tmp_path / form).read_bytes()
    assert "\x1b" in check(STORY)[1]


def test_several_outputs_are_those_of_one_each(tmp_path: Path) -> None:
    check(STORY, form="summary", outputs=tuple((form, str(tmp_path / form)) for form in FORMATS))
    for form in FORMATS:
        assert (tmp_path / form).read_text("utf-8") == check(STORY, form=form)[1]


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_jobs_change_nothing_in_the_report(form: str) -> None:
    """These have a part that the processes write."""
    one = check(str(RECORDINGS), form=form)
    assert len(one[1]) > 100
    assert check(str(RECORDINGS), form=form, jobs=2) == one


def test_jobs_change_nothing_in_the_files_of_reports(tmp_path: Path) -> None:
    for jobs in (1, 2):
        (tmp_path / str(jobs)).mkdir()
        outputs = tuple((form, str(tmp_path / str(jobs) / form)) for form in FORMATS)
        check(str(RECORDINGS), form="summary", outputs=outputs, jobs=jobs)
    for form in FORMATS:
        one, two = ((tmp_path / jobs / form).read_text("utf-8") for jobs in "12")
        assert len(one) > 100
        assert one == two, form


MEMORY = """
import io, os, sys
from passlens.runner import analyze
from passlens.runner.check import FORMATS, CheckSettings, check_recordings
analyze.WINDOW = 50  # so few entries of a HAR wait to be put in order
folder, file = sys.argv[1:]
outputs = tuple((form, os.path.join(folder, "report." + form)) for form in FORMATS if form != "html")
out = io.StringIO()
check_recordings([file], CheckSettings("summary", outputs=outputs), out, sys.stderr)
print(out.getvalue().split()[0], open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def quick(suffix: str) -> list[bytes]:
    """Flows or entries of an operation that is quick to judge, with and without findings."""
    files = [RECORDINGS / f"{name}.{suffix}" for name in ("apple-tv", "errors")]
    if suffix == "har":
        entries = [entry for file in files for entry in json.loads(file.read_bytes())["log"]["entries"]]
        return [json.dumps(entry).encode() for entry in entries if "/authenticate/" in entry["request"]["url"]]
    found = []
    for file in files:
        with open(file, "rb") as stream:
            for flow in FlowReader(stream).stream():
                if isinstance(flow, http.HTTPFlow) and "/authenticate/" in flow.request.path:
                    found.append(tnetstring.dumps(flow.get_state()))
    return found


@pytest.mark.parametrize("suffix", ["mitm", "har"])
def test_memory_does_not_grow_with_the_recording(suffix: str, tmp_path: Path) -> None:
    """With all formats at once but the page, which is full with its first 2,500 exchanges: 1,200 exchanges more cost
    less than a kilobyte each."""
    pieces = quick(suffix)

    def kilobytes(count: int) -> int:
        recording = tmp_path / f"{count}.{suffix}"
        many = (pieces * count)[:count]
        whole = b'{"log": {"entries": [' + b",".join(many) + b"]}}" if suffix == "har" else b"".join(many)
        recording.write_bytes(whole)
        words = [sys.executable, "-c", MEMORY, str(tmp_path), str(recording)]
        got = subprocess.run(words, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, text=True)
        assert got.stderr == ""
        exchanges, size = got.stdout.split()
        assert int(exchanges) == count
        return int(size)

    assert len(pieces) > 1
    short, long = kilobytes(800), kilobytes(2_000)
    assert long - short < 1_200, (short, long)


REMEMBERED = """
import gc, io, sys, tracemalloc
from passlens.analysis import entry_cache, journeys
from passlens.analysis.tracker import Tracker
from passlens.checks.sequence.bounded import Bounded
from passlens.exchange import headers
from passlens.runner import analyze
from passlens.runner.check import CheckSettings, check_recordings
from passlens.util.cache import CachedByValue
CachedByValue.__call__ = lambda self, *texts: self._make(*texts)  # not what this is about
headers._known = headers.KnownHeaders
Bounded.__init__.__defaults__ = (30, 86400.0)
journeys.MAX_OPEN, analyze.WINDOW, entry_cache.MAX_COUNT = 30, 30, 30
def finish(tracker, then=Tracker.finish):
    gc.collect()
    print(tracemalloc.get_traced_memory()[0])
    return then(tracker)
Tracker.finish = finish
for file in sys.argv[1:]:
    out = io.StringIO()
    check_recordings([file], CheckSettings("summary"), out, sys.stderr)
    tracemalloc.start()
print("PL633" in out.getvalue())
"""


def test_memory_does_not_grow_with_the_devices_of_a_har(tmp_path: Path) -> None:
    """Each device of these signs in and plays, with findings over time; what is remembered of them is bounded. The
    bounds are lowered so that they are reached soon; at the end of 600 exchanges more less than 0.2 kB each is kept."""

    def made(devices: int) -> Path:
        calls = []
        for number in range(devices):
            who: dict[str, Any] = {"device": f"tv{number}", "sub": f"app{number}", "code": f"C{number:06}"}
            first = call("create-session", 4 * number, session(who["code"], at=4 * number), **who)
            polls = [call("poll", 4 * number + 1 + at, profiles(), **who) for at in (0, 0.5)]
            calls += [first, *polls, call("authorize", 4 * number + 3, decisions(news="permit"), **who)]
        return recorded(tmp_path / f"{devices}.har", calls)

    words = [sys.executable, "-c", REMEMBERED, *(str(made(count)) for count in (200, 50, 200))]
    got = subprocess.run(words, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, text=True)
    assert got.stderr == ""
    _, short, long, found = got.stdout.split()
    assert found == "True"
    assert int(long) - int(short) < 120_000, (short, long)


def test_nothing_to_check_says_what_there_was() -> None:
    status, out, err = check(STORY, flow_filter="~d nowhere")
    assert status == 2
    assert "no exchange of the API that matches --filter ~d nowhere (14 other flows)" in err
    assert out.startswith("0 exchanges, 14 other flows")
    assert check(STORY, flow_filter="~d nowhere", allow_empty=True)[::2] == (0, "")


@pytest.mark.parametrize("jobs", [1, 2])
def test_text_of_several_files_names_file_and_flow(jobs: int) -> None:
    _, out, _ = check(STORY, STORY.replace(".mitm", ".har"), jobs=jobs)
    assert f"\n  flow      3 of {STORY}\n" in out
    assert f"\n  flow      3 of {STORY.replace('.mitm', '.har')}\n" in out
    assert "\n  flow " not in check(STORY, jobs=jobs)[1]
    assert "\n  flow " in check(str(RECORDINGS), jobs=jobs)[1]


def test_a_recording_of_v1_calls_only_is_nothing_to_check_and_they_are_named() -> None:
    status, _, err = check(str(RECORDINGS.parent / "recordings_of_tools" / "c18-v1.har"))
    assert status == 2
    assert "nothing to check" in err
    assert "2 calls, REST API V1, which passlens does not check: GET /api/v1/authorize" in err
