"""The four shapes of the retrieve answer: told apart by their members, each with a model; only RS-B is current."""

import json
from typing import Any

import pytest

import cases
from passlens.rest_v2.retrieve import SHAPES, Shape, recognise, validate
from samples.device import device_object

RETRIEVED = [case for case in cases.cases() if case.operation == "retrieve-session" and case.status == 200]
LIFE = {"notBefore": "1767323044750", "notAfter": "1767324844750"}


def shape_of(body: dict[str, Any]) -> Shape:
    found = recognise(body)
    assert found is not None
    return found


def test_only_the_last_shape_is_current() -> None:
    assert [row.id for row in SHAPES] == ["RS-A", "RS-A0", "RS-B0", "RS-B"]
    assert [row.id for row in SHAPES if row.until is None] == ["RS-B"]
    assert {case.outcome for case in RETRIEVED} == {row.id for row in SHAPES}


@pytest.mark.parametrize("case", RETRIEVED, ids=lambda case: case.name)
def test_every_documented_answer_is_recognised_and_valid(case: cases.Case) -> None:
    body = json.loads(case.response_body)
    found = shape_of(body)
    assert found.row.id == case.outcome
    assert validate(found, body) == ()
    assert "mvpd" in found.existing or "mvpd" in found.missing


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"parameters": {}}, "RS-A"),
        ({"parameters": "demo", "device": {}}, "RS-A"),
        ({"existing": {}}, "RS-A0"),
        ({"missing": []}, "RS-A0"),
        ({"existingParameters": {}}, "RS-B0"),
        ({"missingParameters": ["mvpd"]} | LIFE, "RS-B0"),
        ({"existingParameters": {}, "device": {}}, "RS-B"),
        ({"device": None}, "RS-B"),
    ],
)
def test_members_tell_the_shape(body: dict[str, Any], name: str) -> None:
    assert shape_of(body).row.id == name


@pytest.mark.parametrize("body", [{}, LIFE, {"actionName": "resume"}])
def test_without_members_there_is_no_shape(body: dict[str, Any]) -> None:
    assert recognise(body) is None
    assert {problem.pointer for problem in validate(None, body)} >= {"/existingParameters", "/device"}


def test_parameters_are_found_wherever_the_shape_has_them() -> None:
    wrapped = shape_of({"parameters": {"existing": {"mvpd": "Demo"}, "missing": ["redirectUrl"]}})
    flat = shape_of({"device": {}, "existingParameters": {"mvpd": "Demo"}, "missingParameters": ["redirectUrl"]})
    assert (wrapped.existing, wrapped.missing) == (flat.existing, flat.missing) == ({"mvpd": "Demo"}, ["redirectUrl"])
    assert (wrapped.existing_at, wrapped.missing_at) == ("/parameters/existing", "/parameters/missing")
    assert (flat.existing_at, flat.missing_at) == ("/existingParameters", "/missingParameters")


def test_lists_of_another_type_count_as_empty() -> None:
    found = shape_of({"device": {}, "existingParameters": [], "missingParameters": "mvpd"})
    assert (found.existing, found.missing) == ({}, [])


def test_the_current_shape_demands_what_its_page_requires() -> None:
    found = validate(shape_of({"device": {}}), {"device": {}})
    assert [problem.pointer for problem in found] == ["/existingParameters", "/notBefore", "/notAfter"]


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("type", 1, "/device/type"),
        ("version", {"major": "14"}, "/device/version/major"),
        ("display", {"width": 1.5}, "/device/display/width"),
        ("connection", {"secure": "true"}, "/device/connection/secure"),
        ("browser", [], "/device/browser"),
    ],
)
def test_types_of_the_device_are_strict(member: str, value: Any, pointer: str) -> None:
    body = {"existingParameters": {}, "device": {**device_object(), member: value}} | LIFE
    assert [problem.pointer for problem in validate(shape_of(body), body)] == [pointer]
