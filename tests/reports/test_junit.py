"""JUnit XML: what stands where, nothing that XML does not allow, and the structure that CI systems read.
``junitparser`` reads it back; the tables below are the elements and attributes of the schema of Jenkins (junit-10)."""

import io
import re
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import as_exchange, case, cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.junit import clean, junit
from passlens.reports.run import RunReport
from passlens.rest_v2.strangers import Stranger

CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
}
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname", "id", "package"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}
REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
COUNTS = {"tests", "failures", "errors", "skipped"}
TIME = re.compile(r"[0-9]*(\.[0-9]*)?")
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


def entry(name: str, index: int = 0, file: str = "tv.mitm", **changes: Any) -> dict[str, Any]:
    exchange = as_exchange(case(name).named("x", **changes))
    exchange.index, exchange.file = index, file
    return analyze(exchange)


def bad(index: int = 0, file: str = "tv.mitm") -> dict[str, Any]:
    """An exchange with an error, warnings and notes."""
    return entry("P3", index, file, method="PUT")


def report(*items: Any) -> str:
    out = io.StringIO()
    made = RunReport(out, junit)
    for item in items:
        if isinstance(item, dict):
            made.entry(item)
        else:
            made.read_error(*item)
    made.close(RunSummary())
    return out.getvalue()


def check_structure(element: ElementTree.Element) -> None:
    name = element.tag
    assert set(element.attrib) <= ATTRIBUTES.get(name, set()), name
    assert REQUIRED.get(name, set()) <= set(element.attrib), name
    assert TIME.fullmatch(element.attrib.get("time", "0"))
    assert TIMESTAMP.fullmatch(element.attrib.get("timestamp", "2026-01-02T03:04:05"))
    assert all(element.attrib.get(count, "0").isdigit() for count in COUNTS)
    if name in CHILDREN:  # these hold elements only
        assert not "".join((element.text or "", *(child.tail or "" for child in element))).strip()
    for child in element:
        assert child.tag in CHILDREN.get(name, set()), f"{child.tag} in {name}"
        check_structure(child)


SHOWN = """\
<?xml version="1.0" encoding="utf-8"?>
<testsuites name="passlens">
 <testsuite name="tv.mitm" tests="1" failures="1" errors="0" skipped="0" time="0.041" timestamp="2026-01-02T03:04:05">
  <testcase classname="tv.mitm.partner-session" name="partner-session DEMOTV Apple" time="0.0410">
   <failure message="PL102 method: The method is PUT, this path takes POST." type="PL102">PL102 method at method
The method is PUT, this path takes POST.
Source: Retrieve partner authentication request, doc-2025-10-30</failure>
   <system-out>03:04:05.000Z  partner-session  DEMOTV Apple  200  41 ms
  flow      3 of tv.mitm
  answer    P3  authenticate / interactive / pfs_fallback  code HFL7S0D  mvpd HarbourCable
"""


def test_an_error_is_a_failure_with_place_message_and_source() -> None:
    text = report(bad(3))
    assert text.startswith(SHOWN)
    assert text.endswith("</system-out>\n  </testcase>\n </testsuite>\n</testsuites>\n")


def test_warnings_and_notes_fail_nothing_and_stand_in_the_output() -> None:
    made = entry("P3", headers=())
    made["findings"] = [finding for finding in made["findings"] if finding["severity"] != "error"]
    assert {finding["severity"] for finding in made["findings"]} == {"warning"}
    found = ElementTree.fromstring(report(made)).find("testsuite/testcase")
    assert found is not None
    assert found.find("failure") is None
    assert all(finding["code"] in str(found.findtext("system-out")) for finding in made["findings"])


def test_several_errors_of_an_exchange_are_one_failure() -> None:
    made = bad()
    error = next(finding for finding in made["findings"] if finding["severity"] == "error")
    made["findings"] = [error, {**error, "code": "PL201", "message": "Another."}]
    suite = ElementTree.fromstring(report(made)).find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "1"
    failures = suite.findall("testcase/failure")
    assert len(failures) == 1
    assert str(failures[0].get("message")).endswith("(and 1 more error)")
    assert "PL201" in str(failures[0].text)


def test_what_cannot_be_read_is_an_error_in_the_suite_of_its_file() -> None:
    text = report(entry("C1"), ("tv.mitm", 1, "flow 1 is cut off"), ("b.har", None, "is empty"))
    suites = ElementTree.fromstring(text).findall("testsuite")
    assert [(suite.get("name"), suite.get("tests"), suite.get("errors")) for suite in suites] == [
        ("tv.mitm", "2", "1"),
        ("b.har", "1", "1"),
    ]
    assert '<testcase classname="tv.mitm.unreadable" name="flow">' in text
    assert '<error message="is empty" type="unreadable">is empty</error>' in text


