"""The manifest: a line for each recording, half a line for none, nothing else."""

from pathlib import Path

import pytest

from passlens.errors import ArchiveError
from passlens.runner.archive.manifest import ArchivedRecording, Manifest


def recording(name: str, *files: str) -> ArchivedRecording:
    return {
        "kind": "recording", "input": name, "size": 1, "time": None, "hash": "sha256:1", "passlens": "1", "counts": {},
        "files": list(files), "trouble": [], "remarks": [],
    }  # fmt: skip


def made(folder: Path) -> Manifest:
    manifest = Manifest(folder, "day")
    manifest.replace([])
    for name in ("b", "a"):
        manifest.append(recording(name, f"exchanges/day=2026-01-02/{name}-0.parquet"))
    return manifest


def loaded(folder: Path) -> Manifest:
    manifest = Manifest(folder, "day")
    manifest.load()
    return manifest


def test_the_last_line_of_a_recording_counts(tmp_path: Path) -> None:
    manifest = made(tmp_path)
    manifest.append(recording("b"))
    assert loaded(tmp_path).recordings == {"a": manifest.recordings["a"], "b": recording("b")}
    assert loaded(tmp_path).files() == {"exchanges/day=2026-01-02/a-0.parquet"}
    manifest.replace(manifest.recordings.values())
    assert len(manifest.path.read_text().splitlines()) == 3
    assert list(loaded(tmp_path).recordings) == ["a", "b"]


def test_half_a_line_is_none_wherever_it_ends(tmp_path: Path) -> None:
    whole = made(tmp_path).path.read_bytes()
    last = len(whole) - len(whole.splitlines(keepends=True)[-1])
    for length in range(last, len(whole), 7):
        (tmp_path / "manifest.jsonl").write_bytes(whole[:length])
        assert list(loaded(tmp_path).recordings) == ["b"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert loaded(tmp_path).recordings == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"schema": 1', '"schema": 2', "was written by another version of passlens: name a new folder."),
        ('"manifest": 1', '"manifest": 0', "was written by another version of passlens: name a new folder."),
        ('"day"}', '"none"}', "has --partition none: say the same, or name a new folder."),
        ('"kind": "archive"', '"kind": "x"', "line 1 of "),
        ('"size": 1', '"size": "many"', "line 2 of "),
        ("exchanges/day=2026-01-02/", "../../", "line 2 of "),
        ("exchanges/day=2026-01-02/", "exchanges/../", "line 2 of "),
        ("-0.parquet", "-0.har", "line 2 of "),
    ],
)
def test_what_is_not_of_this_version_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = made(tmp_path).path
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ArchiveError) as refused:
        loaded(tmp_path)
    assert said in str(refused.value)
