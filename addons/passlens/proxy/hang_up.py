"""A proxy that ends in order when its terminal is closed: what it recorded and was to report is written then, too."""

import asyncio
from collections.abc import Callable

from passlens.util.closed_terminal import SIGHUP, Terminals, is_free


def watch(shut_down: Callable[[], None]) -> None:
    """Shut down on SIGHUP, which would end the process at once; where it is ignored (``nohup``) or taken by somebody
    else, it stays so, and where mitmproxy runs in a thread, signals are for whoever started that."""
    if SIGHUP is None or not is_free():
        return
    terminals = Terminals()

    def hung_up() -> None:
        # mitmproxy ends in the middle of its end where it cannot say something.
        terminals.let_go()
        shut_down()

    asyncio.get_running_loop().add_signal_handler(SIGHUP, hung_up)
