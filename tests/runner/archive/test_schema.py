"""The columns: every member of entries and journeys has one, and none needs quotes in SQL."""

import typing
from typing import Any

import duckdb
import pytest
from typing_extensions import is_typeddict

from passlens.analysis.entry import Entry, FindingEntry, Journey
from passlens.rest_v2 import device_info
from passlens.rest_v2.results import ItemResult
from passlens.runner.archive.schema import TABLES, TableName

ELSEWHERE = {
    "file": "the column input",
    "results": "a table of its own",
    "findings": "a table of its own",
    "dry_run": "only where a scenario was named",
    "device.info": "by its keys, below",
    "partner_framework_status": "by its members, below",
}
"""Members that have no column of their name."""


def leaves(kind: Any, front: str = "") -> set[str]:
    """The paths of all members."""
    found: set[str] = set()
    for name, hint in typing.get_type_hints(kind).items():
        inner = [one for one in (hint, *typing.get_args(hint)) if is_typeddict(one)]
        found |= leaves(inner[0], f"{front}{name}.") if inner and name not in ELSEWHERE else {front + name}
    return found


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("exchanges", [Entry]),
        ("results", typing.get_args(ItemResult)),
        ("findings", [FindingEntry]),
        ("journeys", [Journey]),
    ],
)
def test_every_member_has_a_column(table: TableName, kinds: list[Any]) -> None:
    members = {column.member for column in TABLES[table]}
    missing = {leaf for kind in kinds for leaf in leaves(kind)} - members
    assert missing <= set(ELSEWHERE), missing - set(ELSEWHERE)


def test_every_key_of_the_device_has_a_column() -> None:
    members = {column.member for column in TABLES["exchanges"]}
    assert {f"device.info.{name}" for name in device_info.NAMES} <= members
    assert len([member for member in members if member.startswith("device.info.")]) == len(device_info.NAMES)


@pytest.mark.parametrize("table", TABLES)
def test_names_are_plain_and_none_comes_twice(table: TableName) -> None:
    names = [column.name for column in TABLES[table]]
    assert len(set(names)) == len(names)
    assert names[0] == "input"
    columns = ", ".join(f"{name} INTEGER" for name in names)
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE {table} ({columns})")
        assert database.execute(f"SELECT {', '.join(names)} FROM {table} t").fetchall() == []
        assert database.execute(f"SELECT {', '.join(f't.{name}' for name in names)} FROM {table} t").fetchall() == []
