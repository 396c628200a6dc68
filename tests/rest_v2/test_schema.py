"""JSON Schemas: in form what the dialect wants, with references that resolve; the models behind them take the cases."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import cases
import forge
from passlens.rest_v2.operations import BY_ID, FAMILIES
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from passlens.rest_v2.schema import DIALECT, NAMES, schema

TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}


def schemas_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every subschema."""
    if not isinstance(value, dict):
        return
    yield value
    for name in ("properties", "$defs"):
        for inner in value.get(name, {}).values():
            yield from schemas_in(inner)
    for name in ("anyOf", "allOf", "oneOf"):
        for inner in value.get(name, []):
            yield from schemas_in(inner)
    for name in ("items", "additionalProperties", "not"):
        yield from schemas_in(value.get(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_in_form(name: str) -> None:
    made = schema(name)
    assert made["$schema"] == DIALECT
    assert json.loads(json.dumps(made)) == made
    for part in schemas_in(made):
        kinds = part.get("type", [])
        assert set([kinds] if isinstance(kinds, str) else kinds) <= TYPES
        assert isinstance(part.get("properties", {}), dict)
        assert isinstance(part.get("required", []), list)
        assert len(set(part.get("required", []))) == len(part.get("required", []))
        assert set(part.get("required", [])) <= set(part.get("properties", {}))
        assert isinstance(part.get("enum", [0]), list)
        assert part.get("anyOf", [0])
        re.compile(part.get("pattern", ""))


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_resolves_from_the_root(name: str) -> None:
    made = schema(name)
    for part in schemas_in(made):
        reference = part.get("$ref")
        assert reference is None or reference.removeprefix("#/$defs/") in made["$defs"], reference
        assert part is made or "$defs" not in part
    assert ("$defs" in made) == ('"$ref"' in json.dumps(made))


@pytest.mark.parametrize("operation", FAMILIES["sessions"])
def test_an_operation_has_an_answer_for_each_of_its_rows(operation: str) -> None:
    rows = {part["$comment"] for part in schema(operation)["properties"]["answer"]["anyOf"]}
    documented = cases.cases(forge.CLOCK, "current", "revisions")
    assert rows == {case.outcome for case in documented if case.operation == operation}


@pytest.mark.parametrize("operation", sorted(set(BY_ID) - set(FAMILIES["sessions"])))
def test_an_operation_has_an_answer_for_each_current_row_of_success(operation: str) -> None:
    rows = [part["$comment"] for part in schema(operation)["properties"]["answer"]["anyOf"]]
    named = [row for row in RESPONSE_ROWS if operation in row.operations and row.kind == "success"]
    assert rows == [row.id for row in named if not row.old]


@pytest.mark.parametrize(
    ("operation", "member", "items"),
    [
        ("retrieve-profiles", "profiles", ["PT1", "PT2", "PT3", "PT4"]),
        ("retrieve-profile-code", "profiles", ["PT1", "PT5", "PT6", "PT7"]),
        ("partner-profile", "profiles", ["PT1", "PT2", "PT3", "PT4", "PT5", "PT6", "PT7"]),
        ("preauthorize", "decisions", ["ZD1", "ZD2", "ZD3", "ZD4", "ZD5", "ZD6", "H-D2", "H-D3", "H-D4"]),
        ("logout", "logouts", ["L1", "L2", "L3", "L4"]),
    ],
)
def test_the_items_of_an_answer_are_its_rows(operation: str, member: str, items: list[str]) -> None:
    holder = schema(operation)["properties"]["answer"]["anyOf"][0]["properties"][member]
    inner = holder.get("items", holder.get("additionalProperties"))
    assert [part["title"] for part in inner["anyOf"]] == items


def test_the_body_of_a_request_is_a_form_or_json() -> None:
    bodies = {name: set(schema(name)["properties"]) & {"form", "json"} for name in BY_ID}
    assert {name for name, found in bodies.items() if found == {"json"}} == {
        "authorize",
        "preauthorize",
        "dcr-register",
    }
    assert {name for name, found in bodies.items() if found == {"form"}} == {
        "create-session",
        "resume-session",
        "partner-session",
        "partner-profile",
        "dcr-token",
    }
    resources = schema("authorize")["properties"]["json"]["properties"]["resources"]
    assert {"type": "array", "items": {"type": "string"}} in resources["anyOf"]


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "current", "revisions"), ids=lambda case: case.name)
def test_the_schema_of_a_row_goes_with_its_case(case: cases.Case) -> None:
    # The models are tested on whole answers; here only what a reader of the schema goes by.
    made, body = schema(case.outcome or ""), json.loads(case.response_body)
    assert set(made.get("required", [])) <= set(body)
    for name, part in made["properties"].items():
        assert part.get("not") != {} or name not in body or case.group == "revisions"
        if "const" in part and name in body:
            assert body[name] == part["const"]


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema("H-C9")
