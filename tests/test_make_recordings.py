"""The script that makes tests/recordings, run for its smallest recording."""

import io
import json
import re
import socket
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader

import forge
import make_recordings
from samples.case import HOST
from support.proxy import ROOT

STORY = "apple-tv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    make_recordings.main([STORY, "--into", str(folder)])
    return folder


def flows(data: bytes) -> list[http.HTTPFlow]:
    return [flow for flow in FlowReader(io.BytesIO(data)).stream() if isinstance(flow, http.HTTPFlow)]


def entries(text: str) -> list[dict[str, object]]:
    return json.loads(text)["log"]["entries"]


def test_story_is_recorded_as_told(made: Path) -> None:
    scenes = next(recording.scenes for recording in make_recordings.recordings() if recording.name == STORY)
    recorded = flows((made / f"{STORY}.mitm").read_bytes())
    assert len(recorded) == len(scenes) >= 8
    for scene, flow in zip(scenes, recorded, strict=True):
        case = scene.case
        assert (flow.request.method, flow.request.path, flow.request.content) == (case.method, case.path, case.body)
        assert (flow.response.status_code, flow.response.content) == (case.status, case.response_body)
        assert flow.request.host == case.host
        assert flow.request.timestamp_start == forge.CLOCK + scene.at
        sent = {(name.lower(), value) for name, value in flow.request.headers.items(multi=True)}
        assert {(name.lower(), value) for name, value in case.headers} <= sent


def test_har_holds_the_same_exchanges(made: Path) -> None:
    recorded = flows((made / f"{STORY}.mitm").read_bytes())
    told = entries((made / f"{STORY}.har").read_text("utf-8"))
    assert [entry["request"]["url"] for entry in told] == [flow.request.pretty_url for flow in recorded]
    assert [entry["response"]["status"] for entry in told] == [flow.response.status_code for flow in recorded]


def test_a_second_run_makes_what_is_checked_in(made: Path) -> None:
    assert flows_state(made) == flows_state(make_recordings.FOLDER)
    har = f"{STORY}.har"
    checked_in = (make_recordings.FOLDER / har).read_text("utf-8")
    assert entries((made / har).read_text("utf-8")) == entries(checked_in)


def flows_state(folder: Path) -> list[dict[str, object]]:
    states = (flow.get_state() for flow in flows((folder / f"{STORY}.mitm").read_bytes()))
    return [{part: state[part] for part in ("id", "request", "response", "error")} for state in states]


@pytest.mark.parametrize("recording", make_recordings.recordings(), ids=lambda recording: recording.name)
def test_checked_in_recordings_are_complete(recording: make_recordings.Recording) -> None:
    recorded = flows((make_recordings.FOLDER / f"{recording.name}.mitm").read_bytes())
    told = entries((make_recordings.FOLDER / f"{recording.name}.har").read_text("utf-8"))
    assert len(recorded) == len(told) == len(recording.scenes)
    for scene, flow in zip(recording.scenes, recorded, strict=True):
        answered = flow.response.content if flow.response is not None else None
        assert answered == (scene.case.response_body if scene.how == "plain" else None)
        assert flow.request.content == scene.case.body


def test_checked_in_recordings_tell_nothing_of_where_they_were_made() -> None:
    words = [str(ROOT), "/tmp/", "/home/", "/Users/"]
    words += [word for word in (str(Path.home()), socket.gethostname()) if len(word) > 8]
    addresses = {"127.0.0.1", "203.0.113.7"}
    recorded = [path for path in make_recordings.FOLDER.iterdir() if path.suffix in (".har", ".mitm")]
    assert len(recorded) == 2 * len(make_recordings.recordings())
    for path in recorded:
        text = path.read_bytes().decode("latin-1")
        assert not [word for word in words if word in text], path.name
        assert set(re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text)) <= addresses, path.name


def test_real_host_is_kept_although_nothing_left_loopback(made: Path) -> None:
    for flow in flows((made / f"{STORY}.mitm").read_bytes()):
        assert flow.server_conn.peername[0] == flow.client_conn.peername[0] == "127.0.0.1"
        assert flow.request.pretty_host in (HOST, f"images.{forge.DOMAIN}")


def test_unknown_name_is_a_usage_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        make_recordings.main(["apple-tw"])
    assert ended.value.code == 2
    assert "unknown recording apple-tw" in capsys.readouterr().err
