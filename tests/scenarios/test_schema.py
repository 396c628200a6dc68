"""The shipped JSON Schema is the one the models give."""

import json

from passlens.scenarios.library import shipped
from passlens.scenarios.schema import DIALECT, FILE, as_text, schema


def test_the_shipped_copy_is_equal() -> None:
    assert json.loads((shipped() / FILE).read_text()) == json.loads(as_text())


def test_what_editors_need() -> None:
    made = schema()
    assert made["$schema"] == DIALECT
    assert made["additionalProperties"] is False
    when = made["$defs"]["When"]["properties"]
    assert "partner-session" in when["operation"]["anyOf"][0]["enum"]
    assert made["$defs"]["Comparison"]["anyOf"][0] == {"type": ["string", "number", "boolean"]}
    assert '"null"' not in as_text()


def test_every_key_is_described() -> None:
    made = schema()
    for part in (made, *made["$defs"].values()):
        for form in (part, *part.get("anyOf", [])):
            for name, key in form.get("properties", {}).items():
                assert "description" in key or name == "case_insensitive", name
