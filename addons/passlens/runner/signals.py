"""Ctrl-C and SIGTERM during a check: they end the waiting for more input, never the writing of a report in the middle
of a line. A second one ends everything at once."""

import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, Self, TypeVar

SIGNALS: Final = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}
"""Signals that stop a check, by the names users know them by. CI sends the second when a job is cancelled."""

T = TypeVar("T")


class Stopped(KeyboardInterrupt):
    """A signal that takes effect at once. ``status`` is the exit status that shells give it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, by an exception, so that nothing half is left behind."""

    def sent(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, sent)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
            self._before = {number: signal.signal(number, self._sent) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

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
