"""The runner: a check that fails harms nobody, hits are bounded, other traffic is left alone.
Holds the example of PL999, which only a broken check can trigger."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

import forge
from passlens.checks import runner
from passlens.checks.finding import Check, Hit
from passlens.checks.table import BY_CODE, CHECKS
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Injection
from passlens.exchange.model import Exchange, Request
from samples.case import dump
from support.examples import Example, codes, exchange, findings, with_code

EXAMPLES = [
    Example(
        "PL999",
        trigger=exchange("C2"),
        near=exchange("C2"),
        at="passlens",
        severity="warning",
        words="A check failed: PL101 raised ValueError.",
    ),
]


PROFILE = dump({"profiles": {forge.MVPD: {
    "notBefore": int(forge.CLOCK * 1000) - 1000, "notAfter": int(forge.CLOCK * 1000) + 3_600_000, "issuer": "Adobe",
    "type": "degraded", "attributes": {"userID": {"value": "95cf93bcd183214a1", "state": "plain"}},
}}})  # fmt: skip


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
    """Run another table."""
    monkeypatch.setattr(runner, "CHECKS_OF", runner.by_operation(rows))


def test_checks_whose_subject_cannot_be_had_are_asked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(ex: object) -> object:
        raise ValueError

    before = codes(exchange("C2"))
    groups = {name: tuple((unknown, checks) for _, checks in of) for name, of in runner.CHECKS_OF.items()}
    monkeypatch.setattr(runner, "CHECKS_OF", groups)
    assert codes(exchange("C2")) == before != []


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


def test_each_failure_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(row._replace(find=raises) if row.code in ("PL101", "PL102") else row for row in CHECKS)
    with_rows(monkeypatch, rows)
    assert codes(exchange("C1")) == ["PL999", "PL999"]


def test_a_check_may_report_so_many_hits_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with_row(monkeypatch, "PL101", endless)
    assert codes(exchange("C1")) == ["PL101"] * 20


def test_the_content_of_a_header_cannot_flood_the_report() -> None:
    keys = {f"key{number}": number for number in range(1000)}
    ex = exchange("C1", headers={"X-Device-Info": forge.device_info(**keys)})
    assert codes(ex) == ["PL236"] * 20


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
    assert runner.findings(Decoded(Exchange(request_))) == []


def test_other_operations_get_the_checks_of_all() -> None:
    ex = exchange("authorize", headers={"Authorization": None, "Accept": "text/html"})
    assert codes(ex) == ["PL201", "PL260"]


def test_what_a_hit_says_of_itself_replaces_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    hit = Hit("path", "It is {actual}.", "b", "a", severity="warning", basis="sample", source="a page")
    with_row(monkeypatch, "PL101", lambda ex: [hit])
    (found,) = runner.findings(Decoded(exchange("C1")))
    assert (found.severity, found.basis, found.source, found.name) == ("warning", "sample", "a page", "path-spelling")


def test_the_source_is_the_page_of_the_row_or_of_the_operation() -> None:
    (found,) = with_code(exchange("C1", headers={"pass_sfp": "1"}), "PL207")
    assert found["source"] == "REST API V2 checklist, doc-2025-10-24"
    (found,) = with_code(exchange("C1", headers={"Authorization": None}), "PL201")
    assert found["source"] == "Create authentication session, doc-2025-10-30"


def test_the_last_check_reports_on_those_before_it() -> None:
    last: Check = CHECKS[-1]
    assert last is BY_CODE["PL999"]


def test_what_passlens_did_to_an_exchange_is_no_finding_about_it() -> None:
    def severities(how: str, **changes: object) -> list[tuple[str, str]]:
        ex = exchange("P3", headers={"AP-Partner-Framework-Status": None}, **changes)  # type: ignore[arg-type]
        ex = replace(ex, injection=Injection.from_member({"scenario": "s", "rule": "r", "how": how}))
        return [(item["code"], item["severity"]) for item in findings(ex)]

    assert ("PL204", "warning") in severities("delay")
    assert ("PL204", "note") in severities("rewrite_request, delay")
    # Degraded stands in a sample of partner-profile and not in its list: a note of a server's answer alone.
    degraded = exchange("partner-profile", response_body=PROFILE, status=200)
    assert [item["code"] for item in findings(degraded)] == ["PL450"]
    made = Injection.from_member({"scenario": "s", "rule": "r", "how": "outcome"})
    assert findings(replace(degraded, injection=made)) == []
    # An answer that was broken on purpose is not judged, the request is.
    assert any(code == "PL302" for code, _ in severities("delay", response_body=b'{"actionName"'))
    broken = severities("outcome, fault malformed_json", response_body=b'{"actionName"')
    assert broken == [("PL204", "warning")]
