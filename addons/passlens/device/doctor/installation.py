"""Versions that do not fit, and a standalone mitmproxy."""

import os
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, wrong
from passlens.device.doctor.probe import ask

FLOORS: Final[tuple[tuple[tuple[int, int], str], ...]] = (((3, 12), "12.2"), ((3, 11), "11.0.2"))
"""The oldest mitmproxy for a Python of at least this version, as in pyproject.toml."""

VERSIONS: Final = "versions"
PROGRAM: Final = "mitmdump"


def versions(given: Examined) -> DoctorResult:
    """Python and mitmproxy must fit each other and passlens."""
    python = ".".join(map(str, sys.version_info[:3]))
    floor = next((floor for since, floor in FLOORS if sys.version_info >= since), None)
    if floor is None:
        return wrong(VERSIONS, f"Python {python} is too old", "asked it", "install passlens with Python 3.11 or later.")
    try:
        installed = version("mitmproxy")
    except PackageNotFoundError:
        todo = "install passlens anew, with its dependencies (pipx install passlens, or uv tool install passlens)."
        return wrong(VERSIONS, "mitmproxy is not installed beside passlens", "asked this Python's packages", todo)
    how = f"asked the packages of {sys.executable}"
    if numbers(installed) < numbers(floor):
        todo = f"install mitmproxy {floor} or later beside passlens."
        return wrong(VERSIONS, f"mitmproxy {installed} is too old for Python {python}", how, todo)
    return ok(VERSIONS, f"mitmproxy {installed} and Python {python} fit", how)


def numbers(text: str) -> tuple[int, ...]:
    """The leading numbers of a version.

    >>> numbers("12.2.0rc1")
    (12, 2, 0)
    """
    match = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def standalone(given: Examined) -> DoctorResult:
    """A mitmdump with a Python of its own, as the installers and Homebrew bring it, cannot load passlens by -s."""
    subject = "mitmdump"
    found = shutil.which(PROGRAM)
    if found is None:
        return ok(subject, "no other mitmdump is in the way", "searched PATH")
    path = Path(found).resolve()
    kind = _kind(path)
    if kind is None:
        return ok(subject, f"{found} is the one of this installation", "read its first line")
    how = f"read the beginning of {found}"
    if given.proxy is None and ask("127.0.0.1", given.port).kind == "mitmproxy":
        todo = "start passlens proxy instead, which runs the mitmproxy beside passlens."
        return wrong(subject, f"{found} is {kind}, and what runs seems to be it, without passlens", how, todo)
    return ok(subject, f"{found} is {kind}: use passlens proxy, not mitmdump -s", how)


def _kind(path: Path) -> str | None:
    """What a mitmdump is, where it is none of this Python's."""
    try:
        with path.open("rb") as stream:
            first = stream.readline(500)
    except OSError:
        return "a program that cannot be read"
    if not first.startswith(b"#!"):
        return "a standalone binary with a Python of its own"
    words = first[2:].decode("utf-8", "replace").split()
    same = bool(words) and os.path.dirname(words[0]) == os.path.dirname(sys.executable)
    if same or path.parent == Path(sys.executable).parent:
        return None
    return "of another Python"
