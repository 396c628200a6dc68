"""Recordings to be copied: read twice also through a pipe, watched, never written over."""

import io
import os
import sys
from pathlib import Path

import pytest

from passlens.errors import UsageError, WriteError
from passlens.runner.originals import Watched, access, is_same, opened, writing


def test_a_pipe_can_be_read_twice(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"recording")
    os.close(writing)
    with opened(f"/dev/fd/{reading}") as source:
        os.close(reading)
        source.seek(0)
        assert source.read() == b"recording"
        source.seek(0)
        assert source.read() == b"recording"


@pytest.mark.parametrize(("name", "error"), [("missing", FileNotFoundError), ("a\0b", ValueError)])
def test_what_cannot_be_opened_raises(name: str, error: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(error):
        opened(str(tmp_path / name))


def test_a_recording_is_known_by_any_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tv.mitm").write_bytes(b"x")
    (tmp_path / "link.mitm").symlink_to("tv.mitm")
    (tmp_path / "other.mitm").write_bytes(b"x")
    source = str(tmp_path / "tv.mitm")
    names = ("tv.mitm", "link.mitm", "other.mitm", "missing.mitm", "a\0b")
    assert [is_same(source, str(tmp_path / name)) for name in names] == [True, True, False, False, False]
    assert is_same(str(tmp_path), f"{tmp_path}/new.mitm")
    assert not is_same(str(tmp_path), f"{tmp_path}.mitm")
    with open(source) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert is_same("-", source)


def test_a_copy_may_be_read_by_those_who_may_read_all_it_is_made_of(tmp_path: Path) -> None:
    for name, mode in {"a": 0o644, "b": 0o440, "c": 0o604}.items():
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    assert [access([tmp_path / name]) for name in "abc"] == [0o644, 0o640, 0o604]
    assert access([tmp_path / "a", str(tmp_path / "b"), tmp_path / "c"]) == 0o600
    assert access([tmp_path, tmp_path / "missing", "a\0b", "/dev/null"]) == 0o666


def test_a_wrong_place_is_a_mistake_and_a_full_disk_a_loss(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "no" / "x", "a\0b"):
        with pytest.raises(UsageError, match="cannot be written"), writing(str(place)):
            raise AssertionError("nothing is read")
    with pytest.raises(WriteError, match="No space left"), writing("/dev/full") as stream:
        stream.write(b"x")
    with pytest.raises(KeyError), writing(str(tmp_path / "x")):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
    with writing(str(tmp_path / "x")) as stream:
        stream.write(b"x")
    assert (tmp_path / "x").read_bytes() == b"x"


def test_what_was_read_is_told_over_all_passes() -> None:
    told: list[tuple[int, int | None]] = []
    source = Watched(io.BytesIO(b"abcdef"), lambda done, total: told.append((done, total)), 2)
    assert source.read(2) == b"ab"
    assert source.tell() == 2
    for _ in range(2):
        source.seek(0)
        assert source.read1() == b"abcdef"
    assert told == [(2, 12), (8, 12), (12, 12)]
