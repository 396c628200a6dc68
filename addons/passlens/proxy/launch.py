"""The command line that ``passlens proxy`` becomes: mitmproxy with the addon and the user's own arguments."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_MISSING: Final = (
    "from passlens.cli.installation import import_fault; fault = import_fault(error); "
    "sys.exit(print(f'passlens: {fault}', file=sys.stderr) or fault.exit_status)"
)
"""What a broken installation ends with: one sentence and the status 3."""

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
    # Until mitmproxy listens for Ctrl-C itself, which takes a moment: no traceback, and the status of every command.
    # Who becomes this process may hold it back until here, for Python would end in a traceback while it starts.
    stop = "import os, signal; signal.signal(signal.SIGINT, lambda *_: os._exit(130)); "
    stop += "hasattr(signal, 'pthread_sigmask') and signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})"
    # mitmproxy logs each client's address as it connects; passlens shows no addresses.
    quiet = "import logging; logging.getLogger('mitmproxy.proxy.server').setLevel(logging.WARNING)"
    program, own = INTERFACES[ui], ui == "dump"
    module, call = ("mitmproxy.tools.main", "")
    if own:
        module, call = "passlens.proxy.master", f"Sessions(), lean={not all_addons}"
    # All else that mitmproxy logs passes redaction.
    redact = "from passlens.proxy import log_filter; log_filter.own_process()"
    # Python has None for a stream that the shell has closed.
    nowhere = "open(os.devnull, 'w')"
    streams = f"import sys; sys.stdout = sys.stdout or {nowhere}; sys.stderr = sys.stderr or {nowhere}"
    # Into a pipe, too, each line goes at once: somebody waits for it.
    soon = "sys.stdout.reconfigure(line_buffering=True)"
    # What could not be logged is not passed over.
    end = "from passlens.proxy.exit_status import status; sys.exit(status())"
    # The script of the other interfaces needs the same modules: what is missing is noticed before mitmproxy starts.
    load = f"{redact}; from passlens.addon import Sessions; from {module} import {program}"
    load = f"try: {load}\nexcept ImportError as error: {_MISSING}"
    if end_with_input:
        load += "\nfrom passlens.proxy import input_end; input_end.watch()"
    run = f"sys.argv[0] = {program!r}; {program}({call}); {end}"
    words = [sys.executable, "-P", "-c", f"{stop}; {quiet}; {streams}; {soon}\n{load}\n{run}"]
    words += ["--set", "flow_detail=0"] if own else ["-s", str(script())]
    for name, value in options.items():
        words += ["--set", f"{name}={value}"]
    return [*words, *arguments]
