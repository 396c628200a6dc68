"""Cuts a large .mitm file into parts that several processes read at the same time.
A record carries its own length, so finding where the records start takes no look into them."""

import os
import stat
from typing import BinaryIO, Final, NamedTuple

SMALLEST: Final = 1 << 23
"""Bytes of a part (8 MiB, some 2,000 flows), and half of what a cut file has at the least: processes start slowly."""

_HEAD: Final = 13  # digits of a length, and its colon


class Part(NamedTuple):
    """A part of a file: from which byte on, up to which one (None for the end), and the index of its first flow."""

    name: str
    start: int
    stop: int | None
    first: int


def split(name: str, pieces: int) -> list[Part]:
    """The parts of a file, at most ``pieces``; one if it is small, no .mitm file, or cannot be read."""
    whole = [Part(name, 0, None, 0)]
    try:
        status = os.stat(name)  # before opening: that would take a writer from a pipe
        size = max(status.st_size // pieces + 1, SMALLEST)
        if not stat.S_ISREG(status.st_mode) or status.st_size <= 2 * SMALLEST:
            return whole
        with open(name, "rb", buffering=0) as file:
            return _parts(file, name, size)
    except (OSError, ValueError):  # reading it will say what is wrong
        return whole


def _parts(file: BinaryIO, name: str, size: int) -> list[Part]:
    cuts = [(0, 0)]
    at = index = 0
    while (head := file.read(_HEAD)) and (colon := head.find(b":")) > 0 and head[:colon].isdigit():
        if at - cuts[-1][0] >= size:
            cuts.append((at, index))
        at += colon + 1 + int(head[:colon]) + 1
        index += 1
        file.seek(at)
    # Whatever is wrong behind the last record that was found is for the last part to say.
    ends = [start for start, _ in cuts[1:]]
    return [Part(name, start, stop, first) for (start, first), stop in zip(cuts, [*ends, None], strict=True)]
