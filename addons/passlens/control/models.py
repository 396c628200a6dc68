"""What the calls of the control API take and give, typed; ``/openapi.json`` is generated from these."""

from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from passlens.analysis.entry import Entry, Expectation, FindingEntry, Journey, Summary
from passlens.control.query import Model
from passlens.sandbox.session_actions import SessionAction


class ScenarioBody(Model):
    """A scenario by its name, or the rules themselves as a rule file has them."""

    name: str | None = Field(None, min_length=1, description="The name of a scenario.")
    rules: list[dict[str, Any]] | None = Field(None, description="The rules of an inline scenario.")
    device: str | None = Field(None, description="For this device only: a device key or client address.")


class ScenarioQuery(Model):
    """Whose scenario."""

    device: str | None = Field(None, description="A device key or client address; left out: the one for all devices.")


class SessionBody(Model):
    """What to do to a virtual session."""

    action: SessionAction


class MarkBody(Model):
    """A mark."""

    name: str = Field(min_length=1, max_length=300)


class RecordingQuery(Model):
    """The format of a recording."""

    format: Literal["har", "mitm", "html"] = "har"


class ExchangeEntry(Entry):
    """An entry with its number, and the mark that stood when it came."""

    number: int
    mark: str | None


class Kept(TypedDict):
    """What is remembered: entries, those dropped to stay within bounds, and the number of the last one."""

    entries: int
    dropped: int
    last: int


class ActiveScenario(TypedDict):
    """A scenario that runs; ``device`` None: for all."""

    name: str
    device: str | None


class LinkCounts(TypedDict):
    """How many devices have come how far."""

    seen: int
    refuses: int
    trusts: int
    api: int


class StatusReport(TypedDict):
    """What runs, and what it has seen."""

    version: str
    mitmproxy: str
    port: int | None
    addresses: list[str]
    hosts: list[str]
    passed: list[str]
    scenario: str | None
    scenarios: list[ActiveScenario]
    sandbox: bool
    reveal: bool
    mark: str | None
    counts: Summary
    kept: Kept
    links: LinkCounts


class BriefExchange(TypedDict):
    """An exchange in short: that of a finding, or the last one of a device."""

    number: int
    operation: str
    started: str | None
    outcome: str | None
    error: str | None


class DeviceMember(TypedDict):
    """A device: its client address (a pseudonym outside of private networks), and how far it has come."""

    address: str
    link: Literal["seen", "refuses", "trusts", "api"]
    keys: list[str]
    exchanges: int
    last: BriefExchange | None
    refused: str | None
    alert: str | None
    first_seen: str
    last_seen: str
    passed: list[str]


class FindingMember(FindingEntry):
    """A finding with its exchange."""

    mark: str | None
    exchange: BriefExchange


class ScenarioMember(TypedDict):
    """A scenario that can be run; ``should`` is what the app should do then, ``problem`` why it cannot be run."""

    name: str
    description: str
    should: str | None
    problem: str | None


class RuleMember(TypedDict):
    """A rule of a scenario that runs, and how often it took an exchange."""

    scenario: str
    device: str | None
    rule: str
    hits: int


class NearestMiss(TypedDict):
    """Why no rule took the last exchange that none took."""

    scenario: str
    operation: str
    explanation: str


class SessionMember(TypedDict):
    """A virtual session."""

    code: str | None
    service_provider: str
    mvpd: str | None
    state: Literal["open", "authenticated", "denied"]
    not_after: str


class ExchangeList(TypedDict):
    exchanges: list[ExchangeEntry]
    next: int


class DeviceList(TypedDict):
    devices: list[DeviceMember]


class FindingList(TypedDict):
    findings: list[FindingMember]
    next: int


class JourneyList(TypedDict):
    journeys: list[Journey]


class ExpectationList(TypedDict):
    expectations: list[Expectation]


class ScenarioList(TypedDict):
    scenarios: list[ScenarioMember]


class RunningScenarios(TypedDict):
    """The scenario for all or for the device that was asked about, and those of all devices."""

    name: str | None
    device: str | None
    scenarios: list[ActiveScenario]


class RuleList(TypedDict):
    rules: list[RuleMember]
    nearest_miss: NearestMiss | None


class SessionList(TypedDict):
    sessions: list[SessionMember]


class Marked(TypedDict):
    """The mark that stands, and the number after which its entries come."""

    mark: str
    next: int


class Reset(TypedDict):
    """The number after which new entries come."""

    next: int
