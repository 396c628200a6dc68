"""Markdown for a comment: short enough, the worst first, everything counted, nothing from traffic taken for markup."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import as_exchange, case, cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.markdown import MAX_CHARS, code, markdown, plain
from passlens.reports.run import RunReport

SHOWN = """\
## passlens: 1 error, 0 warnings, 2 notes

1 exchange.

| severity | code | name | findings |
| --- | --- | --- | ---: |
| error | PL102 | method | 1 |
| note | PL240 | partner-status-member-missing | 2 |

### PL102 method (error, 1)

The path belongs to an operation, the method does not.

- `tv.mitm`, exchange 3 (partner-session), `method`: The method is PUT, this path takes POST.

### PL240 partner-status-member-missing (note, 2)

A required member of AP-Partner-Framework-Status is missing.

- `tv.mitm`, exchange 3 (partner-session), `header:AP-Partner-Framework-Status#/frameworkProviderInfo/id`: \
The required member id is missing.
- `tv.mitm`, exchange 3 (partner-session), `header:AP-Partner-Framework-Status#/frameworkProviderInfo/expirationDate`: \
The required member expirationDate is missing.
"""


def entry(index: int = 0, file: str = "tv.mitm") -> dict[str, Any]:
    exchange = as_exchange(case("P3").named("x", method="PUT"))
    exchange.index, exchange.file = index, file
    return analyze(exchange)


def report(*items: Any, partial: bool = False) -> str:
    out, summary = io.StringIO(), RunSummary()
    made = RunReport(out, markdown)
    for item in items:
        if isinstance(item, dict):
            summary.add(item)
            made.entry(item)
        else:
            summary.unreadable += 1
            made.read_error(*item)
    summary.partial = partial
    made.close(summary)
    return out.getvalue()


def test_counts_come_first_and_then_the_findings_by_code() -> None:
    assert report(entry(3)) == SHOWN


def test_a_clean_recording_is_two_lines() -> None:
    assert report() == "## passlens: 0 errors, 0 warnings, 0 notes\n\n0 exchanges.\n"


def test_what_could_not_be_read_stands_before_the_findings() -> None:
    text = report(("a/tv.mitm", 3, "flow 3 is cut off"), ("b/tv.mitm", None, "is empty"), partial=True)
    assert "**Partial: the check was stopped before the end of its input.**" in text
    assert "0 exchanges, 2 unreadable parts." in text
    assert "### Not read\n\n- `a/tv.mitm`: flow 3 is cut off.\n- `b/tv.mitm`: is empty.\n" in text


def test_what_a_baseline_says_stands_under_the_counts() -> None:
    out, summary = io.StringIO(), RunSummary()
    summary.closing += ["baseline known.json: 3 known, 0 new, 1 gone", "  gone  PL204 *"]
    RunReport(out, markdown).close(summary)
    assert out.getvalue().endswith("0 exchanges.\n\n- baseline known.json: 3 known, 0 new, 1 gone\n- gone  PL204 \\*\n")


def test_two_files_of_one_name_stay_apart() -> None:
    text = report(entry(0, "a/tv.mitm"), entry(0, "b/tv.mitm"))
    assert "- `a/tv.mitm`, exchange 0" in text
    assert "- `b/tv.mitm`, exchange 0" in text


def test_what_is_left_out_is_counted() -> None:
    text = report(*(entry(index) for index in range(50)), *(("x", index, "is damaged") for index in range(30)))
    assert text.count("`method`: The method is PUT") == 20
    assert "- 30 more places not shown here; the other report formats name all." in text
    assert text.count("- `x`: is damaged.") == 20
    assert "- 10 more parts not shown here" in text


def test_the_worst_that_can_come_fits_a_comment() -> None:
    made = [analyze(as_exchange(one)) for one in cases()] * 30
    for index, one in enumerate(made):
        one["index"], one["file"] = index, "recordings/" + "long/" * 30 + "tv.mitm"
        for finding in one["findings"]:
            finding["message"] = "[*" * 300
    text = report(*made, *(("x" * 900, index, "&" * 900) for index in range(40)))
    assert 10_000 < len(text) <= MAX_CHARS < 65_536
    assert "not shown here" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 10


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a_b *c* [d](e)", r"a\_b \*c\* \[d\]\(e\)"),
        ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
        ("@team #12", "@&#8203;team #&#8203;12"),
        ("https://evil.example www.evil.example", "https:&#8203;//evil.example www.&#8203;evil.example"),
        ("a|b\n# c\x1b", "a\\|b\\\\n# c\\\\x1b"),
        ("x" * 400, "x" * 400),
        ("x" * 401, "x" * 400 + "…"),
    ],
)
def test_text_from_traffic_is_shown_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_code_cannot_be_left(text: str) -> None:
    made = code(text)
    fence = len(made) - len(made.lstrip("`"))
    assert "\n" not in made
    assert "`" * fence not in made[fence:-fence].replace("`" * (fence + 1), "")
    made.encode("utf-8")


def test_a_dry_run_names_what_the_rules_would_have_done_and_counts_the_rest() -> None:
    told = {"scenario": "x", "rule": "one", "action": "outcome *P3*", "explanation": "rule 'one' matched."}
    miss = told | {"rule": None, "action": None, "explanation": "no rule matched; 'one' came closest."}
    made = report(*(entry(index) | {"dry_run": told} for index in range(25)), entry(25) | {"dry_run": miss})
    section = made.partition("### Dry run\n\n")[2].partition("\n\n|")[0].splitlines()
    assert section[0] == "- `tv.mitm`, exchange 0 (partner-session): outcome \\*P3\\*: rule 'one' matched."
    assert section[-1] == "- 5 more exchanges not shown here; the other report formats name all."
    assert len(section) == 21
    assert "### Dry run" not in report(entry())


@pytest.mark.parametrize(("text", "shown"), [("x" * 400, "x" * 400), ("x" * 401, "x" * 400 + "…")])
def test_code_is_cut_as_text_is(text: str, shown: str) -> None:
    assert code(text) == f"`{shown}`"


@pytest.mark.parametrize(("over", "places"), [(0, 20), (1, 10)])
def test_fewer_places_are_shown_where_the_text_has_more_than_65_000_characters(over: int, places: int) -> None:
    def text(closing: list[str]) -> str:
        out, summary = io.StringIO(), RunSummary()
        made = RunReport(out, markdown)
        for index in range(20):
            summary.add(entry(index))
            made.entry(entry(index))
        summary.closing = closing
        made.close(summary)
        return out.getvalue()

    filling = ["x" * 397] * ((65_000 - len(text(["x"]))) // 400)  # a line has a dash and an end, too
    missing = 65_000 - len(text([*filling, "x"]))
    assert 0 < missing < 400
    made = text([*filling, "x" * (1 + missing + over)])
    assert made.count("`method`: The method is PUT") == places
    assert len(made) == 65_000 or over
