"""A proxy ends with its input, in order, and not before."""

import os
import signal
import threading

import pytest

from passlens.proxy import input_end
from support.pipes import PATIENCE


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, list[int]]:
    came, found = threading.Event(), list[int]()

    def take(number: int) -> None:
        found.append(number)
        came.set()

    monkeypatch.setattr(signal, "raise_signal", take)
    return came, found


def test_the_end_of_the_input_ends_it_and_what_is_written_does_not(
    signals: tuple[threading.Event, list[int]],
) -> None:
    came, found = signals
    reading, writing = os.pipe()
    input_end.watch(reading)
    os.write(writing, b"words")
    assert not came.wait(0.1)
    os.close(writing)
    assert came.wait(PATIENCE)
    assert found == [signal.SIGTERM]
    os.close(reading)


def test_an_input_that_is_closed_has_ended(signals: tuple[threading.Event, list[int]]) -> None:
    came, found = signals
    reading, writing = os.pipe()
    os.close(reading), os.close(writing)
    input_end.watch(reading)
    assert came.wait(PATIENCE)
    assert found == [signal.SIGTERM]
