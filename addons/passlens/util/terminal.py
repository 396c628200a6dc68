"""Whether an output takes colours, and how wide it is. NO_COLOR and FORCE_COLOR are the usual environment
variables, which count unless they are empty."""

import os
import shutil
from typing import TextIO


def takes_colour(out: TextIO) -> bool:
    """True on a terminal, or where the environment says so."""
    return not os.environ.get("NO_COLOR") and _is_terminal(out)


def width(out: TextIO) -> int | None:
    """Columns of a terminal; None for a pipe or a file, whose lines stay whole."""
    return shutil.get_terminal_size().columns if _is_terminal(out) else None


def _is_terminal(out: TextIO) -> bool:
    return out.isatty() or bool(os.environ.get("FORCE_COLOR"))
