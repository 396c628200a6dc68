"""What an archive has: one line of JSON for the archive, then one for each recording. A line is appended when its
recording is finished, so that a run that is killed loses only the recording in hand; the last line for a name counts.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from passlens.errors import ArchiveError
from passlens.runner.archive.schema import SCHEMA, TABLES
from passlens.util.atomic import replacing

NAME: Final = "manifest.jsonl"
MANIFEST: Final = 1
"""Version of the manifest."""

Partition = Literal["day", "none"]
File = Annotated[str, StringConstraints(pattern=rf"^({'|'.join(TABLES)})/(day=[0-9a-z-]+/)?[0-9A-Za-z_.-]+\.parquet$")]
"""A file of a table: files that are replaced are removed, and no manifest makes that another file."""


class ArchiveHead(TypedDict):
    """The first line: versions of the manifest and of the tables, and how files are laid."""

    kind: Literal["archive"]
    manifest: int
    schema: int
    partition: Partition


class ArchivedRecording(TypedDict):
    """A recording that is archived: where from (``input``, as its rows have it), what it was then (bytes, time of its
    last change, hash), by which passlens, how much ``passlens check`` counts in it, in which files its rows are, and
    what could not be read. ``files`` are relative to the archive's folder."""

    kind: Literal["recording"]
    input: str
    size: int | None
    time: str | None
    hash: str | None
    passlens: str
    counts: dict[str, int]
    files: list[File]
    trouble: list[str]
    remarks: list[str]


_HEAD: Final[TypeAdapter[ArchiveHead]] = TypeAdapter(ArchiveHead)
_RECORDING: Final[TypeAdapter[ArchivedRecording]] = TypeAdapter(ArchivedRecording)


class Manifest:
    """The manifest of an archive in ``folder``; ``recordings`` by their ``input``."""

    def __init__(self, folder: Path, partition: Partition) -> None:
        self.path = folder / NAME
        self._head: ArchiveHead = {"kind": "archive", "manifest": MANIFEST, "schema": SCHEMA, "partition": partition}
        self.recordings: dict[str, ArchivedRecording] = {}

    def load(self) -> None:
        """Read it, if it is there. Raises ArchiveError where it is of another version or kind, or damaged; half a last
        line, left by a run that was killed, is none."""
        try:
            lines = self.path.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return
        for number, line in enumerate(lines, 1):
            try:
                if number == 1:
                    self._look_at(_HEAD.validate_json(line))
                else:
                    found = _RECORDING.validate_json(line)
                    self.recordings[found["input"]] = found
            except ValidationError:
                where = f"line {number} of {self.path}"
                raise ArchiveError(f"{where} is none of passlens': put the file back, or name a new folder.") from None

    def _look_at(self, head: ArchiveHead) -> None:
        if (head["manifest"], head["schema"]) != (MANIFEST, SCHEMA):
            raise ArchiveError(f"{self.path.parent} was written by another version of passlens: name a new folder.")
        if head["partition"] != self._head["partition"]:
            words = f"{self.path.parent} has --partition {head['partition']}: say the same, or name a new folder."
            raise ArchiveError(words)

    def append(self, recording: ArchivedRecording) -> None:
        """Add a recording, or put it in the place of the one that was; raises OSError."""
        with open(self.path, "ab") as stream:
            stream.write(_line(recording))
            stream.flush()
            os.fsync(stream.fileno())
        self.recordings[recording["input"]] = recording

    def replace(self, recordings: Iterable[ArchivedRecording]) -> None:
        """Write it anew, all at once; raises OSError."""
        kept = {recording["input"]: recording for recording in recordings}
        with replacing(self.path) as stream:
            stream.write(_line(self._head))
            stream.writelines(_line(kept[name]) for name in sorted(kept))
        self.recordings = kept

    def files(self) -> set[str]:
        """All files that it names."""
        return {file for recording in self.recordings.values() for file in recording["files"]}


def _line(value: Any) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"
