"""Recordings that are pipes: whoever reads one is held until the test lets go."""

import os
import time
from pathlib import Path

PATIENCE = 180.0


def reader_of(pipe: Path) -> int:
    """The writing end of a pipe, as soon as somebody reads it; nothing comes out of it until it is closed."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert time.monotonic() < deadline, "nobody reads the pipe"
            time.sleep(0.02)


def give(writing: int, data: bytes) -> None:
    """Write all of it into a pipe, and the end."""
    os.set_blocking(writing, True)
    with open(writing, "wb") as stream:
        stream.write(data)
