"""What a rule file changes in a request, and in the answer of the real server."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from passlens.scenarios.base_model import BODILESS, ChangedHeader, HeaderValue, Json, RuleModel, Scalar, refuse
from passlens.scenarios.when import PathText

PathParameter = Literal["serviceProvider", "partner", "code", "mvpd"]


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
