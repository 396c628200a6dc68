"""The machine-readable document: one valid JSON object, however many exchanges and troubles."""

import io
import json
from typing import Any

import pytest

from cases import as_exchange, cases
from passlens import __version__
from passlens.reports.json_document import JsonReport
from passlens.reports.tally import Tally
from passlens.verdict import judge


def document(count: int, *troubles: tuple[str, int | None, str]) -> dict[str, Any]:
    out = io.StringIO()
    report, tally = JsonReport(out), Tally()
    for made in cases()[:count]:
        entry = judge(as_exchange(made))
        tally.add(entry)
        report.entry(entry)
    for trouble in troubles:
        report.trouble(*trouble)
    report.close(tally)
    assert out.getvalue().endswith("\n")
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_document_is_valid_with_any_number_of_exchanges(count: int) -> None:
    made = document(count)
    assert made["schema"] == 1
    assert made["tool"] == {"name": "passlens", "version": __version__}
    assert len(made["exchanges"]) == made["summary"]["exchanges"] == count
    assert made["unreadable"] == []


def test_what_could_not_be_read_is_listed() -> None:
    made = document(1, ('a"\udcff.mitm', 3, "flow 3 is damaged"), ("b.har", None, "is empty"))
    assert made["unreadable"] == [
        {"file": 'a"\udcff.mitm', "index": 3, "message": "flow 3 is damaged"},
        {"file": "b.har", "index": None, "message": "is empty"},
    ]


def test_any_number_of_unreadable_parts_is_listed() -> None:
    made = document(1, *(("b.har", index, "is damaged" * 20) for index in range(6000)))
    assert [item["index"] for item in made["unreadable"]] == list(range(6000))
