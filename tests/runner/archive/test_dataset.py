"""The folder of an archive: nobody else's, and clean of what a killed run left."""

import shutil
from pathlib import Path

import pandas
import pytest

from passlens.errors import UsageError
from passlens.runner.archive.dataset import Dataset
from passlens.runner.archive.schema import TABLES
from support.archiving import RECORDINGS, STORY, archive, everything, inputs_of, rows


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="has files and is no archive: name a new folder, or an empty one"):
        archive(tmp_path, STORY)
    assert files(tmp_path) == {"letter.txt"}


def test_each_table_has_a_file_from_the_beginning(tmp_path: Path) -> None:
    with Dataset(str(tmp_path / "by-day"), "day"), Dataset(str(tmp_path / "flat"), "none"):
        pass
    assert files(tmp_path / "by-day") == {
        ".lock", "manifest.jsonl", *(f"{table}/day=unknown/schema.parquet" for table in TABLES),
    }  # fmt: skip
    assert files(tmp_path / "flat") == {".lock", "manifest.jsonl", *(f"{table}/schema.parquet" for table in TABLES)}


def test_what_a_killed_run_left_is_removed_and_what_is_somebody_elses_stays(tmp_path: Path) -> None:
    archive(tmp_path, STORY)
    before = files(tmp_path)
    day = tmp_path / "exchanges" / "day=2026-01-02"
    (day / "tv.mitm-0123456789abcdef.parquet").write_text("half")
    (day / "mine.parquet").write_text("mine")
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging" / "x").write_text("half")
    with open(tmp_path / "manifest.jsonl", "a") as stream:
        stream.write('{"kind": "record')
    archive(tmp_path, STORY)
    assert files(tmp_path) - before == {"exchanges/day=2026-01-02/mine.parquet"}
    (day / "mine.parquet").unlink()
    assert inputs_of(tmp_path) == ["apple-tv.mitm"]


def test_no_file_has_a_name_that_readers_pass_over(tmp_path: Path) -> None:
    names = ("_night.mitm", ".har", "[1].mitm", "ä.mitm", "__.__", "x" * 200 + ".mitm")
    for name in names:
        shutil.copy(STORY, tmp_path / name)
    folder = tmp_path / "archive"
    archive(folder, *(tmp_path / name for name in names))
    found = {path.name.rpartition("-")[0] for path in (folder / "exchanges").rglob("*-*.parquet")}
    assert found == {"night.mitm", "har", "1_.mitm", "mitm", "recording", "x" * 35 + ".mitm"}
    assert len(pandas.read_parquet(folder / "exchanges")) == len(rows(folder, "exchanges"))


@pytest.mark.parametrize("compact", [False, True])
def test_recordings_of_which_a_file_is_gone_are_archived_again(compact: bool, tmp_path: Path) -> None:
    archive(tmp_path, STORY, RECORDINGS / "errors.har", compact=compact)
    before = everything(tmp_path)
    lost = next((tmp_path / "findings").rglob("joined*" if compact else "apple-tv*"))
    lost.unlink()
    _, out, _ = archive(tmp_path, STORY, RECORDINGS / "errors.har")
    assert out.startswith("recordings  2 new" if compact else "recordings  1 new, 0 changed, 1 unchanged")
    assert everything(tmp_path) == before
