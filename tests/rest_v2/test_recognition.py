"""How answers of success and errors are told by their rows, whichever operation they are of."""

import pytest

from passlens.rest_v2.recognition import NOTHING, RawResponse, bounded, error_of_row, failed, success, within
from passlens.rest_v2.response_rows import BY_ID
from passlens.rest_v2.wire import MAX_PROBLEMS, Problem
from support.responses import error


def response(status: int, value: object = None, body: bytes | None = None) -> RawResponse:
    return RawResponse("retrieve-profile-mvpd", status, value, body, None)


@pytest.mark.parametrize(("status", "given", "exact"), [(200, True, True), (200, False, False), (201, True, False)])
def test_a_success_is_exact_where_its_status_and_its_body_are(status: int, given: bool, exact: bool) -> None:
    found = success(response(status), "PM-1", exact=given)
    assert (found.row, found.outcome, found.error, found.exact) == ("PM-1", "PM-1", None, exact)
    assert found.next == BY_ID["PM-1"].followed_by("retrieve-profile-mvpd")


def test_an_error_without_a_row_has_its_code_alone() -> None:
    found = error_of_row(response(503), None, "http_503")
    assert (found.row, found.error, found.exact, found.next) == (None, "http_503", False, ())


@pytest.mark.parametrize(("code", "exact"), [("temppass_expired", True), ("temppass_max_resources_exceeded", False)])
def test_an_error_is_exact_where_its_row_has_the_code(code: str, exact: bool) -> None:
    found = error_of_row(response(200), BY_ID["H-PE-1"], code)
    assert (found.row, found.outcome, found.error, found.exact) == ("H-PE-1", None, code, exact)


def test_an_error_answer_is_told_by_its_code_and_else_by_its_status() -> None:
    assert failed(response(400, error("invalid_parameter_mvpd"))).error == "invalid_parameter_mvpd"
    assert failed(response(401, body=b"<html>")).error == "unauthorized"


def test_a_success_with_an_error_is_one_of_earlier_samples_or_nothing() -> None:
    assert failed(response(200, error("temppass_expired", 200))).row == "H-PE-1"
    assert failed(response(200, error("invalid_parameter_mvpd"))) is NOTHING


def test_problems_of_items_are_those_of_the_body_and_bounded() -> None:
    problem = Problem("missing", "/type", "missing", "present")
    (found,) = within("/profiles/Cox", (problem,))
    assert found == problem._replace(pointer="/profiles/Cox/type")
    assert bounded([(problem,) * (MAX_PROBLEMS - 1), (problem, problem)]) == (problem,) * MAX_PROBLEMS
