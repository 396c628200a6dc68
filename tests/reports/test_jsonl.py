"""One JSON line for each exchange: ASCII, no line breaks inside, nothing that is not JSON."""

import io
import json

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.jsonl import JsonlReport, line


def test_a_line_is_ascii_and_reads_back() -> None:
    entry = analyze(as_exchange(case("C1").named("x", path="/api/v2/\udcff\n☃/sessions")))
    text = line(entry)
    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text) == {"schema": 2, "kind": "exchange"} | entry


def test_journeys_and_expectations_have_lines_of_their_own_kind() -> None:
    out, journey, expectation = io.StringIO(), {"id": 3, "why": "é"}, {"name": "poll", "verdict": "met"}
    report = JsonlReport(out)
    report.journey(journey)  # type: ignore[arg-type]
    report.expectation(expectation)  # type: ignore[arg-type]
    assert out.getvalue().isascii()
    assert [json.loads(text) for text in out.getvalue().splitlines()] == [
        {"schema": 2, "kind": "journey"} | journey, {"schema": 2, "kind": "expectation"} | expectation,
    ]  # fmt: skip


def test_headers_and_bodies_are_no_part_of_it() -> None:
    entry = analyze(as_exchange(case("C1")))
    assert line(entry | {"messages": {"request": {}}}) == line(entry)


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        line({"a": float("nan")})


def test_the_report_has_a_line_for_each_exchange_and_nothing_else() -> None:
    out = io.StringIO()
    report = JsonlReport(out)
    for name in ("C1", "P3"):
        report.entry(analyze(as_exchange(case(name))))
    report.read_error("tv.mitm", 2, "is cut off")
    report.close(RunSummary())
    assert [json.loads(text)["outcome"] for text in out.getvalue().splitlines()] == ["C1", "P3"]
