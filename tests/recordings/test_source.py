"""Bytes on their way in: counted, looked at, and never more memory than arrives."""

import io
import os
from pathlib import Path
from typing import Any

from passlens.recordings.source import ByteCount, Source


def test_bytes_are_counted_over_all_sources() -> None:
    seen: list[tuple[int, int | None]] = []
    count = ByteCount(lambda count, total: seen.append((count, total)), 6)
    for data in (b"abc", b"", b"def"):
        Source(io.BytesIO(data), count).read_exactly(10)
    assert seen == [(3, 6), (6, 6)]


def test_peek_takes_nothing() -> None:
    source = Source(io.BytesIO(b"abcdef"))
    assert source.peek(2) == b"ab"
    assert source.read(1) == b"a"
    assert source.peek(9) == b"bcdef"
    assert source.read_exactly(3) == b"bcd"
    assert source.read(9) == b"ef"
    assert source.peek(1) == source.read(1) == source.read_exactly(1) == b""


def test_what_is_left_is_known_for_files_and_grows_with_them(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with path.open("rb") as stream, path.open("ab") as writer:
        source = Source(stream)
        assert source.left() == 5
        source.read(2)
        assert source.left() == 3
        writer.write(b"67")
        writer.flush()
        assert source.left() == 5


def test_what_is_left_is_unknown_for_pipes_and_memory() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as stream, open(writing, "wb"):
        assert Source(stream).left() is None
    assert Source(io.BytesIO(b"1")).left() is None


def test_a_pipe_never_costs_more_memory_than_arrives() -> None:
    assert Source(io.BytesIO(b"abc")).read_exactly(999_999_999_999) == b"abc"


class Pipe(io.RawIOBase):
    """Gives what has arrived, piece by piece; who asks for more than that would wait."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        assert self._pieces, "it waits"
        piece = self._pieces.pop(0)
        buffer[: len(piece)] = piece
        return len(piece)


def test_what_a_pipe_holds_is_handed_on_at_once() -> None:
    source = Source(io.BufferedReader(Pipe(b"abcd", b"e", b"fg", b"")))
    assert source.read(100) == b"abcd"
    assert source.peek(1) == b"e"
    assert source.peek(3) == b"efg"
    assert source.peek(9) == source.read_exactly(3) == b"efg"
