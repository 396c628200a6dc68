"""The folder of an archive: one run at a time writes it, and it is whole after each recording. What its manifest does
not name is no part of it."""

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from passlens.errors import UsageError
from passlens.runner.archive import joining, parquet
from passlens.runner.archive.lock import Lock
from passlens.runner.archive.manifest import ArchivedRecording, Manifest, Partition
from passlens.runner.archive.parquet import Part
from passlens.runner.archive.rows import UNDATED
from passlens.runner.archive.schema import TABLES

_STAGING: Final = ".staging"
_LOCK: Final = ".lock"
_JOINED: Final = "joined"
_OURS: Final = re.compile(r"[\w.-]{1,40}-[0-9a-f]{16}\.parquet", re.A)
"""Names of the files that runs make."""


class Dataset:
    """An archive that is open for writing. Raises UsageError where another run has it or where the folder holds
    something else, ArchiveError where its manifest cannot be taken, OSError where it cannot be written."""

    def __init__(self, folder: str, partition: Partition) -> None:
        self.folder = Path(folder)
        self.by_day = partition == "day"
        self.manifest = Manifest(self.folder, partition)
        self._lock = Lock(self.folder / _LOCK)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.manifest.path.exists() and {path.name for path in self.folder.iterdir()} - {_STAGING, _LOCK}:
            raise UsageError(f"{self.folder} has files and is no archive: name a new folder, or an empty one.")
        self._lock.take()
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.manifest.replace(self.recordings.values())  # one line for each, in order
            shutil.rmtree(self.folder / _STAGING, ignore_errors=True)
        finally:
            self._lock.release()

    @property
    def recordings(self) -> Mapping[str, ArchivedRecording]:
        """What it has, by ``input``."""
        return self.manifest.recordings

    def note(self, recording: ArchivedRecording) -> None:
        """Say something else of a recording whose rows stay; raises OSError."""
        self.manifest.append(recording)

    def put(self, recording: ArchivedRecording, parts: Sequence[Part]) -> None:
        """Add a recording, or put it in the place of what it was before; raises OSError."""
        name = recording["input"]
        old = self.manifest.recordings.get(name)
        # Readers pass over files whose names begin with a dot or an underscore.
        stem = re.sub(r"[^\w.-]", "_", name.rpartition("/")[2], flags=re.A)[-40:].strip("._-") or "recording"
        file, moves = f"{stem}-{secrets.token_hex(8)}.parquet", {}
        for part in parts:
            target = self._folder_of(part.table, part.day) / file
            (staged := self._staged()).write_bytes(part.data)
            moves[staged] = target
        made: ArchivedRecording = {**recording, "files": [self._name(path) for path in moves.values()]}
        before = old["files"] if old is not None else []
        if any(f"/{_JOINED}-" in one for one in before):
            self._take_out({name}, [made], moves)
            return
        self._place(moves)
        self.manifest.append(made)
        self._unlink(before)

    def remove(self, names: Iterable[str]) -> None:
        """Remove recordings; raises OSError."""
        self._take_out(set(names), [], {})

    def compact(self) -> int:
        """Join small files; how many there are fewer. Raises OSError."""
        moves: dict[Path, Path] = {}
        instead: dict[str, str] = {}
        for group in joining.to_join({path: path.stat().st_size for path in self._files()}):
            target = self._joined_beside(group[0])
            joining.join(group, staged := self._staged())
            moves[staged] = target
            instead.update({self._name(path): self._name(target) for path in group})
        if moves:
            self._replace(self.manifest.recordings.values(), instead, moves, instead)
        return len(instead) - len(moves)

    def _take_out(self, names: set[str], come: list[ArchivedRecording], moves: dict[Path, Path]) -> None:
        """Remove recordings whose rows may stand in files with those of others; ``come`` are in their place."""
        there = self.manifest.recordings.values()
        kept = [one for one in there if one["input"] not in names]
        leaving = {file for one in there if one["input"] in names for file in one["files"]}
        instead = {}
        for file in leaving & {file for one in kept for file in one["files"]}:
            old = self.folder / file
            target = self._joined_beside(old)
            joining.without(old, names, staged := self._staged())
            moves[staged] = target
            instead[file] = self._name(target)
        self._replace([*kept, *come], instead, moves, leaving)

    def _replace(
        self,
        recordings: Iterable[ArchivedRecording],
        instead: Mapping[str, str],
        moves: Mapping[Path, Path],
        leaving: Iterable[str],
    ) -> None:
        """Change the files of several recordings at once; ``instead`` has the new name of a file by its old one."""
        changed: list[ArchivedRecording] = [
            {**one, "files": list(dict.fromkeys(instead.get(file, file) for file in one["files"]))}
            for one in recordings
        ]
        self._place(moves)
        self.manifest.replace(changed)
        self._unlink(leaving)

    def _open(self) -> None:
        self.manifest.load()
        shutil.rmtree(self.folder / _STAGING, ignore_errors=True)
        (self.folder / _STAGING).mkdir()
        named, present = self.manifest.files(), set[str]()
        for path in self._files(every=True):
            if (name := self._name(path)) in named:
                present.add(name)
            elif _OURS.fullmatch(path.name):
                path.unlink()  # left by a run that was killed
        # Recordings of which a file is gone are archived again.
        self.remove(name for name, one in self.recordings.items() if not present.issuperset(one["files"]))
        for table in TABLES:
            path = self._folder_of(table, UNDATED) / "schema.parquet"
            if not path.exists():
                (staged := self._staged()).write_bytes(parquet.empty(table))
                self._place({staged: path})

    def _files(self, *, every: bool = False) -> list[Path]:
        """The Parquet files that the manifest names, or ``every`` one."""
        if not every:
            return [self.folder / file for file in sorted(self.manifest.files())]
        return [path for table in TABLES for path in (self.folder / table).rglob("*.parquet")]

    def _folder_of(self, table: str, day: str) -> Path:
        return self.folder / table / f"day={day}" if self.by_day else self.folder / table

    def _joined_beside(self, path: Path) -> Path:
        return path.with_name(f"{_JOINED}-{secrets.token_hex(8)}.parquet")

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _staged(self) -> Path:
        """The name of a file on its way."""
        return self.folder / _STAGING / secrets.token_hex(8)

    def _place(self, moves: Mapping[Path, Path]) -> None:
        """Give files their names, when all of them are whole and on the disk."""
        for staged, path in moves.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(staged, "rb") as stream:
                os.fsync(stream.fileno())
        for staged, path in moves.items():
            os.replace(staged, path)

    def _unlink(self, files: Iterable[str]) -> None:
        """Remove files that are no part of the archive any more; a reader may hold one open on some systems."""
        for file in files:
            with suppress(OSError):
                (self.folder / file).unlink()
