"""Strict wire types, and pydantic's verdict on a decoded value as plain problems.
A type that differs on the wire is a problem to report, never a value to coerce."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

Text = Annotated[str, Strict()]
"""A JSON string."""

NonEmpty = Annotated[str, Strict(), Field(min_length=1)]
"""A JSON string with at least one character; identifiers are opaque beyond that."""

Texts = Annotated[list[Text], Field(fail_fast=True)]
"""A JSON array of strings."""

EpochMilliseconds = Annotated[str, Strict(), Field(pattern=r"^\d{13}$")]
"""Epoch milliseconds written as a JSON string: 13 digits from 2001 to 2286."""

Whole = Annotated[int, Strict()]
"""A JSON integer."""

EpochMillisecondsNumber = Annotated[int, Strict(), Field(ge=10**12, lt=10**13)]
"""Epoch milliseconds written as a JSON integer of 13 digits: profiles, decisions and tokens, unlike sessions."""

Flag = Annotated[bool, Strict()]
"""A JSON boolean."""

JsonKind = Literal["string", "number", "boolean", "object", "array", "null"]
ProblemKind = Literal["missing", "type", "value", "format", "forbidden"]
MAX_PROBLEMS: Final = 20


class WireModel(BaseModel):
    """Base of the spec models: strict, and open to attributes nobody documented (they are no problem)."""

    # Built when first used: most runs meet a few of the models only.
    model_config = ConfigDict(strict=True, extra="allow", frozen=True, defer_build=True)


class Problem(NamedTuple):
    """One way a value departs from its model: a JSON pointer, and clauses for what is there and what was expected."""

    kind: ProblemKind
    pointer: str
    actual: str
    expected: str


_NO_VALUE: Final = re.compile(
    r"(?:none|null|nil|undefined|nan)|[(<\[](?:none|null|nil|undefined|object \w+)[)>\]]|optional\(nil\)", re.IGNORECASE
)


def says_no_value(text: str) -> bool:
    """True for the words that programs write where they have no value: undefined, null, [object Object].

    >>> says_no_value("undefined"), says_no_value("(null)"), says_no_value("nullable")
    (True, True, False)
    """
    return _NO_VALUE.fullmatch(text.strip()) is not None


def kind_of(value: Any) -> JsonKind:
    """The JSON kind of a parsed value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def one_of(*kinds: JsonKind, values: tuple[Any, ...] | None = None) -> Any:
    """A wire type of several JSON kinds, where the documentation leaves the kind open."""

    def check(value: Any) -> Any:
        if kind_of(value) not in kinds:
            raise PydanticCustomError("wire_type", "{expected}", {"expected": " or ".join(kinds)})
        if values is not None and value not in values:
            raise PydanticCustomError("wire_value", "{expected}", {"expected": listed(values)})
        return value

    schema: dict[str, Any] = {"type": list(kinds)} if values is None else {"enum": list(values)}
    return Annotated[Any, AfterValidator(check), WithJsonSchema(schema)]


def _refuse(value: Any) -> Any:
    raise PydanticCustomError("must_be_absent", "absent")


Absent = Annotated[Any, AfterValidator(_refuse), WithJsonSchema({"not": {}})]
"""An attribute that no sample of the row has."""


def listed(values: tuple[Any, ...], last: str = "or") -> str:
    """Values in words: ``a, b or c``, with ``last`` before the last one."""
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


# pydantic's error types -> (kind of problem, what was expected)
_EXPECTED: Final[dict[str, tuple[ProblemKind, str]]] = {
    "missing": ("missing", "present"),
    "string_type": ("type", "string"),
    "string_unicode": ("type", "string of Unicode characters"),
    "int_type": ("type", "integer"),
    "int_from_float": ("type", "integer"),
    "bool_type": ("type", "boolean"),
    "list_type": ("type", "array"),
    "dict_type": ("type", "object"),
    "model_type": ("type", "object"),
    "model_attributes_type": ("type", "object"),
    "string_too_short": ("format", "not empty"),
    "must_be_absent": ("forbidden", "absent"),
}


def problems(validate: Callable[[Any], Any], value: Any) -> tuple[Problem, ...]:
    """Validate a parsed JSON value and list what is wrong, in the order of the model.

    ``validate`` is a model's ``model_validate``. At most 20 problems are listed.
    """
    try:
        validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        return tuple(_problem(item) for item in errors[:MAX_PROBLEMS])
    except RecursionError:
        return (Problem("type", "", "nested too deep", "the documented form"),)
    return ()


def pointer_step(part: str | int) -> str:
    """One step of a JSON pointer (RFC 6901), without the slash before it."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _problem(error: Any) -> Problem:
    pointer = "".join(f"/{pointer_step(part)}" for part in error["loc"])
    context = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return Problem("value", pointer, show(error["input"]), context["expected"].replace("'", ""))
        case "string_pattern_mismatch" | "greater_than_equal" | "less_than":
            return Problem("format", pointer, show(error["input"]), "13 digits, epoch milliseconds")
        case "wire_type":
            return Problem("type", pointer, _typed(error["input"]), context["expected"])
        case "wire_value":
            return Problem("value", pointer, show(error["input"]), context["expected"])
    kind, expected = _EXPECTED.get(error["type"], ("type", error["msg"]))
    if kind == "missing":
        return Problem(kind, pointer, "missing", expected)
    return Problem(kind, pointer, _typed(error["input"]) if kind == "type" else show(error["input"]), expected)


def _typed(value: Any) -> str:
    return f"{kind_of(value)} {show(value)}" if isinstance(value, (str, bool, int, float)) else kind_of(value)


def show(value: Any) -> str:
    """A value in a message: arrays, objects and null by their kind, everything else as it is."""
    if isinstance(value, (list, dict)) or value is None:
        return kind_of(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a huge number"
    return str(value)


def epoch_seconds(value: object) -> float | None:
    """Epoch milliseconds as seconds: 13 digits in a string or a number are read, anything else is None."""
    text = str(value) if isinstance(value, (str, int)) else ""
    return int(text) / 1000 if len(text) == 13 and text.isascii() and text.isdigit() else None


def moment(seconds: float) -> str:
    """A time in UTC, to the second; years that a calendar does not have as a number of seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return f"{seconds:.0f} s after 1970"
