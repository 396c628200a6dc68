"""Rows of the four tables, from what a check says of a recording: entries and journeys, which are redacted already."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from passlens.analysis.entry import Entry, Journey
from passlens.runner.archive.schema import TABLES, Column, ColumnType, TableName
from passlens.util.text import parse_time

UNDATED: Final = "unknown"
"""The day of what has no time."""


class Row(NamedTuple):
    """One row: its table, the day (``2026-01-02`` in UTC) that it is kept under, and a value for each column."""

    table: TableName
    day: str
    values: tuple[Any, ...]


def exchange_rows(name: str, entry: Entry) -> Iterator[Row]:
    """The rows of one exchange of the recording ``name``: itself, its results and its findings, on the day that it
    began."""
    day, index = _day(entry["started"]), entry["index"]
    yield _row("exchanges", day, entry, {"[input]": name})
    for position, result in enumerate(entry["results"]):
        yield _row("results", day, result, {"[input]": name, "[index]": index, "[position]": position})
    for position, finding in enumerate(entry["findings"]):
        yield _row("findings", day, finding, {"[input]": name, "[index]": index, "[position]": position})


def journey_rows(name: str, journey: Journey) -> Iterator[Row]:
    """The rows of one journey of the recording ``name``: itself and its findings, on the day that it began."""
    day, number = _day(journey["started"]), journey["id"]
    yield _row("journeys", day, journey, {"[input]": name})
    for position, finding in enumerate(journey["findings"]):
        yield _row("findings", day, finding, {"[input]": name, "[journey]": number, "[position]": position})


def _day(started: str | None) -> str:
    return UNDATED if started is None else started[:10]


def _row(table: TableName, day: str, item: Mapping[str, Any], given: Mapping[str, Any]) -> Row:
    return Row(table, day, tuple(value(item, given) for value in _GETTERS[table]))


def _text(value: Any) -> str:
    """A text that UTF-8 can hold; what an app sent in place of a text, as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _same(value: Any) -> Any:
    return value


_CONVERTERS: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    "string": _text,
    "int64": _same,
    "double": _same,
    "bool": _same,
    "timestamp[ms, UTC]": parse_time,
    "list<string>": lambda values: [_text(value) for value in values],
    "list<int64>": _same,
}

_Getter = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


def _getter(column: Column) -> _Getter:
    """What takes the value of a column from an item, or from what is given beside it; None where it is not there."""
    convert, member = _CONVERTERS[column.type], column.member
    *way, last = member.split(".")

    def beside(item: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
        value = given.get(member)
        return None if value is None else convert(value)

    def inside(item: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
        for step in way:
            found = item.get(step)
            if not isinstance(found, dict):
                return None
            item = found
        value = item.get(last)
        return None if value is None else convert(value)

    return beside if member.startswith("[") else inside


_GETTERS: Final = {table: tuple(map(_getter, columns)) for table, columns in TABLES.items()}
