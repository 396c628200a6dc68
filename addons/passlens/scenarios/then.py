"""The ``then`` side of a rule: what is done to an exchange. Which actions go together is settled here.
Texts that go onto the wire (respond, set, merge, patch) may hold templates."""

import math
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from passlens.rest_v2.outcomes import MISSING_PARAMETERS
from passlens.rest_v2.wire import listed
from passlens.scenarios.base_model import (
    ChangedHeader,
    HeaderValue,
    Json,
    OneOrMore,
    RuleModel,
    Scalar,
    Shorthand,
    Word,
    refuse,
)
from passlens.scenarios.when import PathText

MAX_DELAY: Final = 600_000
"""Milliseconds that a delay may take (10 minutes)."""

Fault = Literal[
    "connection_reset", "no_answer", "empty_answer", "cut_body", "malformed_json", "wrong_content_type", "slow_drip"
]
NO_RESPONSE: Final = ("connection_reset", "no_answer", "empty_answer")
"""Faults after which there is no answer that could be made or changed."""


BODILESS: Final = (204, 304)
"""Statuses after which there is no body (RFC 9110, section 6.4.1); 1xx, which are the same, no rule can give."""

PathParameter = Literal["serviceProvider", "partner", "code", "mvpd"]


def _milliseconds(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= MAX_DELAY:
        refuse(f"is {value}, expected milliseconds from 0 to {MAX_DELAY}")
    return value


Milliseconds = Annotated[float, AfterValidator(_milliseconds)]


class Outcome(Shorthand):
    """A documented answer, built from the request's own values."""

    main: ClassVar[str] = "name"
    bare: ClassVar[tuple[type, ...]] = (str,)
    bare_schema: ClassVar[dict[str, Any]] = {"type": "string"}

    name: str
    """A row of the truth table, an error code, or another name of an answer that the operation can have."""
    missing: OneOrMore | None = None
    """The parameters that the answer says are missing; without it, those that the request lacks."""
    mvpd: str | None = None
    """The mvpd of the answer; without it, that of the request."""

    @model_validator(mode="after")
    def _known(self) -> "Outcome":
        for name in self.missing or ():
            if name not in MISSING_PARAMETERS:
                refuse(
                    f"{name!r} is no parameter that can be missing; known are {listed(MISSING_PARAMETERS)}", "missing"
                )
        return self


class Respond(RuleModel):
    """An answer written out."""

    nullable: ClassVar[tuple[str, ...]] = ("json",)

    status: Annotated[int, Field(ge=200, le=599)] = 200
    """The HTTP status."""
    headers: dict[ChangedHeader, HeaderValue] = Field(default_factory=dict)
    """Headers of the answer."""
    body: str | None = None
    """The body as text."""
    json_: Json = Field(default=None, alias="json")
    """The body as JSON, written as YAML."""
    body_file: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    """A file below the rule file's folder that holds the body."""
    template: bool = True
    """false: headers and body hold no templates."""

    @property
    def has_json(self) -> bool:
        """True if the body is written as JSON, null included."""
        return "json_" in self.model_fields_set

    @model_validator(mode="after")
    def _one_body(self) -> "Respond":
        bodies = [name for name in ("body", "json_", "body_file") if name in self.model_fields_set]
        if len(bodies) > 1:
            refuse("has more than one body; write body, json or body_file", bodies[1].rstrip("_"))
        if bodies and self.status in BODILESS:
            refuse(f"has no effect, since an answer with status {self.status} has no body", bodies[0].rstrip("_"))
        return self


class Changes(RuleModel):
    """What is set and what is removed."""

    @model_validator(mode="after")
    def _says_something(self) -> "Changes":
        if not self.given:
            refuse("changes nothing; write set or remove")
        return self


class HeaderChanges(Changes):
    """Headers that are set and removed; what is not named stays as it is."""

    set: dict[ChangedHeader, HeaderValue] = Field(default_factory=dict)
    """Headers with their new values; one that stands in the message keeps its place."""
    remove: list[ChangedHeader] = Field(default_factory=list)
    """Headers that go."""


class FormChanges(Changes):
    """Form parameters that are set and removed; the rest keeps its order and encoding."""

    set: dict[str, Scalar] = Field(default_factory=dict)
    """Parameters with their new values."""
    remove: list[str] = Field(default_factory=list)
    """Parameters that go."""


class FieldChanges(Changes):
    """Fields inside a decoded header; it is encoded again the way it came."""

    set: dict[PathText, Json] = Field(default_factory=dict)
    """Fields by path with their new JSON values."""
    remove: list[PathText] = Field(default_factory=list)
    """Fields that go, by path."""


class RewriteRequest(RuleModel):
    """Changes to the request, so that the real server gives another answer."""

    path: dict[PathParameter, Annotated[str, StringConstraints(min_length=1)]] = Field(default_factory=dict)
    """Path parameters with their new values, such as code; one that the path does not have is left alone."""
    headers: HeaderChanges | None = None
    """Request headers."""
    form: FormChanges | None = None
    """Form parameters."""
    device_info: FieldChanges | None = None
    """Fields inside X-Device-Info."""
    partner_status: FieldChanges | None = None
    """Fields inside AP-Partner-Framework-Status."""

    @model_validator(mode="after")
    def _says_something(self) -> "RewriteRequest":
        if not self.given:
            refuse("changes nothing; write path, headers, form, device_info or partner_status")
        return self


class PatchStep(RuleModel):
    """One operation of a JSON patch (RFC 6902)."""

    nullable: ClassVar[tuple[str, ...]] = ("value",)

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    """What to do."""
    path: str
    """A JSON pointer to where."""
    value: Json = None
    """The value of add, replace and test."""
    from_: str | None = Field(default=None, alias="from")
    """A JSON pointer to what move and copy take."""

    @model_validator(mode="after")
    def _complete(self) -> "PatchStep":
        for key, pointer in (("path", self.path), ("from", self.from_)):
            if pointer and not pointer.startswith("/"):
                refuse(f"{pointer!r} is no JSON pointer; it begins with a slash", key)
        if self.op in ("add", "replace", "test") and "value" not in self.model_fields_set:
            refuse(f"{self.op} needs a value")
        if self.op in ("move", "copy") and self.from_ is None:
            refuse(f"{self.op} needs from")
        return self


class RewriteResponse(RuleModel):
    """Changes to the answer on its way to the app."""

    nullable: ClassVar[tuple[str, ...]] = ("merge",)

    status: Annotated[int, Field(ge=200, le=599)] | None = None
    """The new HTTP status."""
    headers: HeaderChanges | None = None
    """Headers of the answer."""
    merge: Json = None
    """A JSON merge patch (RFC 7396): members to set, null to remove one."""
    patch: Annotated[list[PatchStep] | None, Field(min_length=1)] = None
    """A JSON patch (RFC 6902), applied after merge."""

    @model_validator(mode="after")
    def _says_something(self) -> "RewriteResponse":
        if not self.given:
            refuse("changes nothing; write status, headers, merge or patch")
        for name in ("merge", "patch"):
            if self.status in BODILESS and name in self.model_fields_set:
                refuse(f"has no effect, since an answer with status {self.status} has no body", name)
        return self

    @property
    def has_merge(self) -> bool:
        """True if a merge patch is written, null included."""
        return "merge" in self.model_fields_set


class Uniform(RuleModel):
    """A delay drawn evenly between two bounds."""

    lower: Milliseconds
    """The shortest, in milliseconds."""
    upper: Milliseconds
    """The longest, in milliseconds."""

    @model_validator(mode="after")
    def _ordered(self) -> "Uniform":
        if self.lower > self.upper:
            refuse(f"lower ({self.lower:g}) is above upper ({self.upper:g})", "lower")
        return self


class LogNormal(RuleModel):
    """A delay with a long tail, as networks have it."""

    median: Milliseconds
    """Half of all are shorter, in milliseconds."""
    sigma: Annotated[float, Field(ge=0, le=10)]
    """How far they spread; 0.4 is a usual network."""


class Delay(Shorthand):
    """How long the answer is held back; a bare number is milliseconds."""

    main: ClassVar[str] = "milliseconds"
    bare: ClassVar[tuple[type, ...]] = (int, float)
    bare_schema: ClassVar[dict[str, Any]] = {"type": "number", "minimum": 0, "maximum": MAX_DELAY}

    milliseconds: Milliseconds | None = None
    """Always the same."""
    uniform: Uniform | None = None
    """Evenly between two bounds."""
    lognormal: LogNormal | None = None
    """With a long tail."""

    @model_validator(mode="after")
    def _one(self) -> "Delay":
        if len(self.given) != 1:
            refuse("write one of milliseconds, uniform and lognormal")
        return self


class Then(RuleModel):
    """What is done to an exchange that matches."""

    outcome: Outcome | None = None
    """passlens gives this documented answer; nothing is sent to the server."""
    respond: Respond | None = None
    """passlens gives this answer; nothing is sent to the server."""
    rewrite_request: RewriteRequest | None = None
    """The request is changed and then sent to the server."""
    rewrite_response: RewriteResponse | None = None
    """The answer is changed on its way to the app."""
    delay: Delay | None = None
    """The answer is held back."""
    fault: Fault | None = None
    """The answer breaks on its way."""
    state: Word | None = None
    """The state that the device (or the code) is in from now on."""
    override: bool = False
    """true: also where server replay or map_local have set an answer already."""

    @property
    def actions(self) -> tuple[str, ...]:
        """What the file asks for, by the names of the actions, in the order of this model."""
        return tuple(name for name in self.given if name in ACTIONS)

    @property
    def responses(self) -> bool:
        """True if passlens gives the answer and the server is not asked."""
        return self.outcome is not None or self.respond is not None or self.fault in NO_RESPONSE

    @model_validator(mode="after")
    def _goes_together(self) -> "Then":
        response = "outcome" if self.outcome else "respond"
        if not self.actions:
            refuse(f"does nothing; write {listed(ACTIONS, 'or')}")
        if self.outcome and self.respond:
            refuse("outcome and respond both give the answer; write one of them", "respond")
        if self.fault in NO_RESPONSE:
            for name in ("outcome", "respond", "rewrite_response"):
                if getattr(self, name) is not None:
                    refuse(f"{name} has no effect, since {self.fault} leaves no answer", name)
        if self.rewrite_request and (self.outcome or self.respond):
            refuse(
                f"rewrite_request has no effect, since {response} keeps the request from the server", "rewrite_request"
            )
        if self.rewrite_response and self.respond:
            refuse("rewrite_response has no effect that respond cannot write itself", "rewrite_response")
        if self.override and not (self.responses or self.rewrite_response or self.fault):
            refuse("override is for rules that give, change or break an answer", "override")
        return self


ACTIONS: Final = tuple(name for name in Then.model_fields if name != "override")
"""What a rule can do, in the order in which it is told."""
