"""The file that tells ``passlens ctl`` where a proxy's control API is, and its token. Only its user can read it."""

import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final

MODE: Final = 0o600
MAX_BYTES: Final = 10_000
_PREFIX: Final = "control-"


@dataclass(frozen=True)
class Address:
    """Where a control API listens, and the token it takes."""

    host: str
    port: int
    # Tracebacks show values, and those of a failing test end up in the logs of CI.
    token: str = field(repr=False)


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the files: of this login where the system has one, else of the user's state."""
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        value = environment.get(name, "")
        if value and Path(value).is_absolute():
            return Path(value) / "passlens"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "passlens"
    return Path.home() / ".local" / "state" / "passlens"


def write(address: Address, place: Path) -> Path:
    """Write the file of this process, which nobody else may read from its first moment on; raises OSError."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{_PREFIX}{os.getpid()}-{address.port}.json"
    with suppress(FileNotFoundError):
        path.unlink()
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    with os.fdopen(number, "w", encoding="ascii") as stream:
        json.dump({"host": address.host, "port": address.port, "token": address.token, "pid": os.getpid()}, stream)
    return path


def addresses(place: Path) -> Iterator[Address]:
    """The control APIs of proxies that still run, the newest first. Files that others could have written or read are
    passed over, and those of proxies that were killed are removed."""
    try:
        paths = [path for path in place.iterdir() if path.name.startswith(_PREFIX)]
    except OSError:
        return
    found = []
    for path in paths:
        with suppress(OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
            changed, address, pid = _read(path)
            if _runs(pid):
                found.append((changed, address))
            else:
                path.unlink()
    for _, address in sorted(found, key=lambda one: one[0], reverse=True):
        yield address


def _read(path: Path) -> tuple[float, Address, int]:
    with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise ValueError("is no regular file")
        if os.name == "posix" and (about.st_uid != os.getuid() or about.st_mode & 0o077):
            raise ValueError("is not this user's alone")
        value = json.loads(stream.read(MAX_BYTES))
    host, port, pid = str(ip_address(value["host"])), int(value["port"]), int(value["pid"])
    if not (0 < port <= 65535 and pid > 0):
        raise ValueError("names no port, or no process")
    return about.st_mtime, Address(host, port, str(value["token"])), pid


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
