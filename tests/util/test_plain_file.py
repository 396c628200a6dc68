"""Only ordinary files are read, and none for longer than it is allowed to be."""

import os
import socket
from pathlib import Path

import pytest

from passlens.util.plain_file import is_pipe, read


@pytest.mark.parametrize("size", [0, 3, 4])
def test_a_file_is_read_to_its_end_or_one_byte_too_far(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    assert read(path, 3) == b"x" * size
    path.write_bytes(b"x" * 10)
    assert read(path, 3) == b"xxxx"


def test_what_is_no_ordinary_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket has to be short
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for path in ("pipe", "socket", ".", "/dev/zero"):
            with pytest.raises(ValueError, match=r"^it is no ordinary file$"):
                read(path, 3)
    with pytest.raises(OSError, match="No such file"):
        read("none", 3)
    with pytest.raises(ValueError, match=r"^its name holds a NUL$"):
        read("a\0b", 3)


def test_a_pipe_is_told_from_all_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    assert is_pipe("~/pipe")
    assert is_pipe(str(tmp_path / "link"))
    assert not any(map(is_pipe, (str(tmp_path), str(tmp_path / "none"), "/dev/null", "nul\0")))
