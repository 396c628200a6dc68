"""Keys from a pipe and from a terminal, which is as before afterwards."""

import os
import pty
import termios
from pathlib import Path

import pytest

from passlens.testing.conformance.keys import DONE, STOP, Keys, NoKeys


def test_the_first_letter_of_what_a_pipe_holds_and_stop_at_its_end() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream, Keys(stream) as keys:
        assert keys.read(0.01) is None
        for text, key in (("skip\n", "s"), ("R\n", "r"), ("\n", DONE), ("\r\n", DONE), ("\xff\n", "\xff")):
            os.write(writing, text.encode())
            assert keys.read(5) == key
        os.close(writing)
        assert [keys.read(5), keys.read(5)] == [STOP, STOP]


def test_lines_that_a_pipe_brings_at_once_or_in_pieces_are_a_key_each() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream, Keys(stream) as keys:
        os.write(writing, b"skip\n\nre")
        assert [keys.read(5), keys.read(5), keys.read(0.01)] == ["s", DONE, None]
        os.write(writing, b"peat\nb")
        os.close(writing)
        assert [keys.read(5), keys.read(5), keys.read(5)] == ["r", "b", STOP]


def test_a_terminal_gives_each_key_at_once_and_is_as_before_afterwards() -> None:
    main, other = pty.openpty()
    with os.fdopen(other, "r") as stream:
        before = termios.tcgetattr(other)
        with Keys(stream) as keys:
            os.write(main, b"b")
            assert keys.read(5) == "b"
        assert termios.tcgetattr(other) == before
    os.close(main)


def test_nobody_presses_a_key() -> None:
    assert NoKeys().read(0) is None


def test_a_stream_that_is_closed_gives_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with Keys() as keys:
        assert keys.read(5) == STOP
