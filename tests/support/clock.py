"""A mitmproxy script that sets the process's clock forth or back, as an administrator or a time server does to the
machine: the command ``clock.set SECONDS`` lets every time of day lie so far off the true one. Nothing else changes."""

import time

from mitmproxy import command

_true = time.time


class Clock:
    """Stands between the process and the time of day."""

    @command.command("clock.set")
    def set(self, seconds: int) -> None:
        """Let the clock lie off by so many seconds from now on."""
        time.time = lambda: _true() + seconds


addons = [Clock()]
