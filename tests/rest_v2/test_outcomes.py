"""The truth table: complete, consistent with its vocabularies, and enough to tell every documented answer by its wire.
Old revisions are told apart by what they lack and by their urls."""

import json
from collections import Counter
from typing import Any

import pytest

import cases
import forge
from passlens.rest_v2.outcomes import (
    ACTION_NAMES,
    ACTION_TYPES,
    ATTRIBUTES,
    BY_ID,
    EVERY_REASON_TYPE,
    NEXT,
    REASON_TYPES,
    ROWS,
    TRANSLATED,
    OutcomeRow,
    match_url,
    parameter_name,
    recognise,
    url_path,
)

SESSIONS = [
    case
    for case in cases.cases(forge.CLOCK, "current", "revisions", "variants")
    if case.operation != "retrieve-session"
]


def body_of(case: cases.Case) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(case.response_body)
    return body


def changed(name: str, **changes: Any) -> dict[str, Any]:
    return body_of(cases.case(name).with_answer(**changes))


def test_the_table_is_complete() -> None:
    assert Counter(row.id.rstrip("0123456789") for row in ROWS) == {
        "C": 7, "R": 5, "P": 7, "H-C": 5, "H-R": 4, "H-P": 7,
    }  # fmt: skip
    assert list(BY_ID) == [row.id for row in ROWS]
    assert {row.id for row in ROWS if row.old} == {name for name in BY_ID if name.startswith("H-")}


def test_the_vocabularies_are_those_of_the_pages() -> None:
    assert [len(values) for values in ACTION_NAMES.values()] == [3, 3, 4]
    assert [len(values) for values in REASON_TYPES.values()] == [5, 4, 7]
    assert ACTION_TYPES == ("interactive", "direct")
    assert sorted(EVERY_REASON_TYPE) == [
        "authenticated",
        "authenticatedSSO",
        "configuration_fallback",
        "degraded",
        "missing_parameters_fallback",
        "none",
        "pfs_fallback",
        "temporary",
    ]


def test_current_rows_use_every_listed_value_and_no_other() -> None:
    for operation, names in ACTION_NAMES.items():
        rows = [row for row in ROWS if row.operation == operation and row.current]
        assert {row.action for row in rows} == set(names)
        assert {row.reason for row in rows} == set(REASON_TYPES[operation])
    assert "missing_parameters_fallback" not in REASON_TYPES["create-session"]


def test_current_rows_are_told_apart_by_action_type_and_reason() -> None:
    triples = Counter((row.operation, row.action, row.type, row.reason) for row in ROWS if not row.old)
    assert set(triples.values()) == {1}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_is_consistent(row: OutcomeRow) -> None:
    assert set(row.required) | set(row.form.optional) | set(row.absent) == set(ATTRIBUTES)
    assert not set(row.required) & set(row.absent)
    assert (row.type == "interactive") == (row.action == "authenticate" or row.id == "H-R2")
    assert ("code" in row.required) == (row.action not in ("authorize", "partner_profile") or row.id == "H-C4")
    assert ("missingParameters" in row.required) == (row.action in ("resume", "retry"))
    assert ("authenticationRequest" in row.required) == (row.action == "partner_profile")
    assert ("notBefore" in row.required) == ("notAfter" in row.required)
    if not row.old:
        assert ("notBefore" in row.required) == ("code" in row.required)
        assert len(row.urls) == 1
    assert row.action in NEXT


SPANS = {
    # since, until (None: today; unconfirmed: announced, never shown) -> rows
    ("doc-2024-08-05", "doc-2024-10-15"): "H-C3 H-C4 H-R2",
    ("doc-2024-08-05", "doc-2025-01-27"): "H-C1 H-C2 H-P2 H-P3 H-P5",
    ("doc-2024-08-05", "doc-2025-02-25"): "H-P1",
    ("doc-2024-10-15", "doc-2025-01-27"): "H-C5 H-R3 H-R4",
    ("doc-2024-10-15", "doc-2025-02-25"): "H-R1",
    ("doc-2025-01-27", "doc-2025-02-25"): "H-P4",
    ("doc-2025-01-27", "doc-2025-05-20"): "H-P6",
    ("doc-2025-02-25", "doc-2025-04-04"): "H-P7",
    ("doc-2025-01-27", None): "C1 C2 C3 C4 C5 C6 R2 R3 R4 R5 P2",
    ("doc-2025-02-25", None): "R1 P1 P3 P4 P6 P7",
    ("doc-2025-05-20", None): "P5",
    ("rn-3.2.0", "unconfirmed"): "C7",
}


