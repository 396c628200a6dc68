"""The parameters of the calls that list entries and findings, and which entries they mean. Pure."""

from ipaddress import ip_address
from typing import Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from passlens.analysis.entry import Entry
from passlens.checks.finding import Severity, rank, worst_of
from passlens.rest_v2 import outcomes, response_rows, retrieve
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.results import ItemResult
from passlens.scenarios.nearest import nearest_question
from passlens.util.address import plain_address
from passlens.util.text import nearest_of

MAX_WAIT: Final = 300
"""Seconds that an answer may be held."""

MAX_CHARS: Final = 300
"""Characters of a parameter."""


class ResultFacts(NamedTuple):
    """A result of an exchange; ``kind`` is ``permit`` or ``deny`` where it is a decision that says so."""

    kind: str
    resource: str | None
    error: str | None


class EntryFacts(NamedTuple):
    """What is asked of an entry again and again, beside its text, which would have to be read for it."""

    operation: str
    started: str | None
    outcome: str | None
    status: int | None
    error: str | None
    device: str | None
    """The device key."""
    scenario: str | None
    """The scenario that made the exchange what it is."""
    worst: Severity | None
    """The highest severity of its findings."""
    results: tuple[ResultFacts, ...]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """What an entry says."""
        device, injected = entry["device"], entry["injected"]
        return cls(
            entry["operation"],
            entry["started"],
            entry["outcome"],
            entry["status"],
            entry["error"],
            device["key"] if device is not None else None,
            injected["scenario"] if injected is not None else None,
            worst_of(one["severity"] for one in entry["findings"]),
            tuple(_result(one) for one in entry["results"]),
        )


def _result(item: ItemResult) -> ResultFacts:
    if item["kind"] != "decision":
        return ResultFacts(item["kind"], None, None)
    kind = "permit" if item["authorized"] is True else "deny" if item["authorized"] is False else "decision"
    return ResultFacts(kind, item["resource"], item["error"])


class Model(BaseModel):
    """A part of a request; unknown members are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=MAX_CHARS, allow_inf_nan=False, frozen=True)


class ExchangesQuery(Model):
    """Which entries. Those that are given have to fit, all of them."""

    since: int = Field(0, ge=0, description="Only entries after this number; what `next` gave.")
    operation: str | None = Field(None, description="An operation id.")
    outcome: str | None = Field(None, description="The row of an answer, such as P3.")
    error: str | None = Field(None, description="An error code of the response or of one of its items, or `any`.")
    status: int | None = Field(None, ge=100, le=599, description="The HTTP status.")
    result: Literal["permit", "deny", "profile", "none"] | None = Field(
        None, description="A kind of item; `none`: no item at all."
    )
    resource: str | None = Field(None, description="The resource of a decision.")
    injected: str | None = Field(None, description="`true`, `false` or the name of a scenario.")
    device: str | None = Field(None, description="A device key or a client address.")
    mark: str | None = Field(None, description="The name of a mark.")
    wait: float = Field(0, ge=0, le=MAX_WAIT, description="Seconds to wait until an entry fits.")

    @field_validator("operation")
    @classmethod
    def _known_operation(cls, value: str | None) -> str | None:
        known = [operation.id for operation in OPERATIONS]
        if value is not None and value not in known:
            raise ValueError(f"{value!r} is no operation; {nearest_question(value, known)}")
        return value

    @field_validator("outcome")
    @classmethod
    def _known_outcome(cls, value: str | None) -> str | None:
        known = [*outcomes.BY_ID, *retrieve.BY_ID, *response_rows.BY_ID]
        if value is not None and value not in known:
            near = nearest_of(value, known)
            hint = ", such as P3; error takes error codes." if near is None else f"; did you mean {near}?"
            raise ValueError(f"{value!r} is no row of an answer{hint}")
        return value

    @field_validator("device")
    @classmethod
    def _possible_device(cls, value: str | None) -> str | None:
        return None if value is None else check_device(value)

    def fits(self, number: int, mark: str | None, address: str | None, facts: EntryFacts) -> bool:
        """Whether an entry is meant; ``address`` is the client's."""
        return (
            number > self.since
            and (self.mark is None or self.mark == mark)
            and (self.operation is None or self.operation == facts.operation)
            and (self.outcome is None or self.outcome == facts.outcome)
            and (self.status is None or self.status == facts.status)
            and (self.error is None or _has_error(facts, self.error))
            and (self.device is None or self.device in (facts.device, address))
            and (self.injected is None or _is_injected(facts, self.injected))
            and ((self.result is None and self.resource is None) or self._has_result(facts))
        )

    def _has_result(self, facts: EntryFacts) -> bool:
        if self.result == "none":
            return not facts.results and self.resource is None
        return any(self.resource in (None, one.resource) and self.result in (None, one.kind) for one in facts.results)


class FindingsQuery(Model):
    """Which findings."""

    since: int = Field(0, ge=0, description="Only findings of entries after this number; what `next` gave.")
    min: Severity = Field("note", description="The lowest severity.")

    def fits(self, severity: Severity) -> bool:
        """Whether a finding of this severity is meant."""
        return rank(severity) >= rank(self.min)


def check_device(value: str) -> str:
    """A device key or client address as it is; raises ValueError for anything else, which no exchange could ever be
    of."""
    try:
        ip_address(value.partition("%")[0])
        return plain_address(value)
    except ValueError:
        digits = value.removeprefix("sha256:")
        if digits != value and len(digits) == 32 and all(sign in "0123456789abcdef" for sign in digits):
            return value
    raise ValueError(f"{value!r} is neither a client address nor a device key (sha256: and 32 digits): see devices")


def _has_error(facts: EntryFacts, wanted: str) -> bool:
    found = [facts.error, *(one.error for one in facts.results)]
    return any(found) if wanted == "any" else wanted in found


def _is_injected(facts: EntryFacts, wanted: str) -> bool:
    if wanted in ("true", "false"):
        return (facts.scenario is not None) == (wanted == "true")
    return facts.scenario == wanted
