"""The ``then`` side of a rule: what is done to an exchange; changes.py and delay.py have parts of it. Which actions go
together is settled here. Texts that go onto the wire (respond, set, merge, patch) may hold templates."""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, StringConstraints, model_validator

from passlens.rest_v2.outcomes import MISSING_PARAMETERS
from passlens.rest_v2.wire import listed
from passlens.scenarios.base_model import (
    BODILESS,
    ChangedHeader,
    HeaderValue,
    Json,
    OneOrMore,
    RuleModel,
    Shorthand,
    Word,
    refuse,
)
from passlens.scenarios.changes import RewriteRequest, RewriteResponse
from passlens.scenarios.delay import Delay

Fault = Literal[
    "connection_reset", "no_answer", "empty_answer", "cut_body", "malformed_json", "wrong_content_type", "slow_drip"
]
NO_RESPONSE: Final = ("connection_reset", "no_answer", "empty_answer")
"""Faults after which there is no answer that could be made or changed."""


class Outcome(Shorthand):
    """A documented answer, built from the request's own values."""

    main: ClassVar[str] = "name"
    bare: ClassVar[tuple[type, ...]] = (str,)
    expected: ClassVar[str] = "the name of an answer such as P3 or throttled"
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
