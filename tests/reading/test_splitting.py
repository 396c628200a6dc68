"""Large files in parts: nothing is lost or read twice, indexes go on, and what is wrong is said by the last part."""

import io
from pathlib import Path

import pytest
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from passlens.exchange import Exchange
from passlens.reading import splitting
from passlens.reading.splitting import Part, split
from passlens.recording import Item, Trouble, read


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Thirty flows, each with its number in the path, and parts that may be small."""
    buffer = io.BytesIO()
    writer = FlowWriter(buffer)
    for number in range(30):
        flow = tflow.tflow(resp=True)
        flow.request.path = f"/api/v2/DEMOTV/sessions/{number}"
        writer.add(flow)
    path = tmp_path / "tv.mitm"
    path.write_bytes(buffer.getvalue())
    monkeypatch.setattr(splitting, "SMALLEST", 1000)
    return path


def in_parts(path: Path, pieces: int) -> list[Item]:
    return [item for part in split(str(path), pieces) for item in read([part])]


@pytest.mark.parametrize("pieces", [2, 3, 7, 30, 1000])
def test_the_parts_together_are_the_file(recording: Path, pieces: int) -> None:
    parts = split(str(recording), pieces)
    assert 1 < len(parts) <= min(pieces, 30)
    assert [part.stop for part in parts[:-1]] == [part.start for part in parts[1:]]
    assert in_parts(recording, pieces) == list(read([str(recording)]))
    assert [item.index for item in in_parts(recording, pieces)] == list(range(30))


def test_a_small_file_a_pipe_and_what_is_not_there_stay_whole(tmp_path: Path) -> None:
    small = tmp_path / "small.mitm"
    small.write_bytes(b"1:a,")
    for name in (str(small), "/dev/null", str(tmp_path / "none.mitm"), "a\0b", str(tmp_path)):
        assert split(name, 4) == [Part(name, 0, None, 0)]


def test_a_har_stays_whole(recording: Path) -> None:
    recording.write_bytes(b'{"log": {' + b" " * 100_000)
    assert split(str(recording), 4) == [Part(str(recording), 0, None, 0)]


def test_damage_is_said_once_with_its_place(recording: Path) -> None:
    data = recording.read_bytes()
    recording.write_bytes(data[: len(data) // 2] + b"junk" + data[len(data) // 2 :])
    assert in_parts(recording, 5) == list(read([str(recording)]))
    assert len([item for item in in_parts(recording, 5) if isinstance(item, Trouble)]) == 1


def test_a_cut_end_is_said_by_the_last_part(recording: Path) -> None:
    recording.write_bytes(recording.read_bytes()[:-10])
    *whole, last = in_parts(recording, 5)
    assert len(whole) == 29
    assert all(isinstance(item, Exchange) for item in whole)
    assert isinstance(last, Trouble)
    assert last.index == 29
    assert "is cut off" in last.sentence


def test_what_is_appended_meanwhile_is_read_by_the_last_part(recording: Path) -> None:
    parts = split(str(recording), 5)
    data = recording.read_bytes()
    recording.write_bytes(data + data)
    assert len(list(read(parts[-1:]))) > 30
