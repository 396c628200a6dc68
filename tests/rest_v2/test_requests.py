"""Models of the sessions requests: required headers, and forms that may lack everything."""

import pytest

import cases
import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import BY_ID, FAMILIES
from passlens.rest_v2.requests import FORMS, HEADERS
from passlens.rest_v2.wire import problems


@pytest.mark.parametrize("operation", FAMILIES["sessions"])
def test_an_empty_request_lacks_what_the_page_requires(operation: str) -> None:
    lacking = [problem.pointer[1:] for problem in problems(HEADERS[operation].model_validate, {})]
    required = [name.lower() for name, mark in BY_ID[operation].headers.items() if mark == "required"]
    assert lacking == required


@pytest.mark.parametrize("operation", FAMILIES["sessions"])
def test_only_what_is_optional_may_be_null(operation: str) -> None:
    marks = BY_ID[operation].headers
    have = {name.lower(): "x" for name in marks}
    for name, mark in marks.items():
        lacking = problems(HEADERS[operation].model_validate, have | {name.lower(): None})
        assert bool(lacking) == (mark == "required"), name


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "current"), ids=lambda case: case.name)
def test_documented_requests_lack_nothing(case: cases.Case) -> None:
    ex = cases.as_exchange(case, forge.CLOCK)
    HEADERS[case.operation].model_validate({name: values[0] for name, values in ex.request.by_name.items()})
    FORMS[case.operation].model_validate(Decoded(ex).form)


def test_E27_every_form_parameter_may_be_left_out() -> None:
    for operation in FAMILIES["sessions"]:
        FORMS[operation].model_validate({})