def test_two_files_of_one_name_stay_apart() -> None:
    suites = ElementTree.fromstring(report(bad(0, "a/tv.mitm"), bad(0, "b/tv.mitm"))).findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["a/tv.mitm", "b/tv.mitm"]
    found = {(case.get("classname"), case.get("name")) for suite in suites for case in suite}
    assert len(found) == 2


def test_the_structure_is_that_of_the_schema_and_every_case_is_read_back() -> None:
    made = [analyze(as_exchange(one)) for one in cases()]
    for index, one in enumerate(made):
        one["index"], one["file"] = index, f"{index % 3}.har"
    made.sort(key=lambda one: str(one["file"]))
    text = report(*made, ("3.har", 7, "flow 7 is damaged"))
    check_structure(ElementTree.fromstring(text))
    read = junitparser.JUnitXml.fromstring(text)
    assert [suite.name for suite in read] == ["0.har", "1.har", "2.har", "3.har"]
    assert sum(suite.tests for suite in read) == len(made) + 1
    assert sum(suite.errors for suite in read) == 1
    bad_ones = [one for one in made if any(finding["severity"] == "error" for finding in one["findings"])]
    assert sum(suite.failures for suite in read) == len(bad_ones) > 0
    before = [(suite.tests, suite.failures, suite.errors) for suite in read]
    for suite in read:
        suite.update_statistics()
    assert [(suite.tests, suite.failures, suite.errors) for suite in read] == before


@pytest.mark.parametrize("milliseconds", [None, 0.0, 0.04, 1e300])
def test_times_are_of_the_type_that_the_schema_has(milliseconds: float | None) -> None:
    check_structure(ElementTree.fromstring(report(bad() | {"duration_ms": milliseconds})))


def test_an_empty_report_is_whole() -> None:
    check_structure(ElementTree.fromstring(report()))


@given(st.text())
def test_any_text_is_well_formed_and_shows_no_controls(text: str) -> None:
    made = ElementTree.fromstring(f'<a b="{clean(text)}">{clean(text)}</a>')
    assert made.get("b") == (made.text or "")
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", made.text or "")


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[2J", "\ufffe", "\udcff", "]]>", "&#0;", '"><!--', "\u202e"])
def test_bad_text_anywhere_keeps_the_document_whole(text: str) -> None:
    made = bad(0, f"{text}.mitm")
    made["findings"][0] |= {"message": text, "at": text, "source": text}
    made |= {"service_provider": text, "diagnosis": text}
    check_structure(ElementTree.fromstring(report(made, (text, 0, text))))


def test_a_secret_stays_out() -> None:
    made = as_exchange(case("P3"))
    token = made.request.header("Authorization") or ""
    assert token.startswith("Bearer ")
    assert token.removeprefix("Bearer ") not in report(analyze(made))


def names(*items: Any) -> list[str | None]:
    return [case.get("name") for case in ElementTree.fromstring(report(*items)).iter("testcase")]


def test_one_more_exchange_renames_no_other() -> None:
    few = [entry("P3", 0), entry("C1", 1), entry("P3", 2)]
    more = [entry("P3", 0), entry("R1", 1), entry("C1", 2), entry("P3", 3)]
    assert names(*few) == [
        "partner-session DEMOTV Apple",
        "create-session DEMOTV",
        "partner-session DEMOTV Apple (2)",
    ]
    assert [name for name in names(*more) if name != "resume-session DEMOTV"] == names(*few)


def test_names_are_counted_for_each_file_and_stay_apart_when_they_are_cut() -> None:
    assert names(entry("C1", 0), entry("C1", 0, "b.mitm")) == ["create-session DEMOTV"] * 2
    long = [entry("C1", number) | {"service_provider": "x" * 300} for number in range(2)]
    first, second = names(*long)
    assert second == f"{first} (2)"


def test_calls_that_are_not_checked_are_named() -> None:
    out, summary = io.StringIO(), RunSummary()
    summary.add_other(Stranger("v1", "GET /api/v1/authorize"))
    RunReport(out, junit).close(summary)
    root = ElementTree.fromstring(out.getvalue())
    check_structure(root)
    assert "REST API V1, which passlens does not check: GET /api/v1/authorize" in (root.findtext(".//system-out") or "")
