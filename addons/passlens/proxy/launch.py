"""The command line that ``passlens proxy`` becomes: mitmproxy with the addon and the user's own arguments."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_PROGRAM: Final = """\
import os, signal
# Until mitmproxy listens for Ctrl-C itself, which takes a moment: no traceback, and the status of every command.
# Who becomes this process may hold it back until here, for Python would end in a traceback while it starts.
signal.signal(signal.SIGINT, lambda *_: os._exit(130))
hasattr(signal, 'pthread_sigmask') and signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
import logging, sys
# mitmproxy logs each client's address as it connects; passlens shows no addresses.
logging.getLogger('mitmproxy.proxy.server').setLevel(logging.WARNING)
# Python has None for a stream that the shell has closed.
sys.stdout = sys.stdout or open(os.devnull, 'w')
sys.stderr = sys.stderr or open(os.devnull, 'w')
# Into a pipe, too, each line goes at once: somebody waits for it.
sys.stdout.reconfigure(line_buffering=True)
try:
    # All else that mitmproxy logs passes redaction.
    from passlens.proxy import log_filter
    log_filter.own_process()
    # The script of the other interfaces needs the same modules: what is missing is noticed before mitmproxy starts.
    from passlens.addon import Sessions
    from {module} import {program}
except ImportError as error:
    # One sentence and the status 3.
    from passlens.cli.installation import import_fault
    fault = import_fault(error)
    print('passlens:', fault, file=sys.stderr)
    sys.exit(fault.exit_status)
{watch}
sys.argv[0] = '{program}'
{program}({arguments})
# What could not be logged is not passed over.
from passlens.proxy.exit_status import status
sys.exit(status())
"""
_WATCH: Final = "from passlens.proxy import input_end; input_end.watch()"

INTERFACES: Final = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}


def script() -> Path:
    """The script for ``mitmdump -s``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "sessions.py"
    return installed if installed.is_file() else package.parent / "sessions.py"


def command_line(
    ui: str,
    options: dict[str, str],
    arguments: Sequence[str],
    *,
    all_addons: bool = False,
    end_with_input: bool = False,
) -> list[str]:
    """The words to execute, with the variables of ``safe_path.environment``. mitmproxy runs in this Python, so that it
    can import passlens, and not from the current folder (``-P``).

    mitmdump runs with passlens in it and, unless ``all_addons``, without built-in addons that nobody asked for; its own
    flow lines are off (``flow_detail=0``), for they are not redacted. The other interfaces, where people call up any
    addon, run passlens as a script. The user's arguments stand last and win. ``end_with_input`` ends it once its
    standard input has ended.
    """
    own = ui == "dump"
    program = _PROGRAM.format(
        module="passlens.proxy.master" if own else "mitmproxy.tools.main",
        program=INTERFACES[ui],
        arguments=f"Sessions(), lean={not all_addons}" if own else "",
        watch=_WATCH if end_with_input else "",
    )
    words = [sys.executable, "-P", "-c", program]
    words += ["--set", "flow_detail=0"] if own else ["-s", str(script())]
    for name, value in options.items():
        words += ["--set", f"{name}={value}"]
    return [*words, *arguments]
