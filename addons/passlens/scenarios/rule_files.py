"""Rule and world files and the bodies that rules name, as files: their names, whether they changed, their bytes.
Ordinary files only, and bounded."""

from pathlib import Path, PurePosixPath
from typing import Final

from passlens.errors import RuleError
from passlens.recordings.formats import os_sentence
from passlens.scenarios.errors import rule_file_error
from passlens.scenarios.yaml_nodes import LARGEST
from passlens.util import plain_file

LARGEST_BODY: Final = 1 << 20
"""Bytes of a body file (1 MiB)."""

LARGEST_BODIES: Final = 1 << 23
"""Bytes of all body files of a rule file (8 MiB)."""

SUFFIXES: Final = (".yaml", ".yml")

Stamp = tuple[int, int] | None
"""Modification time in nanoseconds and size of a file; None where there is none."""


def name_of(path: Path) -> str:
    """The scenario's name: the file's without its suffix."""
    return path.stem if path.suffix in SUFFIXES else path.name


def stamp(path: Path) -> Stamp:
    """What tells that a file has changed."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size)


def yaml_bytes(path: Path) -> bytes:
    """The bytes of a rule or world file; raises RuleFileError where it cannot be read, or is no file that one reads."""
    try:
        return _bytes(path, LARGEST)
    except ValueError as error:
        raise rule_file_error(path, RuleError(str(error))) from None


class BodyFiles:
    """The bodies that the rules of one file name, from below its folder, and the stamps of their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.texts: dict[str, bytes] = {}
        self.stamps: dict[Path, Stamp] = {}

    def read(self, name: str) -> None:
        """Read the file of that name, once; raises ValueError with a clause."""
        if name in self.texts:
            return
        path = self._below(name)
        self.stamps[path] = stamp(path)
        left = LARGEST_BODIES - sum(map(len, self.texts.values()))
        self.texts[name] = _bytes(path, min(LARGEST_BODY, left))

    def _below(self, name: str) -> Path:
        """The file of that name below the folder."""
        if "\0" in name or "\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ValueError("must be a path below the rule file's folder")
        try:
            real = (self._folder / name).resolve()
        except (OSError, RuntimeError):  # before Python 3.13 a link to itself is a RuntimeError
            raise ValueError("leads nowhere: check the name") from None
        if not real.is_relative_to(self._folder.resolve()):
            raise ValueError("leads out of the rule file's folder: put the file there")
        return real


def _bytes(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file; raises ValueError with a clause."""
    try:
        data = plain_file.read(path, most)
    except OSError as error:
        raise ValueError(os_sentence(error)) from None
    except ValueError as error:
        raise ValueError(f"cannot be read ({error}): name a file that can be read again and again") from None
    if len(data) > most:
        raise ValueError(f"is larger than {most // 1024} KiB: part it or make it smaller")
    return data
