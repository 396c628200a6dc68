"""Rows into files: typed, with the version of the tables, one for each table and day."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyarrow.parquet import ParquetFile, read_table

from passlens.errors import RecordingError
from passlens.runner.archive import parquet
from passlens.runner.archive.parquet import SCHEMAS, Part, TableFiles, empty
from passlens.runner.archive.rows import Row
from passlens.runner.archive.schema import SCHEMA, TABLES


def journey(day: int, number: int) -> Row:
    started = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(day)
    values = ("a.mitm", number, None, "DEMOTV", ["X"], started, None, [1, 2], "waiting", "it ended")
    return Row("journeys", f"{started:%Y-%m-%d}", values)


def of(part: Part) -> list[dict[str, Any]]:
    return list(read_table(io.BytesIO(part.data)).to_pylist())


def test_each_day_is_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 2)
    parts = TableFiles(by_day=True)
    for number in range(9):
        parts.add([journey(number % 2, number)])
    first, second = parts.finish()
    assert [(part.day, part.rows) for part in (first, second)] == [("2026-01-01", 5), ("2026-01-02", 4)]
    assert [row["journey"] for row in of(second)] == [1, 3, 5, 7]
    assert of(first)[0]["steps"] == [1, 2]


def test_without_days_a_table_is_a_file() -> None:
    parts = TableFiles(by_day=False)
    parts.add(journey(day, day) for day in range(3))
    (part,) = parts.finish()
    assert (part.table, part.day, part.rows, len(of(part))) == ("journeys", "", 3, 3)


def test_days_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MAX_DAYS", 1)
    parts = TableFiles(by_day=True)
    parts.add(journey(day, 1) for day in range(4))
    with pytest.raises(RecordingError, match=r"^has exchanges of more than 1 days: archive it"):
        parts.add([journey(4, 1)])


@pytest.mark.parametrize("table", TABLES)
def test_a_file_without_rows_has_the_columns(table: Any) -> None:
    file = ParquetFile(io.BytesIO(empty(table)))
    assert file.metadata.num_rows == 0
    assert file.schema_arrow.equals(SCHEMAS[table])
    types = [re.sub(r"<\w+: ", "<", str(field.type)).replace("tz=", "") for field in file.schema_arrow]
    assert types == [column.type for column in TABLES[table]]
    assert file.schema_arrow.names == [column.name for column in TABLES[table]]
    assert file.schema_arrow.metadata[b"passlens.schema"] == str(SCHEMA).encode()
    assert file.schema_arrow.metadata[b"passlens.table"] == table.encode()


def test_files_are_compressed_with_zstd() -> None:
    parts = TableFiles(by_day=True)
    parts.add([journey(0, 0)])
    metadata = ParquetFile(io.BytesIO(parts.finish()[0].data)).metadata
    assert {metadata.row_group(0).column(place).compression for place in range(metadata.num_columns)} == {"ZSTD"}
