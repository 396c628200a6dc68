"""Standard output, as long as somebody takes it: a paused pager or a stopped terminal must not hold up the traffic.
What nobody takes waits, up to a limit; blocks beyond it are left out, and how many is said later."""

import select
import sys
import time
from typing import Final

from passlens.reports.words import plural

MOST: Final = 1 << 20
"""Bytes that wait for somebody to take them."""

PIECE: Final = 4096
"""Bytes that are written at once: a pipe that takes anything takes as many."""

LAST: Final = 2.0
"""Seconds that the rest is waited for at the end."""


class Screen:
    """Shows blocks. Never raises, and waits only where it is told to."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._left_out = 0
        self._gone = False

    def show(self, text: str, *, wait: bool = False) -> None:
        """Show a block, now or as soon as it is taken; ``wait`` for that where no traffic waits meanwhile."""
        if self._gone:
            return
        data = (text + "\n").encode(sys.stdout.encoding or "utf-8", "backslashreplace")
        if not wait and len(self._waiting) + len(data) > MOST:
            self._left_out += 1
        else:
            self._waiting += data
        self.go_on(wait=wait)

    def go_on(self, *, wait: bool = False) -> None:
        """Write what waits, as far as it is taken."""
        try:
            while self._waiting and (wait or _takes()):
                sys.stdout.flush()
                sys.stdout.buffer.write(self._waiting[:PIECE])
                sys.stdout.buffer.flush()
                del self._waiting[:PIECE]
                if self._left_out and not self._waiting:
                    self._waiting += f"{plural(self._left_out, 'block')} left out here: nobody read them.\n\n".encode()
                    self._left_out = 0
        except (OSError, ValueError):
            # Whoever read our output has gone; the proxy goes on.
            self._gone = True
            self._waiting.clear()

    def close(self) -> None:
        """Wait a moment for the rest to be taken."""
        end = time.monotonic() + LAST
        while self._waiting and (left := end - time.monotonic()) > 0:
            _takes(left)
            self.go_on()


def _takes(patience: float = 0.0) -> bool:
    """Whether standard output takes something without waiting, or within so many seconds."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), select.POLLOUT)
    except (AttributeError, OSError, ValueError):
        # There is no such question on this system, or for this stream.
        return True
    return bool(poll.poll(patience * 1000))
