"""Colours and width: a terminal has them, a pipe has not, and the usual environment variables have the last word."""

import io

import pytest

from passlens.util.terminal import takes_colour, width


class StdoutWriter(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        """As a terminal does."""
        return True


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def test_a_terminal_takes_colours_and_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "77")
    assert takes_colour(StdoutWriter())
    assert width(StdoutWriter()) == 77
    assert not takes_colour(io.StringIO())
    assert width(io.StringIO()) is None


def test_the_environment_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert takes_colour(io.StringIO())
    assert width(io.StringIO()) is not None
    monkeypatch.setenv("NO_COLOR", "1")
    assert not takes_colour(StdoutWriter())
    monkeypatch.setenv("NO_COLOR", "")
    assert takes_colour(StdoutWriter())
    monkeypatch.setenv("FORCE_COLOR", "")
    assert not takes_colour(io.StringIO())
