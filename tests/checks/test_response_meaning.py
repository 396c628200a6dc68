"""PL401 to PL405: the meaning of a sessions answer.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

import cases
from passlens.exchange.decoded import Decoded
from support.examples import Example, answered, codes, exchange, findings, parametrize, verify, with_code

OLD = [case.name for case in cases.cases(0, "revisions")]

EXAMPLES = [
    Example(
        "PL401",
        trigger=exchange("C1", response={"reasonType": None}),
        near=exchange("C1"),
        at="body",
        severity="note",
        words="row H-C1, current until doc-2025-01-27; it lacks reasonType.",
    ),
    Example(
        "PL401",
        trigger=exchange("H-P4"),
        near=exchange("P4"),
        at="body",
        severity="note",
        words="today reasonType pfs_fallback or configuration_fallback stands there",
    ),
    Example(
        "PL401",
        trigger=exchange("H-C3"),
        near=exchange("H-C3", response={"url": "/api/v3/demo"}),
        at="body",
        severity="note",
        words="today actionName authenticate, resume or authorize stands there",
    ),
    Example(
        "PL401",
        trigger=exchange("H-R2"),
        near=exchange("R2"),
        at="body",
        severity="note",
        words="and actionType is direct today",
    ),
    Example(
        "PL401",
        trigger=exchange("RS-B0"),
        near=exchange("RS-B"),
        at="body",
        severity="note",
        words="shape RS-B0, current until oas-2025-05-22; it lacks device",
    ),
    Example(
        "PL402",
        trigger=exchange("C3", response={"reasonType": "none"}),
        near=exchange("C6"),
        at="body#/reasonType",
        severity="warning",
        words="reasonType none, documented is authenticated, temporary, degraded or authenticatedSSO",
    ),
    Example(
        "PL402",
        trigger=exchange("P2", response={"reasonType": "pfs_fallback"}),
        near=exchange("C3", response={"reasonType": "pfs_fallback"}),
        at="body#/reasonType",
        severity="warning",
    ),
    Example(
        "PL403",
        trigger=exchange("C3", response={"actionType": "interactive"}),
        near=exchange("C3"),
        at="body#/actionType",
        severity="warning",
        words="authorize comes with actionType interactive, expected direct",
    ),
    Example(
        "PL403",
        trigger=exchange("P3", response={"actionType": "direct"}),
        near=exchange("P3"),
        at="body#/actionType",
        severity="warning",
    ),
    Example(
        "PL403",
        trigger=exchange("R2", response={"actionType": "interactive", "reasonType": None}),
        near=exchange("H-R2"),
        at="body#/actionType",
        severity="warning",
    ),
    Example(
        "PL404",
        trigger=exchange("C1", response={"missingParameters": ["mvpd"]}),
        near=exchange("C2"),
        at="body#/missingParameters",
        severity="warning",
        words="missingParameters is present; samples of C1 do not have it",
    ),
    Example(
        "PL404",
        trigger=exchange("R3", response={"code": "DEMO123"}),
        near=exchange("R1"),
        at="body#/code",
        severity="note",
    ),
    Example(
        "PL404",
        trigger=exchange("P3", response={"authenticationRequest": {}}),
        near=exchange("P3", response={"undocumented": {}}),
        at="body#/authenticationRequest",
        severity="warning",
    ),
    Example(
        "PL405",
        trigger=exchange("C7"),
        near=exchange("P5"),
        at="body#/reasonType",
        severity="note",
        words="missing_parameters_fallback, the page lists none",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("name", OLD)
def test_an_old_answer_is_one_note_about_its_revision(name: str) -> None:
    of_the_answer = [finding for finding in findings(exchange(name)) if finding["side"] == "response"]
    assert [finding["severity"] for finding in of_the_answer] == ["note"] * len(of_the_answer)
    assert [finding["code"] for finding in of_the_answer if finding["code"] != "PL427"] == ["PL401"]


@pytest.mark.parametrize("name", ["C1", "C2", "C3", "C4", "C5", "R1", "R2", "R3", "R5", "P1", "P2", "P3", "P4", "P5"])
def test_a_current_answer_without_reason_is_an_older_one(name: str) -> None:
    (finding,) = with_code(exchange(name, response={"reasonType": None}), "PL401")
    assert finding["expected"] == "reasonType"
    assert finding["source"].rpartition(", ")[2].startswith("doc-2024-")


def test_the_source_of_an_older_answer_is_its_own_revision() -> None:
    assert (
        with_code(exchange("H-P4"), "PL401")[0]["source"] == "Retrieve partner authentication request, doc-2025-01-27"
    )
    assert with_code(exchange("RS-A0"), "PL401")[0]["source"].endswith("oas-2024-06-27")


def test_an_older_answer_may_lack_mvpd_but_for_the_samples() -> None:
    # Every page has mvpd as optional: without it the answer is still an older one, not a broken one of today.
    found = findings(exchange("C1", response={"reasonType": None, "mvpd": None}))
    assert [(finding["code"], finding["severity"]) for finding in found] == [("PL305", "warning"), ("PL401", "note")]


def test_E21_a_partner_answer_with_reason_none_is_older() -> None:
    assert codes(exchange("P5", response={"reasonType": "none"})) == ["PL111", "PL401"]


def test_E22_create_may_answer_missing_parameters_fallback() -> None:
    found = [finding for finding in findings(exchange("C7")) if finding["side"] == "response"]
    assert [(finding["code"], finding["severity"]) for finding in found] == [("PL405", "note")]


def test_E65_profile_is_known_from_the_first_revision_only() -> None:
    assert codes(exchange("H-C3")) == ["PL401"]
    today = exchange("C3", response={"actionName": "profile"})
    assert [finding["severity"] for finding in with_code(today, "PL320")] == ["error"]
    without_reason = exchange("C3", response={"actionName": "profile", "reasonType": None})
    assert {"PL305", "PL320"} <= set(codes(without_reason))


def test_E66_an_interactive_retry_is_known_from_the_first_revision_only() -> None:
    assert with_code(exchange("H-R2"), "PL403") == []
    (finding,) = with_code(exchange("R2", response={"actionType": "interactive"}), "PL403")
    assert finding["severity"] == "warning"


def test_E18_a_code_with_authorize_is_an_old_form() -> None:
    for name in ("C3", "R3", "P2"):
        (finding,) = with_code(exchange(name, response={"code": "DEMO123"}), "PL404")
        assert finding["severity"] == "note"


def test_E19_times_of_a_partner_answer_need_no_table_row() -> None:
    assert codes(exchange("P4")) == []


def test_a_null_says_what_absence_says() -> None:
    ex = exchange("C3")
    body = {**(Decoded(ex).body or {}), "code": None, "missingParameters": None, "notAfter": None}
    assert codes(answered(ex, body)) == []
