"""The panel of the demo: its address is shown and opened, and whoever looks on says when to begin and when to end."""

import os
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Final, TextIO

from passlens.control import runtime_file
from passlens.control.panel.address import panel_url
from passlens.errors import DemoError

Ask = Callable[[str], object]
"""Shows words and waits for Enter."""

BEGIN: Final = "Open the panel, then press Enter here, and the app begins. "
END: Final = "That was all. Press Enter to end the proxy, and the panel with it. "

_READY_WITHIN: Final = 30.0
_MOMENT: Final = 0.02


def control_options(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Options and variables of a proxy whose control API is on this machine and known in this folder alone."""
    return {"passlens_control": "127.0.0.1:0"}, {"XDG_RUNTIME_DIR": str(folder)}


def show_panel(folder: Path, out: TextIO) -> None:
    """Show the panel's address, with its token on a terminal only, and open it there; DemoError if there is none."""
    url = panel_url(_address(folder))
    out.write(f"panel  {url if out.isatty() else url.partition('#')[0]}\n")
    out.flush()
    if out.isatty() and _has_screen():
        webbrowser.open(url)


def _address(folder: Path) -> runtime_file.Address:
    place = runtime_file.folder({"XDG_RUNTIME_DIR": str(folder)})
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline:
        for address in runtime_file.addresses(place):
            return address
        time.sleep(_MOMENT)
    raise DemoError("the proxy offers no control API")


def _has_screen() -> bool:
    """Whether a browser has a window; else Python may open one in the terminal itself."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
