"""The shipped JSON Schema is the one the models give."""

import json
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from passlens.errors import RuleFileError
from passlens.scenarios.library import shipped
from passlens.scenarios.reader import read_text
from passlens.scenarios.schema import DIALECT, as_text, schema, tidy
from passlens.scenarios.yaml_nodes import read


def test_the_shipped_copy_is_equal() -> None:
    assert json.loads((shipped() / "scenario.schema.json").read_text()) == json.loads(as_text())


def test_what_editors_need() -> None:
    made = schema()
    assert made["$schema"] == DIALECT
    assert made["additionalProperties"] is False
    when = made["$defs"]["When"]["properties"]
    assert "partner-session" in when["operation"]["anyOf"][0]["enum"]
    assert made["$defs"]["Comparison"]["anyOf"][0] == {"type": ["string", "number", "boolean"]}
    assert '"null"' not in as_text()


def test_what_only_the_models_need_goes_and_names_stay() -> None:
    text = {"type": "string", "title": "Title", "default": "x"}
    made = tidy(
        {
            "title": "File",
            "properties": {"title": text, "default": {"anyOf": [text, {"type": "null"}], "default": None}},
            "$defs": {"title": {"anyOf": [text, {"type": "null"}, {"type": "integer"}]}},
            "items": [{"anyOf": [text]}],
        }
    )
    plain = {"type": "string"}
    assert made == {
        "properties": {"title": plain, "default": plain},
        "$defs": {"title": {"anyOf": [plain, {"type": "integer"}]}},
        "items": [{"anyOf": [plain]}],
    }


def test_every_key_is_described() -> None:
    made = schema()
    for part in (made, *made["$defs"].values()):
        for form in (part, *part.get("anyOf", [])):
            for name, key in form.get("properties", {}).items():
                assert "description" in key or name == "case_insensitive", name


def files() -> list[tuple[str, bytes]]:
    shown = re.findall(r"```yaml\n(.*?)```", (shipped().parent / "docs" / "scenarios.md").read_text("utf-8"), re.S)
    own = [(path.name, path.read_bytes()) for path in sorted(shipped().glob("*.yaml"))]
    return [*own, *((f"docs {number}", text.encode()) for number, text in enumerate(shown))]


@pytest.mark.parametrize(("name", "data"), files(), ids=[name for name, _ in files()])
def test_it_accepts_every_file_that_is_shipped_or_shown(name: str, data: bytes) -> None:
    checker = Draft202012Validator(schema())
    assert [error.message for error in checker.iter_errors(read(data).value)] == []


@pytest.mark.parametrize(
    ("then", "fits"),
    [
        ("outcome: C2", True),
        ("outcome: {name: C2, missing: mvpd}", True),
        ("outcome: {name: C2, missing: [mvpd, redirectUrl]}", True),
        ("outcome: {name: C2, missing: []}", False),
        ("outcome: {name: C2, missing: 3}", False),
        ("outcme: C2", False),
        ("delay: 500", True),
        ("delay: {uniform: {lower: 1, upper: 2}}", True),
        ("delay: soon", False),
    ],
)
def test_it_takes_and_refuses_what_the_reader_does(then: str, fits: bool) -> None:
    data = f"rules: [{{name: a, when: {{operation: create-session}}, then: {{{then}}}}}]".encode()
    assert Draft202012Validator(schema()).is_valid(read(data).value) is fits
    with nullcontext() if fits else pytest.raises(RuleFileError):
        read_text(data, Path("a.yaml"))
