"""The machine-readable document: one valid JSON object, however many exchanges and troubles."""

import io
import json
from typing import Any

import pytest

from cases import as_exchange, cases
from passlens import __version__
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.json_document import json_document
from passlens.reports.run import RunReport


def document(count: int, *read_errors: tuple[str, int | None, str]) -> dict[str, Any]:
    out = io.StringIO()
    report, summary = RunReport(out, json_document), RunSummary()
    for made in cases()[:count]:
        entry = analyze(as_exchange(made))
        summary.add(entry)
        report.entry(entry)
    for read_error in read_errors:
        report.read_error(*read_error)
    report.close(summary)
    assert out.getvalue().endswith("\n")
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_document_is_valid_with_any_number_of_exchanges(count: int) -> None:
    made = document(count)
    assert made["schema"] == 2
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
