"""The parameters of the calls that list entries and findings, and which entries they mean. Pure."""

from ipaddress import ip_address
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from passlens.analysis.entry import Entry
from passlens.checks.finding import Severity
from passlens.rest_v2.operations import OPERATIONS
from passlens.scenarios.nearest import nearest
from passlens.util.address import plain_address

MAX_WAIT: Final = 300
"""Seconds that an answer may be held."""

MAX_CHARS: Final = 300
"""Characters of a parameter."""

_RANK: Final[dict[Severity, int]] = {"note": 0, "warning": 1, "error": 2}


class Model(BaseModel):
    """A part of a request; unknown members are refused."""

    model_config = ConfigDict(extra="forbid", str_max_length=MAX_CHARS, frozen=True)


class ExchangesQuery(Model):
    """Which entries. Those that are given have to fit, all of them."""

    since: int = Field(0, ge=0, description="Only entries after this number; what `next` gave.")
    operation: str | None = Field(None, description="An operation id.")
    outcome: str | None = Field(None, description="The row of an answer, such as P3.")
    error: str | None = Field(None, description="An error code of the response or of one of its items, or `any`.")
    status: int | None = Field(None, description="The HTTP status.")
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
            help_text = nearest(value, known)
            raise ValueError(f"{value!r} is no operation; {help_text}{'?' if help_text.startswith('did') else ''}")
        return value

    def fits(self, number: int, mark: str | None, address: str | None, entry: Entry) -> bool:
        """Whether an entry is meant; ``address`` is the client's."""
        if number <= self.since or (self.mark is not None and self.mark != mark):
            return False
        plain = (("operation", self.operation), ("outcome", self.outcome), ("status", self.status))
        if any(wanted is not None and entry.get(name) != wanted for name, wanted in plain):
            return False
        return (
            (self.error is None or _has_error(entry, self.error))
            and (self.device is None or is_device(self.device, address, entry))
            and (self.injected is None or _is_injected(entry, self.injected))
            and ((self.result is None and self.resource is None) or self._has_result(entry))
        )

    def _has_result(self, entry: Entry) -> bool:
        if self.result == "none":
            return not entry["results"] and self.resource is None
        for item in entry["results"]:
            resource = item["resource"] if item["kind"] == "decision" else None
            if self.resource is not None and self.resource != resource:
                continue
            if self.result is None or self.result == _kind(item):
                return True
        return False


class FindingsQuery(Model):
    """Which findings."""

    since: int = Field(0, ge=0, description="Only findings of entries after this number; what `next` gave.")
    min: Severity = Field("note", description="The lowest severity.")

    def fits(self, severity: Severity) -> bool:
        """Whether a finding of this severity is meant."""
        return _RANK[severity] >= _RANK[self.min]


def is_device(wanted: str, address: str | None, entry: Entry) -> bool:
    """Whether an entry is of a device, named by key or by client address as scenarios name it."""
    device = entry["device"]
    return plain_address(wanted) == address or (device is not None and device["key"] == wanted)


def check_device(value: str) -> str:
    """A device key or client address as it is; raises ValueError with a clause for anything else, which no exchange
    could ever be of."""
    try:
        ip_address(value.partition("%")[0])
        return plain_address(value)
    except ValueError:
        digits = value.removeprefix("sha256:")
        if digits != value and len(digits) == 32 and all(sign in "0123456789abcdef" for sign in digits):
            return value
    raise ValueError("is neither a client address nor a device key (sha256: and 32 digits, see /api/v1/devices)")


def _kind(item: Any) -> str:
    if item["kind"] == "decision":
        return "permit" if item["authorized"] is True else "deny" if item["authorized"] is False else "decision"
    return str(item["kind"])


def _has_error(entry: Entry, wanted: str) -> bool:
    found = [entry["error"], *(item["error"] for item in entry["results"] if item["kind"] == "decision")]
    return any(found) if wanted == "any" else wanted in found


def _is_injected(entry: Entry, wanted: str) -> bool:
    injected = entry["injected"]
    if wanted in ("true", "false"):
        return (injected is not None) == (wanted == "true")
    return injected is not None and injected["scenario"] == wanted
