"""Ctrl-C, SIGTERM and SIGHUP during a check: they end the waiting for more input, never the writing of a report in the
middle of a line. A second one ends everything at once, but for SIGHUP, which comes twice by itself."""

import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, Self, TypeVar

from passlens.util.closed_terminal import SIGHUP, Terminals, is_free

SIGNALS: Final[dict[int, str]] = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
"""Signals that stop a check, by the names users know them by. CI sends the second when a job is cancelled, a terminal
that is closed the third."""
if SIGHUP is not None:
    SIGNALS[SIGHUP] = "SIGHUP"

SignalHandler = Callable[[int, FrameType | None], None]

T = TypeVar("T")


class Stopped(KeyboardInterrupt):
    """A signal that takes effect at once. ``status`` is the exit status that shells give it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, by an exception, so that nothing half is left behind."""

    def sent(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _listen(sent, signal.SIGTERM)
    try:
        yield
    finally:
        _give_back(before)


def _listen(sent: SignalHandler, *numbers: int) -> dict[int, Any]:
    """Hear of these signals, and once of SIGHUP; what was done about them before."""
    before: dict[int, Any] = {}
    if SIGHUP is not None and is_free():
        terminals = Terminals()

        def hung_up(number: int, frame: FrameType | None) -> None:
            signal.signal(number, signal.SIG_IGN)  # it comes again
            terminals.let_go()
            sent(number, frame)

        before[SIGHUP] = signal.signal(SIGHUP, hung_up)
    return before | {number: signal.signal(number, sent) for number in numbers}


def _give_back(before: dict[int, Any]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)


class Stopping:
    """While entered, a signal makes ``asked`` true; ``until`` hands on what a generator yields up to then."""

    def __init__(self) -> None:
        self._first: signal.Signals | None = None
        self._waiting = False
        self._raised = False
        self._before: dict[int, Any] = {}

    @property
    def asked(self) -> bool:
        """True after the first signal."""
        return self._first is not None

    @property
    def name(self) -> str:
        """What the check was stopped by."""
        return SIGNALS[self._first or signal.SIGINT]

    @property
    def status(self) -> int:
        """The exit status that shells give a process that the signal ended."""
        return 128 + (self._first or signal.SIGINT)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = _listen(self._sent, signal.SIGINT, signal.SIGTERM)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _give_back(self._before)

    def _sent(self, number: int, frame: FrameType | None) -> None:
        at_once = self._waiting or self.asked
        self._first = self._first or signal.Signals(number)
        if at_once:
            self._raised = True
            raise Stopped(number)

    def until(self, items: Generator[T, None, None]) -> Iterator[T]:
        """The items; after a signal what the generator still has, if it catches KeyboardInterrupt to give it."""
        try:
            while True:
                self._waiting = True
                if self._first is not None and not self._raised:  # sent while a report was being written
                    self._raised = True
                    item = items.throw(Stopped(self._first))
                else:
                    item = next(items)
                self._waiting = False
                yield item
        except StopIteration:
            return
        except KeyboardInterrupt:
            self._first = self._first or signal.SIGINT
        finally:
            self._waiting = False
