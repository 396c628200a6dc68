"""Rows into Parquet: typed, compressed with zstd, each file with the version of the tables in its metadata."""

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import pyarrow
from pyarrow.parquet import ParquetWriter

from passlens.errors import RecordingError
from passlens.runner.archive.rows import Row
from passlens.runner.archive.schema import SCHEMA, TABLES, ColumnType, TableName

GROUP: Final = 10_000
"""Rows that wait in memory for their file, some kilobytes each."""

MAX_DAYS: Final = 1_000
"""Days of one recording; each is a file of its own."""

_TYPES: Final[dict[ColumnType, Any]] = {
    "string": pyarrow.string(),
    "int64": pyarrow.int64(),
    "double": pyarrow.float64(),
    "bool": pyarrow.bool_(),
    "timestamp[ms, UTC]": pyarrow.timestamp("ms", "UTC"),
    "list<string>": pyarrow.list_(pyarrow.string()),
    "list<int64>": pyarrow.list_(pyarrow.int64()),
}

SCHEMAS: Final[dict[TableName, Any]] = {
    table: pyarrow.schema(
        [(column.name, _TYPES[column.type]) for column in columns],
        metadata={"passlens.schema": str(SCHEMA), "passlens.table": table},
    )
    for table, columns in TABLES.items()
}
"""The schema of each table as Arrow has it."""


class Part(NamedTuple):
    """What one recording has of a table on one day: a whole Parquet file."""

    table: TableName
    day: str
    rows: int
    data: bytes


class TableFiles:
    """Takes rows in any order and makes a file of those of each table and day."""

    def __init__(self, *, by_day: bool) -> None:
        self._by_day = by_day
        self._files: dict[tuple[TableName, str], tuple[io.BytesIO, Any]] = {}
        self._waiting: defaultdict[tuple[TableName, str], list[tuple[Any, ...]]] = defaultdict(list)
        self._count = 0
        self._rows: defaultdict[tuple[TableName, str], int] = defaultdict(int)

    def add(self, rows: Iterable[Row]) -> None:
        """Take some rows; raises RecordingError for more days than a recording may have."""
        for row in rows:
            place = (row.table, row.day if self._by_day else "")
            self._waiting[place].append(row.values)
            self._rows[place] += 1
            self._count += 1
        if len(self._rows) > MAX_DAYS * len(TABLES):
            raise RecordingError(f"has exchanges of more than {MAX_DAYS:,} days: archive it with --partition none")
        if self._count >= GROUP:
            self._flush()

    def finish(self) -> tuple[Part, ...]:
        """The files, whole."""
        self._flush()
        made = []
        for (table, day), (stream, writer) in self._files.items():
            writer.close()
            made.append(Part(table, day, self._rows[table, day], stream.getvalue()))
        return tuple(made)

    def _flush(self) -> None:
        for place, waiting in self._waiting.items():
            if place not in self._files:
                stream = io.BytesIO()
                self._files[place] = stream, ParquetWriter(stream, SCHEMAS[place[0]], compression="zstd")
            self._files[place][1].write_table(_table(place[0], waiting))
        self._waiting.clear()
        self._count = 0


def empty(table: TableName) -> bytes:
    """A file of a table without rows: readers learn its columns from it."""
    stream = io.BytesIO()
    ParquetWriter(stream, SCHEMAS[table], compression="zstd").close()
    return stream.getvalue()


def _table(table: TableName, rows: list[tuple[Any, ...]]) -> Any:
    schema = SCHEMAS[table]
    arrays = [pyarrow.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
