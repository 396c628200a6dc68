"""The runner: a check that fails harms nobody, hits are bounded, other traffic is left alone.
Holds the example of PL999, which only a broken check can trigger."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice

import pytest

import cases
import forge
from passlens import verdict
from passlens.checks import run
from passlens.checks.finding import Check, Hit
from passlens.checks.table import BY_CODE, CHECKS
from passlens.exchange import Exchange, Request
from passlens.spec.operations import KNOWN_HEADERS
from passlens.twins import Twins
from support.examples import Example, codes, collected, exchange, findings, verify, with_code


def broken() -> Exchange:
    """An exchange about which a check has failed; the runner notes it in the same way."""
    return replace(exchange("C2"), check_failures=["PL101 raised ValueError"])


EXAMPLES = [
    Example(
        "PL999",
        trigger=broken(),
        near=exchange("C2"),
        at="passlens",
        severity="warning",
        words="A check failed: PL101 raised ValueError.",
    ),
]


def test_the_example_of_PL999() -> None:
    verify(EXAMPLES[0])


def raises(ex: Exchange) -> Iterator[Hit]:
    """Fails before its first hit."""
    raise ValueError("with a secret of the traffic in its text")


def raises_late(ex: Exchange) -> Iterator[Hit]:
    """Fails after its first hit."""
    yield Hit("path", "One hit.")
    raise KeyError("late")


def endless(ex: Exchange) -> Iterator[Hit]:
    """Never ends."""
    while True:
        yield Hit("path", "Once more.")


def with_row(monkeypatch: pytest.MonkeyPatch, code: str, find: object) -> None:
    """Let another function find the hits of one code."""
    with_rows(monkeypatch, tuple(row._replace(find=find) if row.code == code else row for row in CHECKS))


def with_rows(monkeypatch: pytest.MonkeyPatch, rows: tuple[Check, ...]) -> None:
    """Run another table, of which nothing is remembered yet."""
    monkeypatch.setattr(run, "_PLAN", run._Plan(rows))
    monkeypatch.setattr(verdict, "_TWINS", Twins())
    for name in ("_of_headers", "_of_form"):
        monkeypatch.setattr(run, name, getattr(run, name).__wrapped__)


@pytest.mark.parametrize("code", ["PL101", "PL116", "PL236"])
@pytest.mark.parametrize("name", ["C1", "C2"])
def test_a_check_that_raises_is_reported_and_the_others_stay(
    name: str, code: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = codes(exchange(name))
    with_row(monkeypatch, code, raises)
    with caplog.at_level(logging.WARNING):
        after = exchange(name)
        assert codes(after) == [*before, "PL999"]
    (found,) = [item for item in findings(exchange(name)) if item["code"] == "PL999"]
    assert found["message"] == f"A check failed: {code} raised ValueError."
    assert f"{code} failed with ValueError" in caplog.text
    assert "secret" not in caplog.text + repr(found)


def test_hits_before_the_failure_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with_row(monkeypatch, "PL120", raises_late)
    assert codes(exchange("C1")) == ["PL120", "PL999"]


def test_what_a_failing_check_finds_about_headers_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with_row(monkeypatch, "PL236", raises)
    assert codes(exchange("C1")) == codes(exchange("C1")) == ["PL999"]


def judged(check: Check, ex: Exchange) -> list[Hit]:
    return list(islice(check.find(ex), run.MOST_HITS))


SEEN = [
    ex
    for case in cases.cases()
    for whole in [cases.as_exchange(case)]
    for ex in (whole, replace(whole, answer=None), replace(whole, started=None))
]
"""Documented exchanges, as they are, without an answer and without a time."""


OF_SOME = ("success", "problems", "error", "gap")


@cache
def everything() -> list[Exchange]:
    """Documented exchanges and every example of every code."""
    return [*SEEN, *(ex for each in collected().values() for one in each for ex in (one.trigger, one.near))]


@pytest.mark.parametrize("check", [row for row in CHECKS if row.reads == "headers"], ids=lambda row: row.code)
def test_checks_of_headers_depend_on_nothing_else(check: Check) -> None:
    for ex in (ex for ex in everything() if ex.route is not None and (check.scope == "all" or ex.operation.core)):
        headers = ex.request.only(KNOWN_HEADERS)
        known = run._of_headers.__wrapped__(ex.operation.id, ex.path_parameter("partner"), headers)
        assert [hit for row, hit in known if row is check] == judged(check, ex), ex.request


@pytest.mark.parametrize("check", [row for row in CHECKS if row.reads == "form"], ids=lambda row: row.code)
def test_checks_of_the_form_depend_on_nothing_else(check: Check) -> None:
    for ex in (ex for ex in everything() if ex.route is not None and ex.operation.core):
        assert [hit for row, hit in run._by_form(ex) if row is check] == judged(check, ex), ex.request


@pytest.mark.parametrize("check", [row for row in CHECKS if row.reads in OF_SOME], ids=lambda row: row.code)
def test_checks_find_nothing_where_they_do_not_run(check: Check) -> None:
    for ex in (ex for ex in everything() if ex.route is not None and (check.scope == "all" or ex.operation.core)):
        assert check.reads in run._there(ex) or judged(check, ex) == [], ex


def test_each_failure_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(row._replace(find=raises) if row.code in ("PL101", "PL102") else row for row in CHECKS)
    with_rows(monkeypatch, rows)
    assert codes(exchange("C1")) == ["PL999", "PL999"]


def test_a_check_may_report_so_many_hits_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with_row(monkeypatch, "PL101", endless)
    assert codes(exchange("C1")) == ["PL101"] * run.MOST_HITS


def test_the_content_of_a_header_cannot_flood_the_report() -> None:
    keys = {f"key{number}": number for number in range(1000)}
    ex = exchange("C1", headers={"X-Device-Info": forge.device_info(**keys)})
    assert codes(ex) == ["PL236"] * run.MOST_HITS


@pytest.mark.parametrize(
    "request_",
    [
        Request(host="images.demotv.example", path="/posters/1.png"),
        Request(host="sp.auth.adobe.com", path="/api/v2"),
        Request(host="sp.auth.adobe.com", path="/api/v2/DEMOTV/sessions", method="OPTIONS"),
        Request(host="streams.adobeprimetime.com", path="/v2/sessions/DEMOTV/viewer", method="POST"),
    ],
)
def test_other_traffic_has_no_findings(request_: Request) -> None:
    assert run.findings(Exchange(request_)) == []


def test_other_operations_get_the_checks_of_all() -> None:
    ex = exchange("authorize", headers={"Authorization": None, "Accept": "text/html"})
    assert codes(ex) == ["PL201"]


def test_what_a_hit_says_of_itself_replaces_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    hit = Hit("path", "It is {actual}.", "b", "a", severity="warning", basis="sample", source="a page")
    with_row(monkeypatch, "PL101", lambda ex: [hit])
    (found,) = run.findings(exchange("C1"))
    assert (found.severity, found.basis, found.source, found.name) == ("warning", "sample", "a page", "path-spelling")


def test_the_source_is_the_page_of_the_row_or_of_the_operation() -> None:
    (found,) = with_code(exchange("C1", headers={"pass_sfp": "1"}), "PL207")
    assert found["source"] == "REST API V2 checklist, read 2026-05-25"
    (found,) = with_code(exchange("C1", headers={"Authorization": None}), "PL201")
    assert found["source"] == "Create authentication session, doc-2025-10-30"


def test_the_last_check_reports_on_those_before_it() -> None:
    last: Check = CHECKS[-1]
    assert last is BY_CODE["PL999"]


def test_what_passlens_did_to_an_exchange_is_no_finding_about_it() -> None:
    def severities(how: str, **changes: object) -> list[tuple[str, str]]:
        ex = exchange("P3", headers={"AP-Partner-Framework-Status": None}, **changes)  # type: ignore[arg-type]
        ex = replace(ex, injected={"scenario": "s", "rule": "r", "how": how})
        return [(item["code"], item["severity"]) for item in findings(ex)]

    assert ("PL204", "warning") in severities("delay")
    assert ("PL204", "note") in severities("rewrite_request, delay")
    # An answer that was broken on purpose is not judged, the request is.
    assert any(code == "PL302" for code, _ in severities("delay", answer_body=b'{"actionName"'))
    broken = severities("outcome, fault malformed_json", answer_body=b'{"actionName"')
    assert broken == [("PL204", "warning")]
