"""From pydantic's verdict to one sentence about a rule file: which file, line and key, what is wrong, what is near.
All errors of a file are told at once, but for what only follows from another one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

from passlens.errors import RuleError, RuleFileError
from passlens.rest_v2.wire import kind_of, listed, show
from passlens.scenarios.base_model import KIND_ERROR, RULE_ERROR
from passlens.scenarios.nearest import nearest
from passlens.scenarios.yaml_nodes import NodePath, YamlDocument

_MAX_CHARS: Final = 80

# pydantic's error types -> what was expected
_EXPECTED: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "wire_type": "a text, a number, true or false",
}
_OF_MODELS: Final = ("model_type", "model_attributes_type")
_MAX_KEYS: Final = 3
"""Keys of a part that are named where the part is something else."""

MAX_COUNT: Final = 20
"""Mistakes of one file that are told; the rest is counted."""


def rule_file_error(path: Path, *errors: RuleError) -> RuleFileError:
    """What is said of a file with these errors, of which there is one at least."""
    sentences = [_sentence(path, error) for error in errors[:MAX_COUNT]]
    if len(errors) > MAX_COUNT:
        more = len(errors) - MAX_COUNT
        sentences.append(_printable(f"{path}: {more} more error{'s' if more > 1 else ''}."))
    return RuleFileError(path, sentences, errors[0], in_words(errors[0].key))


def _sentence(path: Path, error: RuleError) -> str:
    key = in_words(error.key)
    place = str(path) if error.line is None else f"{path}:{error.line}:{error.column or 1}"
    end = "?" if "did you mean" in error.problem.rpartition("; ")[2] else "."
    return _printable(f"{place}:{f' {key}:' if key else ''} {error.problem}{end}")


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def in_words(key: NodePath) -> str:
    """A place in a rule file: ``rules[0].when.form.mvpd``."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in key)
    return words.removeprefix(".")


def _short(text: str) -> str:
    return text if len(text) <= _MAX_CHARS else f"{text[: _MAX_CHARS - 3]}..."


def all_errors(failed: ValidationError, model: type[BaseModel], document: YamlDocument) -> list[RuleError]:
    """Every error that pydantic has found, but for what follows from another one: of a key that is misspelt it also
    says that the right one is missing."""
    found = [_rule_error(item, model, document) for item in failed.errors(include_url=False)]
    told = [(error.key, error.problem) for kind, error in found if kind == "extra_forbidden"]
    return [
        error
        for kind, error in found
        if kind != "missing"
        or not any(key[:-1] == error.key and said.endswith(f" {error.problem[6:]}") for key, said in told)
    ]


def in_order(errors: Sequence[RuleError]) -> list[RuleError]:
    """Mistakes as they stand in the file, one for each key."""
    first: dict[tuple[NodePath, str], RuleError] = {}
    for error in sorted(errors, key=lambda error: (error.line or 0, error.column or 0)):
        first.setdefault((error.key, error.problem), error)
    return list(first.values())


def _rule_error(item: Any, model: type[BaseModel], document: YamlDocument) -> tuple[str, RuleError]:
    key = tuple(step for step in item["loc"] if step != "[key]")
    context = item.get("ctx", {})
    kind = item["type"]
    if kind == RULE_ERROR and isinstance(context.get("key"), str):
        key = (*key, context["key"])
    return kind, at(document, key, _problem(kind, key, item, context, model))


def at(document: YamlDocument, key: NodePath, problem: str) -> RuleError:
    """An error at a place, or at the nearest place above that is written in the file."""
    known = key
    while known and known not in document.places:
        known = known[:-1]
    line, column = document.places.get(known, (1, 1))
    return RuleError(problem, known, line, column)


def _problem(kind: str, key: NodePath, item: Any, context: dict[str, Any], model: type[BaseModel]) -> str:
    value = item["input"]
    match kind:
        case "extra_forbidden":
            known = keys_at(model, key[:-1])
            return f"is no known key; {nearest(str(key[-1]), known)}"
        case "missing":
            return f"lacks {key[-1]}"
        case "literal_error":
            known = [word.strip("' ") for word in context["expected"].replace(" or ", ",").split(",")]
            if not isinstance(value, str):
                return f"is {_found(value)}, expected {listed(tuple(known))}"
            return f"{_short(show(value))!r} is not known; {nearest(value, known)}"
        case "string_pattern_mismatch":
            return "must be of 1 to 80 printable ASCII characters without a blank at either end"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "string_too_short":
            return "is empty"
        case "too_short":
            return "is an empty list"
        case "too_long":
            return f"has more than {context['max_length']} items"
        case "greater_than_equal":
            return f"is {value}, expected at least {context['ge']}"
        case "less_than_equal":
            return f"is {value}, expected at most {context['le']}"
    if kind == RULE_ERROR:
        return str(context["message"])
    expected = _expected(kind, key, context, model)
    if expected is None:
        return f"is not what is expected here ({item['msg']})"
    if value is None:
        return f"has no value, expected {expected}"
    if not key and isinstance(value, str):
        # No rule file at all: whoever steers the proxy may name any file, and is not to read it by that.
        return f"is a text, expected {expected}"
    if kind == "string_type" and not isinstance(value, (dict, list)):
        expected += " (put it in quotes)"
    return f"is {_found(value)}, expected {expected}"


def _expected(kind: str, key: NodePath, context: dict[str, Any], model: type[BaseModel]) -> str | None:
    if kind == KIND_ERROR:
        return str(context["expected"])
    if kind in _OF_MODELS and (known := keys_at(model, key)):
        return f"{_EXPECTED[kind]}, such as {listed(tuple(known[:_MAX_KEYS]), 'and')}"
    return _EXPECTED.get(kind)


def _found(value: Any) -> str:
    names = {"string": "the text", "number": "the number", "boolean": "", "object": "keys with values"}
    kind = kind_of(value)
    if kind in ("object", "array", "null"):
        return {"object": "keys with values", "array": "a list", "null": "empty"}[kind]
    return f"{names[kind]} {_short(show(value))}".strip()


def keys_at(model: type[BaseModel], key: NodePath) -> list[str]:
    """The keys that a part of the file can have, by following its models."""
    current: type[BaseModel] | None = model
    named = False  # whether the next step is a name of the user's, as below form
    for step in key:
        if current is None:
            return []
        if named or isinstance(step, int):
            named = False
            continue
        field = current.model_fields.get(str(step)) or current.model_fields.get(_by_alias(current).get(str(step), ""))
        if field is None:
            return []
        named = get_origin(field.annotation) is dict
        current = _model_in(field.annotation)
    return [] if current is None else [field.alias or name for name, field in current.model_fields.items()]


def _by_alias(model: type[BaseModel]) -> dict[str, str]:
    return {field.alias: name for name, field in model.model_fields.items() if field.alias}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation such as ``dict[str, Model] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
