"""A command in the place of a tester: a UI test that is run for each scenario."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Final

from passlens.errors import UsageError

PATIENCE: Final = 600.0
"""Seconds that a command may take for one scenario."""

_ENDED_WITHIN: Final = 5.0


def parse_command(text: str) -> list[str]:
    """The words of a command line; raises UsageError with a sentence."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(
            f"--drive {text!r} cannot be taken apart ({error}); put quotes around it as a whole."
        ) from None
    if not words:
        raise UsageError("--drive names no command; write it like --drive 'pytest ui/'.")
    return words


class Driver:
    """One run of the command. Its output goes to standard error; ``variables`` tell it the scenario and the proxy."""

    def __init__(self, words: Sequence[str], variables: Mapping[str, str]) -> None:
        self._until = time.monotonic() + PATIENCE
        try:
            self._process = subprocess.Popen(
                list(words), env={**os.environ, **variables}, stdin=subprocess.DEVNULL, stdout=sys.stderr,
                start_new_session=os.name == "posix",
            )  # fmt: skip
        except OSError as error:
            raise UsageError(f"--drive: {words[0]} cannot be run ({error.strerror}); name a program.") from None

    def ended(self) -> str | None:
        """Nothing while it runs; then an empty text, or how it failed, as a clause."""
        status = self._process.poll()
        if status is None:
            if time.monotonic() < self._until:
                return None
            self.stop()
            return f"the command took longer than {PATIENCE:.0f} s"
        if status < 0:
            return f"the command was ended by {signal.Signals(-status).name}"
        return "" if status == 0 else f"the command ended with status {status}"

    def stop(self) -> None:
        """End it, with all that it started."""
        if self._process.poll() is not None:
            return
        self._send(signal.SIGTERM)
        try:
            self._process.wait(_ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            self._send(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            self._process.wait()

    def _send(self, number: int) -> None:
        if os.name == "posix":
            os.killpg(self._process.pid, number)
        else:
            self._process.terminate()
