"""The command line that ``passlens proxy`` becomes: mitmproxy with the addon and the user's own arguments."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

INTERFACES: Final = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}


def script() -> Path:
    """The script for ``mitmdump -s``: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "sessions.py"
    return installed if installed.is_file() else package.parent / "sessions.py"


def command_line(ui: str, options: dict[str, str], arguments: Sequence[str], *, all_addons: bool = False) -> list[str]:
    """The words to execute. mitmproxy runs in this Python, so that it can import passlens.

    mitmdump runs with passlens in it and, unless ``all_addons``, without built-in addons that nobody asked for; its own
    flow lines are off (``flow_detail=0``), for they are not redacted. The other interfaces, where people call up any
    addon, run passlens as a script. The user's arguments stand last and win.
    """
    # mitmproxy logs each client's address as it connects; passlens shows no addresses.
    quiet = "import logging; logging.getLogger('mitmproxy.proxy.server').setLevel(logging.WARNING)"
    program, own = INTERFACES[ui], ui == "dump"
    module, call = ("passlens.master", f"lean={not all_addons}") if own else ("mitmproxy.tools.main", "")
    # Into a pipe, too, each line goes at once: somebody waits for it.
    soon = "import sys; sys.stdout.reconfigure(line_buffering=True)"
    run = f"from {module} import {program}; sys.argv[0] = {program!r}; sys.exit({program}({call}))"
    words = [sys.executable, "-c", f"{quiet}; {soon}; {run}"]
    words += ["--set", "flow_detail=0"] if own else ["-s", str(script())]
    for name, value in options.items():
        words += ["--set", f"{name}={value}"]
    return [*words, *arguments]
