"""What all parts of a rule file share: strict models that refuse unknown keys, and bare values as a short form.
A validator here raises with a whole clause; the reader puts file, line and key in front of it."""

from typing import Annotated, Any, ClassVar, Final, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from passlens.rest_v2.wire import one_of

RULE_ERROR: Final = "rule_file"
"""The type of the errors that passlens' own validators raise."""

KIND_ERROR: Final = "rule_kind"
"""The type of the error for a value of another kind than is expected; its context has in words what is."""


def refuse(message: str, key: str | None = None) -> NoReturn:
    """Refuse a part with a clause; ``key`` is the member of the part that is to blame."""
    raise PydanticCustomError(RULE_ERROR, "{message}", {"message": message, "key": key})


def _refuse_kind(expected: str) -> NoReturn:
    raise PydanticCustomError(KIND_ERROR, "{expected}", {"expected": expected})


class RuleModel(BaseModel):
    """Base of the models: strict, closed, unchangeable; the docstring under a field is its description for editors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    nullable: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key, inner in value.items():
                if inner is None and key in cls.model_fields and key not in cls.nullable:
                    refuse("has no value", key)
        return value

    @property
    def given(self) -> tuple[str, ...]:
        """The keys that were written."""
        return tuple(name for name in type(self).model_fields if name in self.model_fields_set)


class Shorthand(RuleModel):
    """A part that may also be written as a bare value, which then belongs to its main key. ``expected`` are words for
    such a value."""

    main: ClassVar[str]
    bare: ClassVar[tuple[type, ...]]
    expected: ClassVar[str]
    bare_schema: ClassVar[dict[str, Any]]

    @model_validator(mode="before")
    @classmethod
    def _widen(cls, value: Any) -> Any:
        if type(value) in cls.bare:
            return {cls.main: value}
        if not isinstance(value, dict):
            _refuse_kind(f"{cls.expected}, or keys with values")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        inner = handler.resolve_ref_schema(schema)
        if "anyOf" not in inner:
            long_form = dict(inner)
            inner.clear()
            inner |= {key: long_form.pop(key) for key in ("title", "description") if key in long_form}
            inner["anyOf"] = [cls.bare_schema, long_form]
        return schema


def _listed(value: Any) -> Any:
    if not isinstance(value, (str, list)):
        _refuse_kind("a text or a list of texts")
    return [value] if isinstance(value, str) else value


def _filled(value: list[Any]) -> list[Any]:
    if not value:
        refuse("is an empty list")
    return value


_TEXT: Final = {"type": "string"}
OneOrMore = Annotated[
    list[str],
    BeforeValidator(_listed),
    AfterValidator(_filled),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]
"""A text or a list of texts."""

Scalar = one_of("string", "number", "boolean")
"""A text, a number, or true and false."""


def _header_name(value: str) -> str:
    if not value or not value.isascii() or not all(sign.isalnum() or sign in "!#$%&'*+-.^_`|~" for sign in value):
        refuse(f"{value!r} cannot be the name of a header")
    return value


def _one_line(value: str) -> str:
    if any(ord(sign) < 32 and sign != "\t" for sign in value) or "\x7f" in value:
        refuse("a header value cannot hold line ends or control characters")
    return value


FRAMING: Final = frozenset(
    ("connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade")
)
"""Headers that say where a message ends and what becomes of its connection; set by a rule they would contradict it."""

BODILESS: Final = (204, 304)
"""Statuses after which there is no body (RFC 9110, section 6.4.1); 1xx, which are the same, no rule can give."""


def _changeable(value: str) -> str:
    if value.lower() in FRAMING:
        refuse(f"{value} belongs to the connection and is no rule's to change; fault breaks an answer on its way")
    return value


HeaderName = Annotated[str, AfterValidator(_header_name)]
ChangedHeader = Annotated[str, AfterValidator(_header_name), AfterValidator(_changeable)]
"""The name of a header that a rule may set or remove."""
HeaderValue = Annotated[str, AfterValidator(_one_line)]
Word = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e](?:[\x20-\x7e]{0,78}[\x21-\x7e])?$")]
"""A name that fits into a header value: printable ASCII, at most 80 characters, no blank at either end."""

Json = Annotated[Any, WithJsonSchema({})]
"""Any JSON value."""
