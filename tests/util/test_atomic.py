"""Files that are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from passlens.util.atomic import replacing


def test_the_new_content_takes_the_name_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_whatever_happens_meanwhile_the_old_file_stays(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "report"
    path.write_bytes(b"old")

    def write() -> None:
        with replacing(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        with replacing(tmp_path / "new") as stream:
            stream.write(b"1")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


@pytest.mark.parametrize(("old", "at_most", "mode"), [(None, 0o600, 0o600), (0o644, 0o600, 0o600),
                                                      (0o600, 0o644, 0o600), (0o640, 0o604, 0o600)])  # fmt: skip
def test_nothing_is_granted_beyond_what_was_asked_for(old: int | None, at_most: int, mode: int, tmp_path: Path) -> None:
    path = tmp_path / "report"
    if old is not None:
        path.touch()
        path.chmod(old)
    with replacing(path, at_most) as stream:
        stream.write(b"1")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    with replacing(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_what_is_no_file_is_written_to_directly() -> None:
    with replacing("/dev/null") as stream:
        stream.write(b"gone")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_pipe_among_the_open_files_is_written_to_directly() -> None:
    reading, writing = os.pipe()
    with replacing(f"/dev/fd/{writing}") as stream:
        stream.write(b"through")
    os.close(writing)
    with open(reading, "rb") as pipe:
        assert pipe.read() == b"through"


def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(OSError, match="No space left"), replacing("/dev/full") as stream:
        stream.write(b"x" * 100_000)


def test_folders_and_missing_folders_are_errors(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError), replacing(tmp_path):
        pass
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "missing" / "file"):
        pass
