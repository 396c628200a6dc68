"""The ``when`` side of a rule: which exchanges it is for. Words follow WireMock where it has one.
Everything that is written must hold; what is not written does not matter."""

import math
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.wire import listed
from passlens.scenarios import paths, patterns, times
from passlens.scenarios.base_model import HeaderName, OneOrMore, RuleModel, Scalar, Shorthand, Word, refuse
from passlens.scenarios.nearest import nearest

STARTED: Final = "Started"
"""The state that everything begins in, as in WireMock."""


def _checked(check: Any) -> AfterValidator:
    """A validator out of a function that raises ValueError with a clause."""

    def run(value: str) -> str:
        try:
            check(value)
        except ValueError as error:
            refuse(str(error))
        return value

    return AfterValidator(run)


Pattern = Annotated[str, _checked(patterns.compiled)]
Time = Annotated[str, _checked(lambda text: times.resolve(text, 0.0))]
PathText = Annotated[str, _checked(paths.split)]


class Comparison(Shorthand):
    """How a value is compared. All words that are written must hold; a bare value means equal_to."""

    main: ClassVar[str] = "equal_to"
    bare: ClassVar[tuple[type, ...]] = (str, int, float, bool)
    expected: ClassVar[str] = "a text, a number, true or false"
    bare_schema: ClassVar[dict[str, Any]] = {"type": ["string", "number", "boolean"]}

    equal_to: Scalar = None
    """The value is this one; numbers and true or false are compared by how JSON writes them."""
    case_insensitive: bool = False
    """Upper and lower case are the same for equal_to, one_of, contains and does_not_contain."""
    contains: str | None = None
    """The value has this text in it."""
    does_not_contain: str | None = None
    """The value does not have this text in it, or is not there."""
    matches: Pattern | None = None
    """The whole value fits this regular expression."""
    does_not_match: Pattern | None = None
    """The whole value does not fit this regular expression, or is not there."""
    absent: bool | None = None
    """true: there is no such value. false: there is one, whatever it is."""
    one_of: Annotated[list[Scalar] | None, Field(min_length=1)] = None
    """The value is one of these."""
    before: Time | None = None
    """The value is a time before this one: now, now +5 minutes, or 2026-01-02T03:04:05Z."""
    after: Time | None = None
    """The value is a time after this one: now, now -1 day, or 2026-01-02T03:04:05Z."""

    @model_validator(mode="after")
    def _says_something(self) -> "Comparison":
        words = [name for name in self.given if name != "case_insensitive"]
        if not words:
            refuse("compares with nothing; write equal_to, contains, matches, absent, one_of, before or after")
        if self.absent and len(words) > 1:
            refuse(f"what is absent cannot be compared with {words[0] if words[0] != 'absent' else words[1]} too")
        return self


class Occurrence(RuleModel):
    """Which of the exchanges count, of those that fit everything else; counted for each device, or for each code."""

    first: Annotated[int, Field(ge=1)] | None = None
    """Only the first so many."""
    every: Annotated[int, Field(ge=1)] | None = None
    """Only every so-manieth."""
    after: Annotated[int, Field(ge=1)] | None = None
    """Only those after the first so many."""
    times: Annotated[int, Field(ge=1)] | None = None
    """At most so many times in all, chance included."""

    @model_validator(mode="after")
    def _says_something(self) -> "Occurrence":
        if not self.given:
            refuse("counts nothing; write first, every, after or times")
        return self


def _operations(values: list[str]) -> list[str]:
    for value in values:
        if value not in BY_ID:
            refuse(f"{value!r} is no operation; {nearest(value, tuple(BY_ID))}")
    return values


_OPERATION: Final = {"enum": sorted(BY_ID)}
Operations = Annotated[
    OneOrMore,
    AfterValidator(_operations),
    WithJsonSchema({"anyOf": [_OPERATION, {"type": "array", "items": _OPERATION, "minItems": 1}]}),
]


def _chance(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= 1:
        refuse(f"is {value}, expected a number from 0 to 1")
    return value


class When(RuleModel):
    """Which exchanges a rule is for."""

    operation: Operations = Field(default_factory=list)
    """One operation, or several. Without it: every operation that can have the rule's outcome, else all of them."""
    service_provider: Comparison | None = None
    """The service provider in the path."""
    partner: Comparison | None = None
    """The partner in the path."""
    mvpd: Comparison | None = None
    """The mvpd in the path, else in the form, else the provider id of AP-Partner-Framework-Status."""
    code: Comparison | None = None
    """The code in the path."""
    form: dict[str, Comparison] = Field(default_factory=dict)
    """Form parameters by name."""
    headers: dict[HeaderName, Comparison] = Field(default_factory=dict)
    """Request headers by name, as sent."""
    device_info: dict[PathText, Comparison] = Field(default_factory=dict)
    """Fields inside X-Device-Info by path, such as osName."""
    partner_status: dict[PathText, Comparison] = Field(default_factory=dict)
    """Fields inside AP-Partner-Framework-Status by path, such as frameworkPermissionInfo.accessStatus."""
    token: dict[PathText, Comparison] = Field(default_factory=dict)
    """Claims of the bearer token by path, such as sub or exp."""
    client: Comparison | None = None
    """The address the request came from."""
    device: Comparison | None = None
    """The key of the device, as reports, the log and passlens ctl devices show it."""
    filter: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    """A mitmproxy filter expression."""
    occurrence: Occurrence | None = None
    """Which of the exchanges that fit count: the first, every, after, so many times."""
    chance: Annotated[float, AfterValidator(_chance)] | None = None
    """How likely the rule takes an exchange that fits, from 0 to 1; drawn from the scenario's seed."""
    state: Word | None = None
    """The state that the device (or the code) must be in; everything begins in Started."""

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """Every comparison by its field: ``mvpd``, ``form.mvpd``, ``device_info.osName`` and so on."""
        found: dict[str, Comparison] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Comparison):
                found[name] = value
            elif isinstance(value, dict):
                found |= {f"{name}.{inner}": comparison for inner, comparison in value.items()}
        return found


def operations_in_words(when: When) -> str:
    """The operations of a ``when`` for a sentence."""
    return listed(tuple(when.operation)) if when.operation else "any operation"
