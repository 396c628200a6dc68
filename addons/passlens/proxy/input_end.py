"""A proxy that ends with its standard input: whoever started it through a pipe cannot leave it behind, however they
end."""

import contextlib
import os
import signal
import threading
from typing import Final

_PIECE: Final = 1 << 16


def watch(descriptor: int = 0) -> None:
    """End this process as SIGTERM does, in order, once the input has ended or is closed."""
    threading.Thread(target=_await_end, args=(descriptor,), name="end of input", daemon=True).start()


def _await_end(descriptor: int) -> None:
    # Not through sys.stdin, whose lock a thread that waits would keep while Python ends.
    with contextlib.suppress(OSError):
        while os.read(descriptor, _PIECE):
            """What is written there means nothing."""
    signal.raise_signal(signal.SIGTERM)
