"""Models of the sessions requests: required headers, and forms that may lack everything."""

import pytest

import cases
import forge
from passlens.spec.operations import BY_ID, CORE
from passlens.spec.requests import FORMS, validate_headers


@pytest.mark.parametrize("operation", CORE)
def test_an_empty_request_lacks_what_the_page_requires(operation: str) -> None:
    lacking = [problem.pointer[1:] for problem in validate_headers(operation, {})]
    required = [name.lower() for name, mark in BY_ID[operation].headers.items() if mark == "required"]
    assert lacking == required


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "current"), ids=lambda case: case.name)
def test_documented_requests_lack_nothing(case: cases.Case) -> None:
    ex = cases.as_exchange(case, forge.CLOCK)
    assert validate_headers(case.operation, {name: values[0] for name, values in ex.request.by_name.items()}) == ()
    FORMS[case.operation].model_validate(ex.form)


def test_E27_every_form_parameter_may_be_left_out() -> None:
    for operation in CORE:
        FORMS[operation].model_validate({})
