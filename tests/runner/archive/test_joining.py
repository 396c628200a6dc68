"""Small files joined: which, into groups of rows worth reading, and without those of one recording."""

from pathlib import Path
from typing import Any

import pytest
from pyarrow.parquet import ParquetFile, read_table

from passlens.runner.archive import joining
from passlens.runner.archive.joining import LARGE, SMALL, join, to_join, without
from passlens.runner.archive.parquet import TableFiles
from passlens.runner.archive.rows import Row


def test_small_files_of_a_folder_are_joined_up_to_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def groups(**sizes: int) -> list[list[str]]:
        return [[str(path) for path in group] for group in to_join({Path(name): size for name, size in sizes.items()})]

    assert groups(a=1, b=SMALL - 1, c=SMALL, d=2) == [["a", "b", "d"]]
    assert groups(a=1, b=SMALL) == []
    monkeypatch.setattr(joining, "LARGE", 10)
    assert groups(a=5, b=5, c=1, d=9, e=1) == [["a", "b"], ["c", "d"]]
    assert [len(group) for group in to_join({Path(f"{day}/{name}"): 1 for day in "xy" for name in "abc"})] == [3, 3]
    assert LARGE >= SMALL


def write(path: Path, name: str, count: int) -> Path:
    parts = TableFiles(by_day=False)
    values: list[tuple[Any, ...]] = [
        (name, number, None, None, [], None, None, [], "x", "y") for number in range(count)
    ]
    parts.add(Row("journeys", "", one) for one in values)
    path.write_bytes(parts.finish()[0].data)
    return path


def test_rows_keep_their_order_and_go_into_large_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "GROUP", 5)
    paths = [write(tmp_path / f"{name}.parquet", name, 3) for name in "abcde"]
    join(paths, tmp_path / "joined.parquet")
    file = ParquetFile(tmp_path / "joined.parquet")
    assert [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)] == [6, 6, 3]
    assert file.schema_arrow.metadata[b"passlens.table"] == b"journeys"
    assert file.read()["input"].to_pylist() == [name for name in "abcde" for _ in range(3)]

    without(tmp_path / "joined.parquet", {"b", "e", "none"}, tmp_path / "rest.parquet")
    assert read_table(tmp_path / "rest.parquet")["input"].to_pylist() == ["a"] * 3 + ["c"] * 3 + ["d"] * 3
