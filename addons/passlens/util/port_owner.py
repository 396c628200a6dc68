"""Which program listens on a port of this machine."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

_LISTEN: Final = "0A"
"""The state of a listening socket in /proc/net/tcp."""

_PATIENCE: Final = 5.0


def port_owner(port: int, proc: Path = Path("/proc")) -> str | None:
    """The program and its process number, such as ``nginx (process 812)``; None where it cannot be told, as of
    another user's programs."""
    if (proc / "net" / "tcp").exists():
        return _by_proc(port, proc)
    if lsof := shutil.which("lsof"):
        return _by_lsof(port, lsof)
    return None


def _by_proc(port: int, proc: Path) -> str | None:
    sockets = {f"socket:[{inode}]" for inode in _inodes(port, proc)}
    if not sockets:
        return None
    for process in proc.iterdir():
        if not process.name.isdecimal():
            continue
        try:
            if any(os.readlink(link) in sockets for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:  # another user's, or gone
            continue
    return None


def _inodes(port: int, proc: Path) -> list[str]:
    """The numbers of the sockets that listen on the port."""
    found = []
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / name).read_text().splitlines()  # the heading is in no state
        except OSError:
            continue
        for columns in map(str.split, lines):
            if columns[3] == _LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                found.append(columns[9])
    return found


def _by_lsof(port: int, lsof: str) -> str | None:
    try:
        done = subprocess.run(
            [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"], capture_output=True, text=True, timeout=_PATIENCE
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return read_lsof(done.stdout)


def read_lsof(output: str) -> str | None:
    """The first program of ``lsof -Fpc``.

    >>> read_lsof("p812\\ncnginx\\nf6\\n")
    'nginx (process 812)'
    """
    match = re.search(r"^p(\d+)\nc(.+)$", output, re.MULTILINE)
    return None if match is None else f"{match[2]} (process {match[1]})"
