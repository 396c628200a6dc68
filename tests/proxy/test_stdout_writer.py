"""Standard output that nobody takes: nothing waits, nothing grows without bound, and what comes later is in order."""

import fcntl
import io
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import TextIO

import pytest

from passlens.proxy import stdout_writer
from passlens.proxy.stdout_writer import StdoutWriter

BLOCK = "x" * 1000


class Pipe:
    """Standard output as a small pipe; a test is its reader."""

    def __init__(self) -> None:
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.set_blocking(self.reader, False)
        self.stream: TextIO = os.fdopen(writer, "w", encoding="utf-8")

    def read(self) -> str:
        """Everything that is there."""
        got = b""
        while True:
            try:
                piece = os.read(self.reader, 1 << 16)
            except BlockingIOError:
                return got.decode()
            if not piece:
                return got.decode()
            got += piece


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """A pipe in the place of standard output."""
    made = Pipe()
    # Not sys.stdout itself, which pytest takes back after a fixture.
    monkeypatch.setattr(stdout_writer, "sys", SimpleNamespace(stdout=made.stream))
    yield made
    os.close(made.reader)
    with suppress(OSError):
        made.stream.close()


def drain(pipe: Pipe, shown: StdoutWriter) -> str:
    """Read until nothing comes any more."""
    got = ""
    while piece := pipe.read():
        got += piece
        shown.go_on()
    return got


def test_what_is_taken_is_there_at_once(pipe: Pipe) -> None:
    shown = StdoutWriter()
    shown.show("é\n")
    assert pipe.read() == "é\n\n"


def test_blocks_that_nobody_takes_wait_and_come_in_order(pipe: Pipe) -> None:
    shown = StdoutWriter()
    for number in range(50):
        shown.show(f"{number} {BLOCK}")
    assert drain(pipe, shown) == "".join(f"{number} {BLOCK}\n" for number in range(50))


def test_beyond_the_limit_blocks_are_left_out_and_counted(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdout_writer, "MAX_COUNT", 10_000)
    shown = StdoutWriter()
    for number in range(30):
        shown.show(f"{number} {BLOCK}")
    lines = drain(pipe, shown).splitlines()
    kept = [int(line.split()[0]) for line in lines if line.endswith(BLOCK)]
    assert kept == list(range(len(kept)))
    assert 10 <= len(kept) < 20
    assert lines[len(kept) :] == [f"{30 - len(kept)} blocks left out here: nobody read them.", ""]
    shown.show("after it")
    assert pipe.read() == "after it\n"


def test_where_no_traffic_waits_everything_is_shown(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdout_writer, "MAX_COUNT", 10_000)
    shown, got = StdoutWriter(), []
    for _ in range(10):
        shown.show(BLOCK)
    reader = threading.Thread(target=lambda: got.append(_read_whole(pipe, 50 * 1001)))
    reader.start()
    for _ in range(40):
        shown.show(BLOCK, wait=True)
    reader.join(10)
    assert got == [f"{BLOCK}\n" * 50]


def _read_whole(pipe: Pipe, length: int) -> str:
    os.set_blocking(pipe.reader, True)
    got = b""
    while len(got) < length:
        got += os.read(pipe.reader, 1 << 16)
    return got.decode()


def test_the_end_waits_for_the_rest_but_not_for_long(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdout_writer, "LAST", 0.1)
    shown = StdoutWriter()
    for _ in range(20):
        shown.show(BLOCK)
    shown.close()
    first = pipe.read()
    assert 0 < len(first) < 20 * 1001
    monkeypatch.setattr(stdout_writer, "LAST", 10.0)
    reader = threading.Thread(target=_read_whole, args=(pipe, 20 * 1001 - len(first)))
    reader.start()
    shown.close()
    reader.join(10)
    assert not reader.is_alive()


def test_a_reader_who_has_gone_is_no_error(pipe: Pipe) -> None:
    shown = StdoutWriter()
    for _ in range(20):
        shown.show(BLOCK)
    os.close(pipe.reader)
    for _ in range(2):
        shown.show("nobody there")
    shown.close()
    pipe.reader = os.open(os.devnull, os.O_RDONLY)


def test_a_stream_that_is_no_file_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(stdout_writer, "sys", SimpleNamespace(stdout=io.TextIOWrapper(raw, "ascii")))
    StdoutWriter().show("é")
    assert raw.getvalue() == b"\\xe9\n"
