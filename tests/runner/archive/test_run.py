"""``passlens archive``: the rows of a check, brought up to date, whatever happens in between."""

import io
import os
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import redaction.test_redactor as planting
from passlens.errors import UsageError, WriteError
from passlens.recordings.reader import SUFFIXES
from passlens.runner.archive.dataset import Dataset
from passlens.runner.archive.run import ArchiveSettings, archive_recordings
from passlens.runner.archive.schema import TABLES
from passlens.util.text import parse_time
from support.archiving import OF_TOOLS, RECORDINGS, STORY, SUMMARY, archive, everything, inputs_of, manifest, rows
from support.checking import document
from support.planted import as_mitm


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of all recordings that ship."""
    folder = tmp_path_factory.mktemp("whole") / "archive"
    status, out, err = archive(folder, RECORDINGS, OF_TOOLS)
    assert (status, err) == (0, ""), err
    count = sum(path.suffix in SUFFIXES for place in (RECORDINGS, OF_TOOLS) for path in place.iterdir())
    assert out.startswith(f"recordings  {count} new, 0 changed, 0 unchanged\narchive     {count} recordings: "), out
    return folder


def of_document(table: str, item: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The row that an item of the JSON document is, by the table of columns."""
    row: dict[str, Any] = {}
    for column in TABLES[table]:  # type: ignore[index]
        value: Any = item
        for step in column.member.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if column.member.startswith("["):
            value = given.get(column.member[1:-1])
        if column.type.startswith("timestamp"):
            value = parse_time(value)
        row[column.name] = str(value) if column.type == "string" and value is not None else value
    return row


def test_rows_are_what_check_says_of_the_same_recordings(whole: Path) -> None:
    said = document(str(RECORDINGS), str(OF_TOOLS), "--isolated")
    expected: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}

    def name(item: dict[str, Any]) -> str:
        return os.path.relpath(item["file"], whole)

    for entry in said["exchanges"]:
        place = {"input": name(entry), "index": entry["index"]}
        expected["exchanges"].append(of_document("exchanges", entry, **place))
        for table in ("results", "findings"):
            for position, item in enumerate(entry[table]):
                expected[table].append(of_document(table, item, position=position, **place))
    numbers: dict[str, int] = {}
    for journey in said["journeys"]:
        numbers[journey["file"]] = number = numbers.get(journey["file"], 0) + 1
        expected["journeys"].append(of_document("journeys", {**journey, "id": number}, input=name(journey)))
    for table, found in everything(whole).items():
        wanted = expected[table]
        assert len(found) == len(wanted) > 30, table
        assert sorted(found, key=repr) == sorted(wanted, key=repr), table


def test_counts_of_each_recording_are_those_of_its_check(whole: Path) -> None:
    found = {table: Counter(row["input"] for row in rows) for table, rows in everything(whole).items()}
    for recording in manifest(whole):
        summary = document(str(whole / recording["input"]), "--isolated", "--allow-empty")["summary"]
        assert {name: recording["counts"][name] for name in SUMMARY} == {name: summary[name] for name in SUMMARY}
        for table, counts in found.items():
            assert counts[recording["input"]] == recording["counts"][table], table


