"""Models of the sessions answers: one for each row, strict about types, demanding and refusing what the row does."""

import json
from typing import Any

import pytest

import cases
import forge
from passlens.rest_v2.outcomes import BY_ID, ROWS, OutcomeRow, Recognised
from passlens.rest_v2.session_models import OPERATION_MODELS, ROW_MODELS, validate
from passlens.rest_v2.wire import Problem

SESSIONS = [
    case
    for case in cases.cases(forge.CLOCK, "current", "revisions", "variants")
    if case.operation != "retrieve-session"
]
WRONG: dict[str, Any] = {"array": [1], "object": "text", "string": 17}


def of(name: str, **changes: Any) -> tuple[Problem, ...]:
    case = cases.case(name)
    row = BY_ID[case.outcome or ""]
    return validate(case.operation, Recognised(row, True), {**json.loads(case.response_body), **changes})


@pytest.mark.parametrize("case", SESSIONS, ids=lambda case: case.name)
def test_a_documented_answer_has_no_problem(case: cases.Case) -> None:
    assert of(case.name) == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_empty_answer_lacks_what_the_row_requires(row: OutcomeRow) -> None:
    lacking = [problem.pointer[1:] for problem in validate(row.operation, Recognised(row, True), {})]
    assert lacking == list(row.required)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.old], ids=lambda row: row.id)
def test_a_current_row_refuses_what_no_sample_of_it_has(row: OutcomeRow) -> None:
    assert [problem.pointer[1:] for problem in of(row.id, **dict.fromkeys(row.absent, "x"))] == list(row.absent)
    assert {problem.kind for problem in of(row.id, **dict.fromkeys(row.absent, "x"))} <= {"forbidden"}


def test_an_old_row_takes_the_times_that_came_later() -> None:
    times = {"notBefore": "1767323044750", "notAfter": "1767324844750"}
    assert of("H-C1", **times) == of("H-C5", **times) == of("H-P1", **times) == ()


def test_types_are_strict() -> None:
    for name, wrong in {"sessionId": 1, "notAfter": 1767324844750, "code": None, "url": ["/"], "mvpd": True}.items():
        (problem,) = of("C1", **{name: wrong})
        assert (problem.kind, problem.pointer) == ("type", f"/{name}")


def test_epoch_milliseconds_have_13_digits() -> None:
    for text in ("1767324844", "17673248447500", " 1767324844750", "1767324844.75", ""):
        assert [problem.kind for problem in of("C1", notAfter=text)] == ["format"], text


def test_undocumented_attributes_are_welcome() -> None:
    assert of("C1", trace="x", nested={"a": [1]}) == ()


def test_attributes_names_came_with_the_second_revision() -> None:
    short = {"authenticationRequest": {"type": "saml", "request": "eA=="}}
    assert [problem.pointer for problem in of("P1", **short)] == ["/authenticationRequest/attributesNames"]
    assert of("H-P1", **short) == ()


@pytest.mark.parametrize("operation", OPERATION_MODELS)
def test_an_answer_in_no_row_is_measured_by_types_and_vocabularies(operation: str) -> None:
    body = {"actionName": "x", "actionType": "y", "reasonType": "z", "sessionId": 1}
    found = {problem.pointer: problem.kind for problem in validate(operation, None, body)}
    assert found == {
        "/actionName": "value",
        "/actionType": "value",
        "/reasonType": "value",
        "/sessionId": "type",
        "/serviceProvider": "missing",
    }


def test_every_row_has_a_model() -> None:
    assert list(ROW_MODELS) == list(BY_ID)
