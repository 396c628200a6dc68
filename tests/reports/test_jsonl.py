"""One JSON line for each exchange: ASCII, no line breaks inside, nothing that is not JSON."""

import io
import json

import pytest

from cases import as_exchange, case
from passlens.reports.jsonl import JsonlReport, line
from passlens.reports.tally import Tally
from passlens.verdict import judge


def test_a_line_is_ascii_and_reads_back() -> None:
    entry = judge(as_exchange(case("C1").named("x", path="/api/v2/\udcff\n☃/sessions")))
    text = line(entry)
    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text) == entry


def test_headers_and_bodies_are_no_part_of_it() -> None:
    entry = judge(as_exchange(case("C1")))
    assert line(entry | {"messages": {"request": {}}}) == line(entry)


def test_what_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        line({"a": float("nan")})


def test_the_report_has_a_line_for_each_exchange_and_nothing_else() -> None:
    out = io.StringIO()
    report = JsonlReport(out)
    for name in ("C1", "P3"):
        report.entry(judge(as_exchange(case(name))))
    report.trouble("tv.mitm", 2, "is cut off")
    report.close(Tally())
    assert [json.loads(text)["outcome"] for text in out.getvalue().splitlines()] == ["C1", "P3"]
