"""The 47 Enhanced Error Codes by action and status, and the forms in which an error is answered."""

import json
from collections import Counter
from typing import Any

import pytest

import cases
import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import ACTIONS, BY_CODE, CODES, PARTNER_PROFILE_ONLY, STATUSES, V1_CODES, read

FLAT: dict[str, Any] = {"action": "none", "status": 400, "code": "invalid_parameter_code"}


def test_there_are_47_codes() -> None:
    assert len(CODES) == len(BY_CODE) == 47
    assert Counter(row.action for row in CODES) == {
        "none": 23, "configuration": 11, "application-registration": 2, "authentication": 8, "retry": 3,
    }  # fmt: skip
    assert Counter(row.status for row in CODES) == {400: 18, 401: 2, 403: 16, 500: 11}
    assert sum(row.code.startswith(PARTNER_PROFILE_ONLY) for row in CODES) == 6


def test_codes_use_listed_actions_and_statuses() -> None:
    assert {row.action for row in CODES} == set(ACTIONS) - {"authorization"}
    assert {row.status for row in CODES} < set(STATUSES)
    assert not set(V1_CODES) & set(BY_CODE)
    assert len(V1_CODES) == 15


def test_what_a_code_is_about_reads_on_after_a_colon() -> None:
    for row in CODES:
        assert row.about
        assert not row.about.endswith(".")


@pytest.mark.parametrize(
    "case", [case for case in cases.cases(forge.CLOCK, "errors") if case.form], ids=lambda case: case.name
)
def test_the_form_and_the_name_of_every_documented_error(case: cases.Case) -> None:
    error = Decoded(cases.as_exchange(case)).error
    assert error is not None
    assert (error.form, error.name, error.problems) == (case.form, case.error, ())


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (FLAT, "flat"),
        ({"error": FLAT}, "wrapper"),
        ({"errors": [FLAT, {}]}, "array"),
        ({"errors": []}, "flat"),
        ({"errors": ["demo"]}, "flat"),
        ({"error": "invalid_client"}, "dcr"),
        ({"error": "demo"} | FLAT, "flat"),
        ({}, "flat"),
        ([FLAT], "unreadable"),
        ("demo", "unreadable"),
        (None, "unreadable"),
    ],
)
def test_forms(body: Any, form: str) -> None:
    assert read(400, json.dumps(body).encode(), body).form == form


@pytest.mark.parametrize("body", [None, b"", b" \r\n"])
def test_no_body(body: bytes | None) -> None:
    error = read(401, body, None)
    assert (error.form, error.name, error.code, error.known) == ("none", "unauthorized", None, None)


@pytest.mark.parametrize(
    ("status", "name"),
    [(400, "http_400"), (401, "unauthorized"), (403, "forbidden"), (404, "http_404"),
     (405, "method_not_allowed"), (429, "throttled"), (500, "server_error"),
     (502, "http_502")],
)  # fmt: skip
def test_an_error_without_code_is_named_by_its_status(status: int, name: str) -> None:
    assert read(status, b"x", None).name == name
    assert read(status, b"{}", {}).name == name
    assert read(status, b"{}", {"code": 1}).name == name


def test_the_code_of_a_success_is_no_error() -> None:
    assert read(201, b"{}", {"code": "DEMO123", "actionName": "authenticate"}).name == "http_201"


def test_members_are_strict() -> None:
    wrong = {"action": None, "status": "400", "code": 7, "message": {}, "details": [], "trace": 1}
    found = [problem.pointer[1:] for problem in read(400, b"{}", wrong).problems]
    assert found == list(wrong)
    assert [problem.kind for problem in read(400, b"{}", {}).problems] == ["missing"] * 3
