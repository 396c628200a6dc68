"""What tests of ``passlens archive`` share: the command called in this process, archives read back."""

import io
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import read_table

from passlens.analysis.summary import RunSummary
from passlens.runner.archive import run
from passlens.runner.archive.run import ArchiveSettings, archive_recordings
from passlens.runner.archive.schema import TABLES

RECORDINGS = Path(__file__).parents[1] / "recordings"
OF_TOOLS = Path(__file__).parents[1] / "recordings_of_tools"
STORY = RECORDINGS / "apple-tv.mitm"
SUMMARY = tuple(name for name in RunSummary().to_member() if name != "partial")


class Inline:
    """Does each task at once, in this process."""

    width = 1

    def submit(self, function: Callable[[Any], Any], task: Any, /) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(function(task))
        return done

    def fault(self) -> str | None:
        return None

    def stop(self) -> None:
        pass


def archive(folder: Path, *inputs: object, screen: io.StringIO | None = None, **settings: Any) -> tuple[int, str, str]:
    """Status, output and complaints of a run in this process; these go to a ``screen`` where there is one."""
    out, err = io.StringIO(), screen or io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_engine", lambda settings: Inline())
        status = archive_recordings(list(map(str, inputs)), ArchiveSettings(str(folder), **settings), out, err)
    return status, out.getvalue(), err.getvalue()


def manifest(folder: Path) -> list[dict[str, Any]]:
    """The lines for recordings."""
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()[1:]]


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table in order. The manifest names all files but the one without rows, and each is there."""
    named = {folder / file for one in manifest(folder) for file in one["files"] if file.startswith(table)}
    assert named == {path for path in (folder / table).rglob("*.parquet") if path.name != "schema.parquet"}
    found = [row for path in sorted(named) for row in read_table(path, partitioning=None).to_pylist()]
    return sorted(found, key=_place)


def everything(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of all tables."""
    return {table: rows(folder, table) for table in TABLES}


def inputs_of(folder: Path) -> Sequence[str]:
    """What it has archived, by the last part of the name."""
    return sorted(one["input"].rpartition("/")[2] for one in manifest(folder) if one["hash"] is not None)


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] if row.get(name) is not None else -1 for name in ("index", "journey", "position", "input"))
