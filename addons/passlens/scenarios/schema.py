"""The JSON Schema of rule files for editors, made from the models that read them.
rules/scenario.schema.json is a copy; a test holds it equal to this."""

import json
from typing import Any, Final

from passlens.scenarios.model import RuleFile

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The JSON Schema of a rule file."""
    made = RuleFile.model_json_schema(by_alias=True)
    made["title"] = "passlens scenario"
    return {"$schema": DIALECT, **tidy(made)}


def as_text() -> str:
    """The schema as it is shipped."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


def tidy(value: Any, key: str = "") -> Any:
    """Without what only the models need: null for what is not written, defaults, titles made of names."""
    if isinstance(value, list):
        return [tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    if key in ("properties", "$defs"):
        return {name: tidy(inner) for name, inner in value.items()}
    value = dict(value)
    choices = value.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        left = [choice for choice in choices if choice != {"type": "null"}]
        value.pop("anyOf")
        value = {**left[0], **value} if len(left) == 1 else {**value, "anyOf": left}
    return {name: tidy(inner, name) for name, inner in value.items() if name not in ("default", "title")}