def test_from_when_to_when_a_row_stands_in_the_pages() -> None:
    have = {row.id: (row.since, row.until) for row in ROWS}
    assert have == {name: span for span, names in SPANS.items() for name in names.split()}


def test_pages_state_when_an_old_row_ended() -> None:
    for row in ROWS:
        assert not row.old or row.since < str(row.until)


@pytest.mark.parametrize("case", SESSIONS, ids=lambda case: case.name)
def test_every_documented_answer_is_recognised(case: cases.Case) -> None:
    found = recognise(case.operation, body_of(case))
    assert found is not None
    assert (found.row.id, found.exact) == (case.outcome, True)
    assert match_url(found.row, body_of(case)["url"]) is not None


def test_every_row_has_a_case() -> None:
    assert {case.outcome for case in SESSIONS} == set(BY_ID)


@pytest.mark.parametrize(
    ("name", "row"),
    [("C1", "H-C1"), ("C2", "H-C2"), ("C3", "H-C5"), ("C6", "H-C5"), ("C7", "H-C2"), ("R1", "H-R1"), ("R2", "H-R3"),
     ("R4", "H-R4"), ("P1", "H-P1"), ("P2", "H-P2"), ("P3", "H-P3"), ("P4", "H-P3"), ("P5", "H-P5"),
     ("P3-no-mvpd", "H-P3")],
)  # fmt: skip
def test_a_current_answer_without_reason_is_an_old_row(name: str, row: str) -> None:
    found = recognise(cases.case(name).operation, changed(name, reasonType=None))
    assert found is not None
    assert (found.row.id, found.exact) == (row, True)


def test_what_fits_no_old_row_is_measured_against_a_current_one() -> None:
    for changes in ({"sessionId": None}, {"url": "/api/v3/demo"}, {"missingParameters": ["mvpd"]}):
        found = recognise("create-session", changed("C1", reasonType=None, **changes))
        assert found is not None
        assert (found.row.id, found.exact) == ("C1", False)


def test_what_no_page_of_today_lists_is_nothing_unless_it_fits_an_old_row() -> None:
    assert recognise("create-session", changed("H-C3", url="/api/v3/demo")) is None
    assert recognise("resume-session", changed("R2", reasonType=None, actionType="interactive")) is None


@pytest.mark.parametrize("value", [None, 1, [], {}, True])
@pytest.mark.parametrize("name", ["actionName", "actionType", "reasonType"])
def test_values_that_are_no_strings_are_recognised_as_nothing(name: str, value: Any) -> None:
    assert recognise("create-session", {**changed("C1"), name: value}) is None


def test_urls_of_the_first_revision_tell_create_rows_apart() -> None:
    urls = {name: body_of(cases.case(name))["url"] for name in ("H-C3", "H-C4", "H-C5")}
    assert recognise("create-session", changed("H-C4", url=urls["H-C5"], code=None)) == (BY_ID["H-C5"], True)
    assert match_url(BY_ID["H-C4"], urls["H-C5"]) is None
    assert match_url(BY_ID["H-C3"], urls["H-C4"]) is None


def test_segments_of_a_url_are_decoded() -> None:
    found = match_url(BY_ID["C3"], "https://demo.example/api/v2/DEMOTV/decisions/authorize/Harbour%20Cable/?a=/b#c")
    assert found is not None
    assert found.segments == {"serviceProvider": "DEMOTV", "mvpd": "Harbour Cable"}


@pytest.mark.parametrize("url", [None, 1, [], "", "/", "//", "/api/v2/authenticate//X", "/api/v2/authenticate/X"])
def test_what_is_no_url_of_the_row_matches_nothing(url: Any) -> None:
    assert match_url(BY_ID["C1"], url) is None


def test_the_path_of_a_url() -> None:
    assert [url_path(url) for url in ("/a/b/", "https://h/a?x#y", "https://h", "a#b", "")] == [
        "/a/b",
        "/a",
        "",
        "a",
        "",
    ]


def test_E13_domain_is_domain_name() -> None:
    assert [parameter_name(name) for name in ("domain", "domainName", "mvpd")] == ["domainName", "domainName", "mvpd"]


def test_translations_stand_for_wire_values() -> None:
    wire = {*EVERY_REASON_TYPE, *ACTION_TYPES, *(name for names in ACTION_NAMES.values() for name in names)}
    assert set(TRANSLATED.values()) < wire
    assert not set(TRANSLATED) & wire
