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


def command_line(ui: str, options: dict[str, str], arguments: Sequence[str]) -> list[str]:
    """The words to execute. mitmproxy runs in this Python, so that it can import passlens.

    mitmdump's own flow lines are off (``flow_detail=0``): they are not redacted. The user's arguments stand last and
    win.
    """
    program = INTERFACES[ui]
    # mitmproxy logs each client's address as it connects; passlens shows no addresses.
    quiet = "import logging; logging.getLogger('mitmproxy.proxy.server').setLevel(logging.WARNING)"
    run = f"import sys; from mitmproxy.tools.main import {program}; sys.argv[0] = {program!r}; sys.exit({program}())"
    words = [sys.executable, "-c", f"{quiet}; {run}", "-s", str(script())]
    if ui == "dump":
        words += ["--set", "flow_detail=0"]
    for name, value in options.items():
        words += ["--set", f"{name}={value}"]
    return [*words, *arguments]
