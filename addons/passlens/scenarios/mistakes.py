"""From pydantic's verdict to one sentence about a rule file: which file, line and key, what is wrong, what is near.
The first mistake in the file is told; a misspelt key goes before what is missing because of it."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

from passlens.scenarios.part import MISTAKE
from passlens.scenarios.yaml_nodes import Document, Key, Mistake
from passlens.spec.wire import kind_of, listed, show

_LONGEST: Final = 80

# pydantic's error types -> what was expected
_EXPECTED: Final = {
    "string_type": "a text (put it in quotes)",
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


class RuleFileError(ValueError):
    """A rule file that was not taken; its text is one sentence with file, line, column and key."""

    def __init__(self, path: Path, mistake: Mistake) -> None:
        self.path, self.line, self.column = path, mistake.line, mistake.column
        self.key = in_words(mistake.key)
        self.problem = mistake.problem
        place = str(path) if mistake.line is None else f"{path}:{mistake.line}:{mistake.column or 1}"
        key = f" {self.key}:" if self.key else ""
        end = "?" if "did you mean" in mistake.problem.rpartition("; ")[2] else "."
        super().__init__(_printable(f"{place}:{key} {mistake.problem}{end}"))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def in_words(key: Key) -> str:
    """A place in a rule file: ``rules[0].when.form.mvpd``."""
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{_short(step)}" for step in key)
    return words.removeprefix(".")


def nearest(word: str, known: Sequence[str]) -> str:
    """A clause that helps with an unknown word: the nearest known one, else all."""
    near = difflib.get_close_matches(word[:_LONGEST], known, n=1)
    if near:
        return f"did you mean {near[0]}"
    return f"known are {listed(tuple(known), 'and')}" if known else "there is none like it"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def first_mistake(error: ValidationError, model: type[BaseModel], document: Document) -> Mistake:
    """The mistake to tell about."""
    mistakes = [_mistake(item, model, document) for item in error.errors(include_url=False)]
    return min(mistakes, key=lambda pair: (pair[0], pair[1].line or 0, pair[1].column or 0))[1]


def _mistake(item: Any, model: type[BaseModel], document: Document) -> tuple[int, Mistake]:
    key = tuple(step for step in item["loc"] if step != "[key]")
    context = item.get("ctx", {})
    kind = item["type"]
    if kind == MISTAKE and isinstance(context.get("key"), str):
        key = (*key, context["key"])
    rank = 0 if kind == "extra_forbidden" else 2 if kind == "missing" else 1
    return rank, at(document, key, _problem(kind, key, item, context, model))


def at(document: Document, key: Key, problem: str) -> Mistake:
    """A mistake at a place, or at the nearest place above that is written in the file."""
    known = key
    while known and known not in document.places:
        known = known[:-1]
    line, column = document.places.get(known, (1, 1))
    return Mistake(problem, known, line, column)


def _problem(kind: str, key: Key, item: Any, context: dict[str, Any], model: type[BaseModel]) -> str:
    value = item["input"]
    match kind:
        case "extra_forbidden":
            known = keys_at(model, key[:-1])
            return f"is no known key; {nearest(str(key[-1]), known)}"
        case "missing":
            return f"lacks {key[-1]}"
        case "literal_error":
            known = [word.strip("' ") for word in context["expected"].replace(" or ", ",").split(",")]
            return f"{_short(show(value))!r} is not known; {nearest(str(value), known)}"
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
    if kind == MISTAKE:
        return str(context["message"])
    if kind in _EXPECTED and value is None:
        return f"has no value, expected {_EXPECTED[kind]}"
    if kind in _EXPECTED:
        return f"is {_found(value)}, expected {_EXPECTED[kind]}"
    return f"is not what is expected here ({item['msg']})"


def _found(value: Any) -> str:
    names = {"string": "the text", "number": "the number", "boolean": "", "object": "keys with values"}
    kind = kind_of(value)
    if kind in ("object", "array", "null"):
        return {"object": "keys with values", "array": "a list", "null": "empty"}[kind]
    return f"{names[kind]} {_short(show(value))}".strip()


def keys_at(model: type[BaseModel], key: Key) -> list[str]:
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
