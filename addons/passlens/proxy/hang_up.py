"""A proxy that ends in order when its terminal is closed: what it recorded and was to report is written then, too."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable


def watch(shut_down: Callable[[], None]) -> None:
    """Shut down on SIGHUP, which would end the process at once; where it is ignored (``nohup``) or taken by somebody
    else, it stays so, and where mitmproxy runs in a thread, signals are for whoever started that."""
    number = getattr(signal, "SIGHUP", None)  # unknown to Windows
    if number is None or signal.getsignal(number) is not signal.SIG_DFL:
        return
    if threading.current_thread() is not threading.main_thread():
        return
    terminals = [one for one in (1, 2) if os.isatty(one)]

    def hung_up() -> None:
        # mitmproxy ends in the middle of its end where it cannot say something.
        with open(os.devnull, "wb") as nowhere:
            for one in terminals:
                if not os.isatty(one):
                    os.dup2(nowhere.fileno(), one)
        shut_down()

    asyncio.get_running_loop().add_signal_handler(number, hung_up)
