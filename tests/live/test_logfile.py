"""The log of a running proxy: whole lines, appended at once, private, and no exception when the disk fails."""

import os
import stat
from pathlib import Path

import pytest

from passlens.live.logfile import LogFile


def test_lines_are_appended_and_there_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("old\n")
    log = LogFile(str(path))
    assert log.write("one") is None
    assert path.read_text() == "old\none\n"
    assert log.write("two") is None
    log.close()
    assert path.read_text() == "old\none\ntwo\n"


def test_nobody_else_may_read_a_new_log(tmp_path: Path) -> None:
    LogFile(str(tmp_path / "log.jsonl")).close()
    assert stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == 0o600


def test_the_home_folder_may_be_written_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    LogFile("~/log.jsonl").close()
    assert (tmp_path / "log.jsonl").exists()


def test_what_cannot_be_opened_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        LogFile(str(tmp_path))


def test_a_full_disk_is_said_once_and_counted() -> None:
    log = LogFile("/dev/full")
    said = log.write("one")
    assert said == "cannot write the log /dev/full: No space left on device; the traffic goes on without it"
    assert log.write("two") is None
    assert log.lost == 2
    log.close()


def test_a_line_cut_by_a_full_disk_is_closed_and_writing_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    log = LogFile(str(path))
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:3]))
    said = log.write("a long line")
    assert said is not None
    assert "full" in said
    monkeypatch.setattr(os, "write", real)
    assert log.write("next") is None
    assert path.read_text() == "a l\nnext\n"
    assert log.lost == 1
    # A second failure is news again.
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    assert log.write("more") is not None
    log.close()
    log.close()
