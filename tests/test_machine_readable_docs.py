"""What docs/machine-readable.md says of the document, of entries and of results is what their types hold, and what
the design of the form fixes is there."""

import re
from typing import Any, get_args

import pytest
from typing_extensions import get_type_hints

from passlens.analysis import entry as form
from passlens.rest_v2.results import ItemResult
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "machine-readable.md").read_text("utf-8")


def rows(heading: str) -> dict[str, str]:
    """The rows of a section's table, the second cell by the first."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `"))


def members(kind: Any) -> set[str]:
    return set(get_type_hints(kind))


def words(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_the_version() -> None:
    assert f'This page describes version {form.SCHEMA} of the form; `"schema": {form.SCHEMA}` stands' in PAGE


def test_the_members_of_the_document() -> None:
    assert {word for cell in rows("The document") for word in words(cell)} == members(form.Document) - {"schema"}


def test_the_members_of_an_entry() -> None:
    # What a dry run adds is told of where the option is.
    told = {word for cell in rows("An entry") for word in words(cell)}
    assert told == members(form.Entry) - {"dry_run"}


@pytest.mark.parametrize(
    ("heading", "row", "kind"),
    [
        ("The document", "`summary`", form.Summary),
        ("The document", "`expectations`", form.Expectation),
        ("The document", "`checklist`", form.ChecklistLine),
        ("An entry", "`action`", form.ActionEntry),
        ("An entry", "`device`", form.DeviceEntry),
        ("An entry", "`injected`", form.Injected),
    ],
)
def test_the_members_of_a_member(heading: str, row: str, kind: Any) -> None:
    assert members(kind) <= words(rows(heading)[row])


@pytest.mark.parametrize("kind", get_args(ItemResult))
def test_the_members_of_a_result(kind: Any) -> None:
    (name,) = get_args(get_type_hints(kind)["kind"])
    told = rows("Results")[f"`{name}`"]
    assert members(kind) - {"kind"} == words(told.partition(":")[0] if name != "navigation" else "`to`")
