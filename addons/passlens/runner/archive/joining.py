"""Files of an archive joined, and taken apart again where one recording of several changes."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow
from pyarrow import compute
from pyarrow.parquet import ParquetWriter, read_table

from passlens.runner.archive.parquet import SCHEMAS

SMALL: Final = 16 << 20
"""Bytes from which a file is not joined any more."""

LARGE: Final = 128 << 20
"""Bytes that files are joined up to."""

GROUP: Final = 100_000
"""Rows of a row group of a joined file, the least that a reader reads."""


def to_join(sizes: dict[Path, int]) -> Iterator[list[Path]]:
    """Groups of files of one folder, two at least, that are to be one; ``sizes`` in bytes."""
    folders: dict[Path, list[Path]] = {}
    for path in sorted(path for path, size in sizes.items() if size < SMALL):
        folders.setdefault(path.parent, []).append(path)
    for paths in folders.values():
        group: list[Path] = []
        for path in paths:
            if group and sum(sizes[one] for one in group) + sizes[path] > LARGE:
                yield group
                group = []
            group.append(path)
        if len(group) > 1:
            yield group


def join(paths: Sequence[Path], target: Path) -> None:
    """Write the rows of several files of one table into one, in their order."""
    _write(map(_read, paths), target)


def without(path: Path, names: Collection[str], target: Path) -> None:
    """Write the rows of a file that are not of these recordings."""
    table = _read(path)
    gone = compute.is_in(table["input"], value_set=pyarrow.array(sorted(names), pyarrow.string()))
    _write(iter([table.filter(compute.invert(gone))]), target)


def _read(path: Path) -> Any:
    table = read_table(path, partitioning=None)
    # Releases of pyarrow do not agree on the names inside a list.
    return table.cast(SCHEMAS[table.schema.metadata[b"passlens.table"].decode()])


def _write(tables: Iterator[Any], target: Path) -> None:
    first = next(tables)
    with ParquetWriter(target, first.schema, compression="zstd") as writer:
        waiting = [first]
        for table in tables:
            waiting.append(table)
            if sum(one.num_rows for one in waiting) >= GROUP:
                writer.write_table(pyarrow.concat_tables(waiting).combine_chunks())
                waiting = [table.slice(0, 0)]
        writer.write_table(pyarrow.concat_tables(waiting).combine_chunks())