def test_planted_secrets_are_in_no_file(tmp_path: Path) -> None:
    flows = [planting.flow_of(case) for case in (planting.everywhere(), *planting.malformed())]
    (tmp_path / "secrets.mitm").write_bytes(as_mitm(flows))
    archive(tmp_path / "archive", tmp_path / "secrets.mitm")
    found = everything(tmp_path / "archive")
    assert len(found["exchanges"]) > 50
    assert len(found["findings"]) > 500
    planting.assert_clean(repr(found))
    for path in (tmp_path / "archive").rglob("*"):
        if path.is_file():
            planting.assert_clean(path.read_bytes().decode("latin-1"), path.name)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with three recordings, one of them in a folder."""
    folder = tmp_path / "recordings"
    (folder / "night").mkdir(parents=True)
    for name, source in {"a.mitm": "current.mitm", "b.har": "apple-tv.har", "night/c.mitm": "apple-tv.mitm"}.items():
        shutil.copy(RECORDINGS / source, folder / name)
    return folder


def did(output: str) -> str:
    """What a run says that it did."""
    return output.partition("\n")[0].removeprefix("recordings  ")


def test_a_second_run_reads_what_is_new_or_changed(recordings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    assert did(archive(folder, recordings)[1]) == "3 new, 0 changed, 0 unchanged"
    files = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    assert did(archive(folder, recordings)[1]) == "0 new, 0 changed, 3 unchanged"
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == files

    shutil.copy(RECORDINGS / "errors.har", recordings / "b.har")
    shutil.copy(STORY, recordings / "d.mitm")
    os.utime(recordings / "a.mitm", ns=(0, 0))
    assert did(archive(folder, recordings)[1]) == "1 new, 1 changed, 2 unchanged"
    again = tmp_path / "again"
    archive(again, recordings)
    assert everything(folder) == everything(again)
    assert manifest(folder)[0]["time"] == "1970-01-01T00:00:00.000000+00:00"
    assert did(archive(folder, recordings)[1]) == "0 new, 0 changed, 4 unchanged"


def test_one_recording_is_one_however_it_is_named(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "archive"
    monkeypatch.chdir(tmp_path)
    archive(folder, recordings)
    several = ("recordings/a.mitm", "./recordings", "recordings/**/*.mitm", (recordings / "a.mitm").as_uri())
    assert did(archive(Path("archive"), *several)[1]) == "0 new, 0 changed, 3 unchanged"
    assert [one["input"] for one in manifest(folder)] == [
        "../recordings/a.mitm", "../recordings/b.har", "../recordings/night/c.mitm",
    ]  # fmt: skip


def test_what_another_passlens_has_archived_is_read_again(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "archive"
    archive(folder, recordings)
    path = folder / "manifest.jsonl"
    path.write_text(path.read_text().replace('"passlens": "', '"passlens": "0.0.'))
    assert did(archive(folder, recordings)[1]) == "0 new, 3 changed, 0 unchanged"


def test_an_archive_may_have_an_address(recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my archive"
    settings = ArchiveSettings(folder.as_uri())
    assert archive_recordings([str(recordings)], settings, io.StringIO(), io.StringIO()) == 0
    assert inputs_of(folder) == ["a.mitm", "b.har", "c.mitm"]
    assert {path.name for path in tmp_path.iterdir()} == {"my archive", recordings.name}


def test_what_vanished_stays_until_it_is_pruned(recordings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive(folder, recordings)
    (recordings / "a.mitm").unlink()
    archive(folder, recordings)
    assert inputs_of(folder) == ["a.mitm", "b.har", "c.mitm"]
    status, _, err = archive(folder, recordings, tmp_path / "elsewhere*", prune=True)
    assert (status, err.splitlines()) == (2, [
        f"passlens: {tmp_path}/elsewhere*: matches no file: check the pattern.",
        "passlens: nothing was pruned, because not all inputs could be looked into.",
    ])  # fmt: skip
    # What this run was not asked about, and is still there, stays.
    assert did(archive(folder, recordings / "night", prune=True)[1]) == "0 new, 0 changed, 1 unchanged, 1 removed"
    assert inputs_of(folder) == ["b.har", "c.mitm"]
    assert {row["input"].rpartition("/")[2] for row in rows(folder, "exchanges")} == {"b.har", "c.mitm"}


def test_a_packed_recording_beside_others_is_not_read_and_nothing_is_pruned(recordings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive(folder, recordings)
    (recordings / "a.mitm").rename(recordings / "a.mitm.gz")
    status, out, err = archive(folder, recordings, prune=True)
    assert (status, did(out)) == (2, "0 new, 0 changed, 2 unchanged")
    assert inputs_of(folder) == ["a.mitm", "b.har", "c.mitm"]
    assert err == (
        f"passlens: {recordings}: holds a recording packed or in a tool's own form (a.mitm.gz), not read: "
        "unpack it, or export it as HAR.\n"
        "passlens: nothing was pruned, because not all inputs could be looked into.\n"
    )


@pytest.mark.parametrize("partition", ["day", "none"])
def test_joined_files_have_the_same_rows_and_come_apart_again(recordings: Path, tmp_path: Path, partition: str) -> None:
    folder, plain = tmp_path / "archive", tmp_path / "plain"
    archive(plain, recordings, partition=partition)
    _, out, _ = archive(folder, recordings, partition=partition, compact=True)
    assert did(out) == "3 new, 0 changed, 0 unchanged, 8 files fewer"
    assert {path.parent.name for path in folder.rglob("joined-*")} == (
        {"day=2026-01-02"} if partition == "day" else set(TABLES)
    )
    assert len(list(folder.rglob("joined-*"))) == 4
    assert everything(folder) == everything(plain)
    assert did(archive(folder, recordings, partition=partition, compact=True)[1]) == "0 new, 0 changed, 3 unchanged"

    shutil.copy(RECORDINGS / "errors.mitm", recordings / "a.mitm")
    (recordings / "b.har").unlink()
    archive(folder, recordings, partition=partition, prune=True)
    archive(plain, recordings, partition=partition, prune=True)
    assert inputs_of(folder) == ["a.mitm", "c.mitm"]
    assert everything(folder) == everything(plain)


def test_a_broken_recording_costs_what_is_broken_and_is_named(recordings: Path, tmp_path: Path) -> None:
    (recordings / "a.mitm").write_bytes((RECORDINGS / "current.mitm").read_bytes()[:-100])
    (recordings / "b.har").write_bytes(b"no recording")
    missing = recordings / "missing.har"
    status, out, err = archive(tmp_path / "archive", recordings, missing)
    assert status == 2
    assert len(err.splitlines()) == 3
    assert f"passlens: {recordings}/a.mitm: flow " in err
    assert f"passlens: {missing}: cannot be read (No such file or directory): check the name.\n" in err
    assert did(out) == "3 new, 0 changed, 0 unchanged, 1 failed"
    assert "2 recordings read in part (manifest.jsonl says why)" in out
    cut = manifest(tmp_path / "archive")[0]
    assert cut["counts"]["unreadable"] == 1
    read = [row for row in rows(tmp_path / "archive", "exchanges") if row["input"] == cut["input"]]
    assert cut["counts"]["exchanges"] == len(read) > 20
    assert cut["trouble"][0].startswith("flow ")

    # What is as it was is not told again; what failed is tried again.
    shutil.copy(STORY, missing)
    status, out, err = archive(tmp_path / "archive", recordings, missing)
    assert (status, err, did(out)) == (0, "", "1 new, 0 changed, 3 unchanged")


def test_nothing_to_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.har").write_text('{"log": {"entries": []}}')
    status, _, err = archive(tmp_path / "archive", tmp_path / "empty.har")
    assert status == 2
    assert err == (
        "passlens: nothing to archive: no exchange of the API in the inputs; "
        "look at them, or say --allow-empty where that is fine.\n"
    )
    assert archive(tmp_path / "archive", tmp_path / "empty.har", allow_empty=True)[0] == 0


def test_a_second_run_at_once_is_refused(tmp_path: Path) -> None:
    said = f"is being written by process {os.getpid()} on .*: wait until"
    with Dataset(str(tmp_path / "archive"), "day"), pytest.raises(UsageError, match=said):
        archive(tmp_path / "archive", STORY)
    assert archive(tmp_path / "archive", STORY)[0] == 0


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"file/archive cannot be written \(Not a directory\): make room or"):
        archive(tmp_path / "file" / "archive", STORY)


def test_progress_is_shown_on_a_terminal_only(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passlens.runner.progress._EVERY", -1.0)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    status, said, _ = archive(tmp_path / "archive", recordings, screen=screen)
    assert status == 0
    counted = re.findall(r"100%  (\d+) exchanges?, ", screen.getvalue())
    assert f": {counted[-1]} exchanges, " in said
    assert screen.getvalue().endswith(" MB/s  0 s left\r\x1b[K")
    assert archive(tmp_path / "other", recordings)[2] == ""
