"""Whether an output takes colours, and how wide it is. NO_COLOR and FORCE_COLOR are the usual environment variables."""

import os
import shutil
from typing import TextIO


def takes_colour(out: TextIO) -> bool:
    """True on a terminal, or where the environment says so."""
    return "NO_COLOR" not in os.environ and (out.isatty() or "FORCE_COLOR" in os.environ)


def width(out: TextIO) -> int | None:
    """Columns of a terminal; None for a pipe or a file, whose lines stay whole."""
    return shutil.get_terminal_size().columns if out.isatty() or "FORCE_COLOR" in os.environ else None
