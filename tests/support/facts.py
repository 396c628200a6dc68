"""The fact base of the API in tests/facts/*.yaml, and how a literal table is compared with it, row by row."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parents[1] / "facts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))

Rows = dict[str, dict[str, Any]]


@cache
def load(name: str) -> dict[str, Any]:
    """One file of the fact base as plain Python values."""
    value: dict[str, Any] = YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return value


ANSWERS = [name for name in NAMES if "answer_rows" in load(name)]
"""The files with rows of answers."""


def rows(name: str, table: str, key: str = "id") -> Rows:
    """The rows of one table of a file, by their key and in their order."""
    return {row[key]: row for row in load(name)[table]}


def differences(table: str, have: Rows, want: Rows) -> list[str]:
    """How a literal table departs from the facts, a line for each cell; lines name table, row and cell.

    ``have`` and ``want`` are cells by row. Their order counts for rows, and within a cell for lists and tuples.
    """
    found = [f"{table}, row {row}: in the facts, not in the table" for row in want if row not in have]
    found += [f"{table}, row {row}: in the table, not in the facts" for row in have if row not in want]
    for row in (row for row in want if row in have):
        for cell in {**want[row], **have[row]}:
            mine, fact = plain(have[row].get(cell)), plain(want[row].get(cell))
            if mine != fact:
                found.append(f"{table}, row {row}, {cell}: the table has {mine!r}, the facts have {fact!r}")
    if not found and list(have) != list(want):
        found.append(f"{table}: the rows stand in another order than those of the facts")
    return found


def hold(table: str, have: Rows, want: Rows) -> None:
    """Fail with every difference, one a line."""
    found = differences(table, have, want)
    assert not found, "\n".join(["the table and the facts differ", *found])


def plain(value: Any) -> Any:
    """A cell with tuples as lists, sets as sorted lists and an empty one as None."""
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, list):
        value = [plain(item) for item in value]
    if isinstance(value, dict):
        value = {key: plain(item) for key, item in value.items()}
    return None if value in ([], {}, "") else value


def cells(**values: Any) -> dict[str, Any]:
    """One row, by cell."""
    return values


def until(value: str) -> str | None:
    """A fact's last revision as the tables write it: None for the head."""
    return None if value == "head" else value
