"""What a call is given, as the model of its parameters or of its body; each fault is a sentence."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from passlens.control.calls import Call
from passlens.control.query import Model
from passlens.scenarios.nearest import nearest_question


def query_of(call: Call, arguments: Mapping[str, Sequence[bytes]]) -> Model | None:
    """The parameters of the query, None for a call that takes none; ValueError for what it does not take."""
    given: dict[str, str] = {}
    for name, values in arguments.items():
        if len(values) != 1:
            raise ValueError(f"{name[:80]} is given {len(values)} times; give it once.")
        given[name] = values[0].decode("utf-8", "replace")
    if call.query is not None:
        return _model(call.query, given)
    if given:
        raise ValueError(f"There is no {next(iter(given))[:80]}; this call takes no parameters.")
    return None


def body_of(call: Call, data: bytes) -> Model | None:
    """The body, None for a call that takes none; ValueError for one that the call does not take."""
    if call.body is None:
        return None
    try:
        value = json.loads(data, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        raise ValueError("The body is no JSON; send an object.") from None
    if not isinstance(value, dict):
        raise ValueError("The body is no object; send one.")
    return _model(call.body, value)


def _finite(text: str) -> float:
    """A number of a body; ValueError for NaN, Infinity and 1e999, which Python takes for numbers and JSON does not."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _model(model: type[Model], given: dict[str, Any]) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise ValueError(" ".join(_sentences(error, model))) from None


def _sentences(error: ValidationError, model: type[Model]) -> Iterator[str]:
    for fault in error.errors()[:5]:
        place = ".".join(str(step) for step in fault["loc"])[:80]
        if fault["type"] == "extra_forbidden":
            yield f"There is no {place}; {nearest_question(place, tuple(model.model_fields))}"
        else:
            yield f"{place} {_words(fault)}"


_WORDS: Final = {
    "missing": "is missing; send it.",
    "string_type": "is no text; send one.",
    "string_too_short": "is empty; give a value.",
    "string_too_long": "is longer than {max_length} characters; give a shorter one.",
    "int_type": "is no whole number; give one.",
    "int_from_float": "is no whole number; give one.",
    "int_parsing": "is no whole number; give one.",
    "int_parsing_size": "is too large a number; give a smaller one.",
    "float_type": "is no number; give one.",
    "float_parsing": "is no number; give one.",
    "finite_number": "is no number; give one.",
    "greater_than_equal": "is below {ge:g}; give {ge:g} or more.",
    "less_than_equal": "is above {le:g}; give {le:g} or less.",
    "list_type": "is no list; send one.",
    "dict_type": "is no object; send one.",
}
"""By pydantic's type of a fault; a test asks each call for each of its members."""


def _words(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"is {str(fault['input'])[:80]!r}; {nearest_question(str(fault['input'])[:80], known)}"
    if kind == "value_error":
        said = str(context["error"])
        return f"cannot be taken: {said}{'' if said[-1:] in ('.', '?') else '.'}"
    return _WORDS.get(kind, "is not what this call takes; see /openapi.json.").format(**context)
