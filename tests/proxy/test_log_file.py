"""The log of a running proxy: whole lines, appended at once, private, and no exception when the disk fails."""

import os
import stat
from pathlib import Path

import pytest

from passlens.proxy import exit_status
from passlens.proxy.log_file import LogFile


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


def cut(monkeypatch: pytest.MonkeyPatch, path: Path, also: str = "") -> str | None:
    """Write through a disk that takes three signs of a line; ``also`` is what somebody else appends right after."""
    real = os.write

    def write(descriptor: int, data: bytes) -> int:
        written = real(descriptor, data[:3])
        with path.open("a") as other:
            other.write(also)
        return written

    with monkeypatch.context() as patched:
        log = LogFile(str(path))
        patched.setattr(os, "write", write)
        said = log.write("a long line")
    assert log.lost == 1
    assert log.write("next") is None
    log.close()
    return said


def test_a_line_cut_by_a_full_disk_is_taken_back_and_writing_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("before\n")
    assert cut(monkeypatch, path) == f"cannot write the log {path}: the disk is full; the traffic goes on without it"
    assert path.read_text() == "before\nnext\n"


def test_a_cut_line_that_somebody_else_wrote_behind_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    assert cut(monkeypatch, path, also=" of another\n")
    assert path.read_text() == "a l of another\n\nnext\n"


def test_a_second_failure_is_news_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = LogFile(str(tmp_path / "log.jsonl"))

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(os, "write", fail)
            assert log.write("more") is not None
            assert log.write("more") is None
        assert log.write("room again") is None
    assert log.lost == 4
    log.close()
    log.close()


def test_a_line_that_an_earlier_run_left_unfinished_is_closed_first(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"a": 1}\n{"a"')
    log = LogFile(str(path))
    log.write("next")
    log.close()
    assert path.read_text() == '{"a": 1}\n{"a"\nnext\n'


# ---- the file changes its place


@pytest.mark.parametrize("how", ["renamed", "removed", "replaced"])
def test_a_log_that_is_rotated_is_opened_anew(tmp_path: Path, how: str) -> None:
    path, old = tmp_path / "log.jsonl", tmp_path / "log.jsonl.1"
    log = LogFile(str(path))
    log.write("one")
    if how == "removed":
        path.unlink()
    else:
        path.rename(old)
    if how == "replaced":
        path.write_text("theirs\n")
    assert log.write("two") is None
    assert log.write("three") is None
    log.close()
    assert path.read_text() == "theirs\n" * (how == "replaced") + "two\nthree\n"
    assert not old.exists() or old.read_text() == "one\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or how == "replaced"
    assert log.lost == 0


def test_an_error_that_shows_when_the_old_file_is_closed_is_none_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    log = LogFile(str(path))
    path.unlink()
    real = os.close

    def fail(descriptor: int) -> None:
        real(descriptor)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "close", fail)
        assert log.write("one") is None
    log.close()
    assert path.read_text() == "one\n"


def test_a_log_that_is_emptied_goes_on_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = LogFile(str(path))
    log.write("one")
    path.write_text("")
    log.write("two")
    log.close()
    assert path.read_text() == "two\n"


def test_rotating_leaves_no_file_open(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = LogFile(str(path))
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(5):
        path.unlink()
        assert log.write("line") is None
    assert set(os.listdir("/proc/self/fd")) == before
    log.close()


def test_lines_of_a_folder_that_was_removed_are_counted_until_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    path = folder / "log.jsonl"
    log = LogFile(str(path))
    path.unlink()
    folder.rmdir()
    why = f"cannot write the log {path}: No such file or directory; the traffic goes on without it"
    assert [log.write("one"), log.write("two")] == [why, None]
    assert log.lost == 2
    folder.mkdir()
    assert log.write("three") is None
    log.close()
    assert path.read_text() == "three\n"


def test_lines_of_a_folder_that_was_renamed_stay_in_the_file_that_was_open(tmp_path: Path) -> None:
    folder, moved = tmp_path / "logs", tmp_path / "old logs"
    folder.mkdir()
    log = LogFile(str(folder / "log.jsonl"))
    folder.rename(moved)
    why = f"cannot open the log {folder}/log.jsonl anew: No such file or directory; lines go on into the file it was"
    assert [log.write("one"), log.write("two")] == [why, None]
    assert (moved / "log.jsonl").read_text() == "one\ntwo\n"
    folder.mkdir()
    assert log.write("three") is None
    log.close()
    assert (folder / "log.jsonl").read_text() == "three\n"
    assert log.lost == 0


# ---- pipes


def test_a_pipe_whose_reader_sleeps_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="No such device"):
        LogFile(str(path))
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    log = LogFile(str(path))
    said = [log.write("x" * 999) for _ in range(100)]
    why = f"cannot write the log {path}: its reader is too slow; the traffic goes on without it"
    assert [words for words in said if words] == [why]
    assert 0 < log.lost < 100
    got = b""
    while len(piece := os.read(reader, 1 << 16)) == 1 << 16:
        got += piece
    got += piece
    assert log.write("awake") is None
    got += os.read(reader, 1 << 16)
    lines = got.decode().split("\n")
    assert lines[-2:] == ["awake", ""]
    assert len([line for line in lines if line == "x" * 999]) == 100 - log.lost
    log.close()
    os.close(reader)


def test_a_folder_that_has_become_read_only_is_said_once_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    log = LogFile(str(path))
    path.unlink()

    # Permissions stop no administrator, as which tests may run.
    def refuse(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        said = [log.write("one"), log.write("two")]
    assert said == [f"cannot write the log {path}: Read-only file system; the traffic goes on without it", None]
    assert log.lost == 2
    assert log.write("three") is None
    log.close()
    assert path.read_text() == "three\n"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o600])
def test_a_log_that_was_there_is_closed_to_others(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("")
    path.chmod(mode)
    log = LogFile(str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert log.warning is None
    log.close()


def test_a_log_that_cannot_be_closed_to_others_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("")
    path.chmod(0o644)

    def refuse(descriptor: int, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    log = LogFile(str(path))
    assert log.warning == f"others on this machine can read the log {path}: name a file of your own"
    log.close()


def test_a_lost_line_is_the_status_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_status, "_lost", False)
    log = LogFile("/dev/full")
    assert exit_status.status() == 0
    log.write("{}")
    log.close()
    assert exit_status.status() == 4
