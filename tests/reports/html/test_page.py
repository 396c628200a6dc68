"""What stands in the HTML page: the verdict, what could not be read, escaped texts, no address but its own."""

import io
import re

import pytest

from passlens.analysis.entry import Entry
from passlens.analysis.summary import RunSummary
from passlens.reports.html.page import TimelineStep, _opened, _responses
from passlens.reports.html.report import html
from passlens.reports.run import RunReport
from passlens.rest_v2.strangers import Stranger


def page(*read_errors: tuple[str, int | None, str]) -> str:
    out, summary = io.StringIO(), RunSummary()
    report = RunReport(out, html)
    for read_error in read_errors:
        summary.unreadable += 1
        report.read_error(*read_error)
    report.close(summary)
    return out.getvalue()


def test_what_could_not_be_read_is_named_and_escaped() -> None:
    made = page(("<b>.mitm", 3, "flow 3 cannot be read & more"))
    assert "&lt;b&gt;.mitm" in made
    assert "flow 3 cannot be read &amp; more" in made
    assert "<b>.mitm" not in made


def test_the_policy_forbids_everything_but_the_page_itself() -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page())
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    assert "unsafe-inline" not in policy[1]


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"', page()) == []


def entry(severity: str | None = None, code: str = "PL102") -> Entry:
    finding = {"code": code, "severity": severity, "message": "x"}
    return {"findings": [] if severity is None else [finding]}


def test_thirty_exchanges_stand_open_the_worst_first() -> None:
    steps = [TimelineStep(number, entry("warning" if number <= 20 else "error")) for number in range(1, 42)]
    assert _opened(steps[:10]) == set(range(1, 11))
    # 21 errors, and the first nine warnings.
    assert _opened(steps) == {*range(21, 42), *range(1, 10)}
    assert _opened([TimelineStep(1, entry("note")), TimelineStep(2, entry())]) == set()


@pytest.mark.parametrize(("kinds", "named", "others"), [(11, 11, 0), (12, 12, 0), (13, 12, 1)])
def test_twelve_kinds_of_answers_of_an_operation_are_named(kinds: int, named: int, others: int) -> None:
    summary = RunSummary()
    summary.outcomes.update({("create-session", f"code_{number}"): 1 for number in range(kinds)})
    ((operation, most, more),) = _responses(summary)
    assert (operation, len(most), more) == ("create-session", named, others)


def test_calls_that_are_not_checked_are_named() -> None:
    out, summary = io.StringIO(), RunSummary()
    summary.add_other(Stranger("unknown", "GET /api/v3/…"))
    RunReport(out, html).close(summary)
    assert "1 call, on a host of the API, and none of its operations: GET /api/v3/" in out.getvalue()
