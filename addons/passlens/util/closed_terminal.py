"""The end of a terminal: SIGHUP, which comes more than once, from the system and from the shell, and output that fails
from then on."""

import os
import signal
import threading
from typing import Final

SIGHUP: Final = getattr(signal, "SIGHUP", None)
"""Unknown to Windows."""


def is_free() -> bool:
    """True if this may listen for the signal: it is not ignored (``nohup``), nobody else has taken it, and this is the
    thread that signals are for."""
    if SIGHUP is None or signal.getsignal(SIGHUP) is not signal.SIG_DFL:
        return False
    return threading.current_thread() is threading.main_thread()


class Terminals:
    """The input and the outputs of this process that are a terminal."""

    def __init__(self) -> None:
        self._open = [one for one in (0, 1, 2) if os.isatty(one)]

    def let_go(self) -> None:
        """Send to nowhere what would go to a terminal that is not there any more, and let nothing come from it: who
        asks a closed one for keys is told of some for ever."""
        closed = [one for one in self._open if not os.isatty(one)]
        if not closed:
            return
        silent, self._kept_open = os.pipe()
        with open(os.devnull, "wb") as nowhere:
            for one in closed:
                os.dup2(nowhere.fileno() if one else silent, one)
        os.close(silent)
