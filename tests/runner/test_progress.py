"""The progress line: shown on a terminal after a moment, wiped at the end, never anywhere else."""

import io

import pytest

from passlens.runner import progress
from passlens.runner.progress import Progress


class StdoutWriter(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_share_count_rate_and_time_left_are_shown(clock: list[float]) -> None:
    screen = StdoutWriter()
    with Progress(screen) as shown:
        shown.exchanges = 1234
        clock[0] += 2
        shown.bytes(4_000_000, 8_000_000)
        assert screen.getvalue() == "\r\x1b[K50%  1234 exchanges, 2.0 MB/s  2 s left"
    assert screen.getvalue().endswith("\r\x1b[K")


def test_without_a_total_there_is_no_share(clock: list[float]) -> None:
    screen = StdoutWriter()
    with Progress(screen) as shown:
        clock[0] += 1
        shown.bytes(1_000_000, None)
    assert "%" not in screen.getvalue()
    assert "left" not in screen.getvalue()
    assert screen.getvalue().startswith("\r\x1b[K1.0 MB/s")


def test_a_short_file_shows_nothing(clock: list[float]) -> None:
    screen = StdoutWriter()
    with Progress(screen) as shown:
        shown.bytes(10, 10)
        clock[0] += 0.1
        shown.bytes(10, 10)
    assert screen.getvalue() == ""


def test_a_line_in_between_wipes_the_progress_first(clock: list[float]) -> None:
    screen = StdoutWriter()
    with Progress(screen) as shown:
        clock[0] += 1
        shown.bytes(1, 2)
        shown.say("tv.mitm: is empty.")
    assert screen.getvalue().endswith("\r\x1b[Ktv.mitm: is empty.\n")


@pytest.mark.parametrize("quiet", [True, False])
def test_no_terminal_or_quiet_shows_nothing_but_lines(quiet: bool, clock: list[float]) -> None:
    stream = StdoutWriter() if quiet else io.StringIO()
    with Progress(stream, quiet=quiet) as shown:
        clock[0] += 9
        shown.bytes(1, 2)
        shown.say("said")
    assert stream.getvalue() == "said\n"
