"""A line of progress on the terminal while a long recording is read; nothing where there is no terminal."""

import time
from types import TracebackType
from typing import Final, Self, TextIO

from passlens.util.text import plural

_EVERY: Final = 0.2
"""Seconds between two updates; the first comes after one such pause, so that short files show none."""


class Progress:
    """Shows share, count, rate and remaining time on ``err``. ``quiet`` turns it off: the report itself is running
    over the same terminal."""

    def __init__(self, err: TextIO, *, quiet: bool = False) -> None:
        self._err = err
        self._on = err.isatty() and not quiet
        self._started = self._shown = time.monotonic()
        self._visible = False
        self.exchanges: int | None = None
        """How many there were so far, for who counts them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()

    def bytes(self, done: int, total: int | None) -> None:
        """Bytes read so far, and in all if that is known."""
        now = time.monotonic()
        if not self._on or now - self._shown < _EVERY:
            return
        self._shown, self._visible = now, True
        passed = now - self._started
        rate = f"{done / 1e6 / passed:.1f} MB/s"
        words = [rate if self.exchanges is None else f"{plural(self.exchanges, 'exchange')}, {rate}"]
        if total:
            words.insert(0, f"{100 * done // total}%")
            words.append(f"{max(total - done, 0) * passed / max(done, 1):.0f} s left")
        self._err.write("\r\x1b[K" + "  ".join(words))
        self._err.flush()

    def say(self, text: str) -> None:
        """Write a line in between."""
        self._clear()
        self._err.write(text + "\n")

    def _clear(self) -> None:
        if self._visible:
            self._err.write("\r\x1b[K")
            self._err.flush()
            self._visible = False
