"""JSON Schemas: in form what the dialect wants, with references that resolve; the models behind them take the cases."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import cases
import forge
from passlens.spec.operations import CORE
from passlens.spec.schema import DIALECT, NAMES, schema

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


@pytest.mark.parametrize("operation", CORE)
def test_an_operation_has_an_answer_for_each_of_its_rows(operation: str) -> None:
    rows = {part["$comment"] for part in schema(operation)["properties"]["answer"]["anyOf"]}
    documented = cases.cases(forge.CLOCK, "current", "revisions")
    assert rows == {case.outcome for case in documented if case.operation == operation}


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "current", "revisions"), ids=lambda case: case.name)
def test_the_schema_of_a_row_goes_with_its_case(case: cases.Case) -> None:
    # The models are tested on whole answers; here only what a reader of the schema goes by.
    made, body = schema(case.outcome or ""), json.loads(case.answer_body)
    assert set(made.get("required", [])) <= set(body)
    for name, part in made["properties"].items():
        assert part.get("not") != {} or name not in body or case.group == "revisions"
        if "const" in part and name in body:
            assert body[name] == part["const"]


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema("H-C9")
