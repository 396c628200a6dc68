"""Ctrl-C during a check: it ends the waiting for more input, never the writing of a report in the middle of a line.
Pressed again, it ends everything at once."""

import signal
import threading
from collections.abc import Generator, Iterator
from types import FrameType, TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Stopping:
    """While entered, Ctrl-C sets ``asked``; ``until`` hands on what a generator yields up to then."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting = False
        self._raised = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._pressed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _pressed(self, number: int, frame: FrameType | None) -> None:
        at_once = self._waiting or self.asked
        self.asked = True
        if at_once:
            self._raised = True
            raise KeyboardInterrupt

    def until(self, items: Generator[T, None, None]) -> Iterator[T]:
        """The items; after Ctrl-C those that the generator still has, if it catches KeyboardInterrupt to give them."""
        try:
            while True:
                self._waiting = True
                if self.asked and not self._raised:  # pressed while a report was being written
                    self._raised = True
                    item = items.throw(KeyboardInterrupt())
                else:
                    item = next(items)
                self._waiting = False
                yield item
        except StopIteration:
            return
        except KeyboardInterrupt:
            self.asked = True
        finally:
            self._waiting = False
