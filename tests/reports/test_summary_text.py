"""The summary for people: what it counts, names and says when there is nothing."""

import io

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.summary_text import SummaryReport, summary_text
from passlens.rest_v2.strangers import Stranger
from support.examples import answered, exchange


def test_the_summary_counts_operations_outcomes_and_codes() -> None:
    summary = RunSummary()
    for name in ("C1", "C1", "P3", "logout"):
        summary.add(analyze(as_exchange(case(name))))
    summary.other_flows, summary.unreadable = 1, 2
    lines = summary_text(summary).splitlines()
    assert lines[0].startswith("4 exchanges, 1 other flow, 2 unreadable parts: ")
    assert "  create-session          C1 2" in lines
    assert "  partner-session         P3 1" in lines
    assert "\x1b" not in summary_text(summary)
    assert "\x1b" in summary_text(summary, colour=True)


def test_strangers_are_named_in_one_line_of_each_kind() -> None:
    summary = RunSummary()
    for _ in range(2):
        summary.add_other(Stranger("v1", "GET /api/v1/authorize"))
    for name in "abcdef":
        summary.add_other(Stranger("unknown", f"GET /{name}"))
    assert summary_text(summary).splitlines()[1:] == [
        "  2 calls, REST API V1, which passlens does not check: GET /api/v1/authorize 2",
        "  6 calls, on a host of the API, and none of its operations: GET /a, GET /b, GET /c, GET /d, GET /e, …",
    ]


def test_an_empty_run_has_a_summary_of_one_line() -> None:
    assert summary_text(RunSummary()) == "0 exchanges: 0 errors, 0 warnings, 0 notes"


def test_the_summary_alone_has_no_blocks_and_says_when_it_is_partial() -> None:
    out = io.StringIO()
    report, summary = SummaryReport(out), RunSummary()
    entry = analyze(as_exchange(case("C1")))
    summary.add(entry)
    summary.partial = True
    report.entry(entry)
    report.read_error("tv.mitm", 3, "flow 3 is damaged")
    report.close(summary)
    assert out.getvalue() == f"{summary_text(summary)}\n"
    assert "\n  partial: the check was stopped before the end of its input\n" in out.getvalue()


def test_a_denial_is_no_good_news() -> None:
    error = {"code": "authorization_denied_by_mvpd"}
    denied = {"resource": "news", "authorized": False, "source": "mvpd", "error": error}
    summary = RunSummary()
    summary.add(analyze(answered(exchange("authorize"), {"decisions": [denied, denied | {"authorized": True}]})))
    assert "\n  1 permit, 1 denial\n" in summary_text(summary)
    assert "\x1b[33m1 permit, 1 denial\x1b[0m" in summary_text(summary, colour=True)
