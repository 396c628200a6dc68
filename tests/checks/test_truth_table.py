"""docs/truth-table.md holds every documented answer of every operation, as the tables have them."""

from pathlib import Path

import pytest

from passlens.checks import truth_table
from passlens.rest_v2 import decisions, errors, logouts, outcomes, profiles, response_rows, retrieve
from passlens.rest_v2.operations import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "truth-table.md"

ROWS = [
    *(row.id for row in outcomes.ROWS),
    *(row.id for row in retrieve.SHAPES),
    *response_rows.BY_ID,
    *profiles.BY_ID,
    *decisions.BY_ID,
    *logouts.BY_ID,
    *errors.BY_CODE,
]


def test_the_page_is_what_the_tables_say() -> None:
    made = truth_table.as_markdown()
    assert PAGE.read_text("utf-8") == made, "run: passlens explain --truth-table > docs/truth-table.md"


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_there_and_says_what_the_app_does(row: str) -> None:
    lines = [line for line in truth_table.as_markdown().splitlines() if line.startswith(f"| {row} |")]
    assert lines
    for line in lines:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert all(cells), line


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_has_an_answer_of_success(operation) -> None:  # type: ignore[no-untyped-def]
    part = truth_table.as_markdown().partition(f"\n## {operation.id}\n")[2].partition("\n## ")[0]
    assert str(operation.success[0]) in part
    assert part.count("\n| ") >= 2
