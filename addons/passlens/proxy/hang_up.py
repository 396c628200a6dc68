"""A proxy that ends in order when its terminal is closed: what it recorded and was to report is written then, too."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

from passlens.util.closed_terminal import SIGHUP, Terminals, is_free


def watch(shut_down: Callable[[], None]) -> None:
    """Shut down on SIGHUP, which would end the process at once; where it is ignored (``nohup``) or taken by somebody
    else, it stays so, and where mitmproxy runs in a thread, signals are for whoever started that."""
    if SIGHUP is None or not is_free():
        return
    terminals, loop = Terminals(), asyncio.get_running_loop()

    def hung_up(number: int, frame: FrameType | None) -> None:
        # mitmproxy ends in the middle of its end where it cannot say something.
        terminals.let_go()
        loop.call_soon_threadsafe(shut_down)

    # Not the loop's own handler, which waits for its turn: the console would read keys from the closed terminal first,
    # and never come to an end of them.
    signal.signal(SIGHUP, hung_up)
