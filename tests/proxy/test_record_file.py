"""The recording of a running proxy: a clean copy or a real one, whole, and nothing else on the disk."""

import errno
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader
from mitmproxy.test import tflow

from cases import as_exchange, case
from passlens.errors import UsageError, WriteError
from passlens.proxy.record_file import RecordFile, form_of
from passlens.recordings.exchange_to_flow import to_flow

MADE = case("P3")
TOKEN = dict(MADE.headers)["Authorization"].split()[1]


def of_the_api() -> http.HTTPFlow:
    return to_flow(as_exchange(MADE))


def read(path: Path) -> list[Any]:
    return list(FlowReader(io.BytesIO(path.read_bytes())).stream())


@pytest.mark.parametrize("name", ["tv.mitm", "tv.har", "TV.HAR"])
@pytest.mark.parametrize("real", [False, True])
def test_it_holds_what_was_added_with_or_without_secrets(tmp_path: Path, name: str, real: bool) -> None:
    path = tmp_path / name
    file = RecordFile(str(path), real=real)
    file.add(of_the_api())
    file.add(tflow.tflow(resp=True))
    assert list(tmp_path.iterdir()) == []
    assert file.finish() == []
    assert [one.name for one in tmp_path.iterdir()] == [name]
    data = path.read_bytes()
    assert (TOKEN.encode() in data) is real
    count = len(json.loads(data)["log"]["entries"]) if name.lower().endswith("har") else len(read(path))
    assert count == 2
    assert not real or stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_real_one_takes_an_old_file_from_others(tmp_path: Path) -> None:
    path = tmp_path / "tv.mitm"
    path.write_text("old")
    path.chmod(0o644)
    file = RecordFile(str(path), real=True)
    file.add(of_the_api())
    assert path.read_text() == "old"
    file.finish()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read(path)) == 1


@pytest.mark.parametrize("name", ["tv.mitm", "tv.har"])
def test_without_a_flow_it_is_a_recording_of_none(tmp_path: Path, name: str) -> None:
    RecordFile(str(tmp_path / name), real=False).finish()
    assert json.loads((tmp_path / name).read_text())["log"]["entries"] == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("tv.pcap", "does not say its format: name a .mitm or a .har file"),
        ("no/tv.mitm", "cannot be written (No such file or directory): make its folder first."),
        ("folder.mitm", "cannot be written (something else has that name): name another place."),
        ("nul\0.mitm", "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said_at_the_start(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.mitm").mkdir()
    with pytest.raises(UsageError) as caught:
        RecordFile(str(tmp_path / name), real=False)
    assert says in str(caught.value)


def test_formats_are_told_by_the_name() -> None:
    assert [form_of(name) for name in ("a.mitm", "a.flow", "a.FLOWS", "a.har")] == ["mitm", "mitm", "mitm", "har"]


def test_a_full_disk_costs_a_flow_and_leaves_the_others_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tv.mitm"
    file = RecordFile(str(path), real=True)
    file.add(of_the_api())
    spool = file._spool

    class Full:
        """Takes a hundred bytes and no more."""

        def __init__(self) -> None:
            self.room = 100

        def write(self, data: memoryview) -> int:
            taken = min(self.room, len(data))
            self.room -= taken
            if not taken:
                raise OSError(errno.ENOSPC, "No space left on device")
            return spool.write(data[:taken])

        def __getattr__(self, name: str) -> Any:
            return getattr(spool, name)

    with monkeypatch.context() as patched:
        patched.setattr(file, "_spool", Full())
        with pytest.raises(OSError, match="No space left"):
            file.add(of_the_api())
    file.add(tflow.tflow(resp=True))
    file.finish()
    assert (file.flows, file.lost, len(read(path))) == (2, 1, 2)


def test_what_another_addon_put_into_a_flow_costs_that_flow_alone(tmp_path: Path) -> None:
    path = tmp_path / "tv.mitm"
    file = RecordFile(str(path), real=False)
    endless: list[Any] = []
    endless.append(endless)
    for value in ({"a secret"}, "\ud800", endless):
        flow = of_the_api()
        flow.metadata["another"] = value
        with pytest.raises(WriteError, match=r"cannot save what another addon put into it, \w+$"):
            file.add(flow)
        file.add(of_the_api())
    file.finish()
    assert (file.flows, file.lost, len(read(path))) == (3, 3, 3)


def test_a_folder_that_is_gone_at_the_end_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    file = RecordFile(str(folder / "tv.mitm"), real=False)
    file.add(of_the_api())
    folder.rmdir()
    with pytest.raises(WriteError, match=r"tv\.mitm cannot be written \(No such file or directory\): make its"):
        file.finish()
