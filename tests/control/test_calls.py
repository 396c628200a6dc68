"""The description of the control API: each call with what it takes, what it gives, and how mistakes look."""

from typing import Any

import pytest
from jsonschema.validators import Draft202012Validator

from passlens.control.calls import CALLS, openapi

DOCUMENT = openapi()
MISTAKE = {"error": {"code": "unknown_scenario", "message": "There is no scenario 'x'."}}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_each_call_is_described(call: Any) -> None:
    told = DOCUMENT["paths"][call.path][call.method.lower()]
    assert (told["operationId"], told["summary"]) == (call.name, call.summary)
    good, bad = told["responses"]["200"], told["responses"]["default"]
    assert (set(told["responses"]), good["description"], bad["description"]) == (
        {"200", "default"},
        "Done.",
        "A mistake.",
    )
    (media,) = good["content"]
    if call.name == "recording":
        assert media == "application/octet-stream"
    else:
        assert media == ("text/event-stream" if call.response is None else "application/json")
    Draft202012Validator.check_schema(good["content"][media].get("schema", {}))
    error = Draft202012Validator(bad["content"]["application/json"]["schema"])
    assert error.is_valid(MISTAKE)
    for wrong in ({}, {"error": {}}, {"error": {"code": "x"}}, {"error": {"message": "x"}}, {"error": "x"}):
        assert not error.is_valid(wrong)
    in_path = [one["name"] for one in told["parameters"] if one["in"] == "path"]
    assert in_path == (["code"] if "{code}" in call.path else [])
    assert all(one["required"] == (one["in"] == "path") for one in told["parameters"])
    assert ("requestBody" in told) is (call.body is not None)


def test_the_document_says_how_to_log_in() -> None:
    assert (DOCUMENT["openapi"], DOCUMENT["security"]) == ("3.1.0", [{"token": []}])
    assert DOCUMENT["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return [*own, *(one for item in value.values() for one in references(item))]
        return [one for item in value for one in references(item)] if isinstance(value, list) else []

    found = references(DOCUMENT)
    assert found
    assert {one.rpartition("/")[2] for one in found} <= set(DOCUMENT["components"]["schemas"])
    assert all(one.startswith("#/components/schemas/") for one in found)
