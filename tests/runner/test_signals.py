"""Ctrl-C and SIGTERM: they end the waiting, not the writing; what a generator still has is taken; a second ends all."""

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from passlens.runner.signals import Stopped, Stopping, cleaning_up


def press(number: int = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


def numbers(stop_at: int = -1) -> Generator[int, None, None]:
    for number in range(5):
        if number == stop_at:
            press()
        yield number


def test_without_it_everything_is_handed_on() -> None:
    with Stopping() as stopping:
        assert list(stopping.until(numbers())) == [0, 1, 2, 3, 4]
        assert not stopping.asked


def test_while_waiting_it_ends_the_waiting() -> None:
    with Stopping() as stopping:
        assert list(stopping.until(numbers(stop_at=3))) == [0, 1, 2]
        assert stopping.asked


def test_while_writing_the_writing_goes_on_and_then_it_ends() -> None:
    written = []
    with Stopping() as stopping:
        for number in stopping.until(numbers()):
            if number == 2:
                press()
            written.append(number)
        assert stopping.asked
    assert written == [0, 1, 2]


@pytest.mark.parametrize("while_writing", [True, False])
def test_a_generator_that_catches_it_gives_what_it_has(while_writing: bool) -> None:
    def careful() -> Generator[int, None, None]:
        try:
            yield from numbers(-1 if while_writing else 2)
        except KeyboardInterrupt:
            yield from (10, 11)
            raise

    got = []
    with Stopping() as stopping:
        for number in stopping.until(careful()):
            got.append(number)
            if while_writing and number == 1:
                press()
        assert stopping.asked
    assert got == [0, 1, 10, 11]


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_everything(second: int) -> None:
    with Stopping() as stopping:
        assert next(iter(stopping.until(numbers()))) == 0
        press()
        with pytest.raises(Stopped) as end:
            press(second)
    assert end.value.status == 128 + second


def test_the_end_of_the_terminal_comes_twice_and_ends_the_waiting_once() -> None:
    with handled(signal.SIG_DFL):
        with Stopping() as stopping:
            assert list(stopping.until(numbers())) == [0, 1, 2, 3, 4]
            press(signal.SIGHUP)
            press(signal.SIGHUP)
        assert (stopping.asked, stopping.name, stopping.status) == (True, "SIGHUP", 129)
        with pytest.raises(Stopped) as end, cleaning_up():
            press(signal.SIGHUP)
        assert end.value.status == 129
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda number, frame: None])
def test_who_ignores_or_takes_the_end_of_the_terminal_keeps_it(handler: Any) -> None:
    with handled(handler), Stopping() as stopping, cleaning_up():
        press(signal.SIGHUP)
        assert not stopping.asked


@contextmanager
def handled(handler: Any) -> Iterator[None]:
    """What is done about SIGHUP where the command starts."""
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "name", "status"), [(2, "Ctrl-C", 130), (15, "SIGTERM", 143)])
def test_the_signal_gives_the_name_and_the_status(number: int, name: str, status: int) -> None:
    with Stopping() as stopping:
        for _ in stopping.until(numbers()):
            press(number)
    assert (stopping.asked, stopping.name, stopping.status) == (True, name, status)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_usual_way_is_back_afterwards(number: int) -> None:
    before = signal.getsignal(number)
    with Stopping():
        assert signal.getsignal(number) is not before
    assert signal.getsignal(number) is before
