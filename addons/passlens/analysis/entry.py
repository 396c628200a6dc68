"""The machine-readable form, typed: entries, the document around them, and the lines of logs and of jsonl.
The JSON Schemas that ``passlens schema`` prints are generated from these types."""

from functools import cache
from typing import Annotated, Any, Final, Literal, NotRequired, cast

from pydantic import TypeAdapter, WithJsonSchema
from typing_extensions import TypedDict

from passlens import __version__
from passlens.checks.checklist import Level
from passlens.checks.finding import Basis, Severity, Side
from passlens.rest_v2.results import ItemResult

SCHEMA: Final = 2
"""Version of the machine-readable form; raised when a member changes its meaning or goes."""


class Tool(TypedDict):
    """Who wrote it."""

    name: Literal["passlens"]
    version: str


TOOL: Final[Tool] = {"name": "passlens", "version": __version__}

SchemaVersion = Annotated[int, WithJsonSchema({"const": SCHEMA})]
JsonObject = dict[str, Any]
"""A decoded header: whatever the client put into it, redacted."""


class ActionEntry(TypedDict):
    """What the response tells the app to do: actionName, actionType and reasonType."""

    name: str | None
    type: str | None
    reason: str | None


class DeviceEntry(TypedDict):
    """The device: X-Device-Info decoded, the pseudonym of AP-Device-Identifier, and the key that groups exchanges."""

    info: JsonObject | None
    identifier: str | None
    key: str | None


class Injected(TypedDict):
    """What passlens did to the exchange."""

    scenario: str
    rule: str
    how: str


class FindingEntry(TypedDict):
    """One finding. ``related`` holds the indexes of other exchanges that it is about."""

    code: str
    name: str
    severity: Severity
    side: Side
    at: str
    message: str
    expected: str
    actual: str
    basis: Basis
    source: str
    related: list[int]


class DryRunEntry(TypedDict):
    """What a scenario would have done to the exchange; ``rule`` and ``action`` are None where it left it alone."""

    scenario: str
    rule: str | None
    action: str | None
    explanation: str


class Entry(TypedDict):
    """What passlens says of an exchange, redacted, in plain JSON types.

    Times are ISO 8601 in UTC; ``index`` is the position in the file, other flows counted. ``more_results`` counts
    items of the response that were not looked into, and is only there where some were left out; ``dry_run`` only where
    a scenario was named.
    """

    index: int
    file: str | None
    started: str | None
    duration_ms: float | None
    operation: str
    method: str | None
    host: str | None
    path: str | None
    service_provider: str | None
    partner: str | None
    code: str | None
    mvpd: str | None
    status: int | None
    outcome: str | None
    error: str | None
    action: ActionEntry | None
    results: list[ItemResult]
    more_results: NotRequired[int]
    device: DeviceEntry | None
    partner_framework_status: JsonObject | None
    injected: Injected | None
    diagnosis: str | None
    next: list[str]
    findings: list[FindingEntry]
    dry_run: NotRequired[DryRunEntry]


class EntryWithMessages(Entry):
    """An entry with the headers and bodies that only the HTML report shows; they are no part of the written form."""

    messages: JsonObject


def with_messages(entry: Entry, messages: JsonObject) -> EntryWithMessages:
    """An entry with its messages, for the HTML report."""
    return cast(EntryWithMessages, {**entry, "messages": messages})


def without_messages(entry: Entry) -> tuple[Entry, JsonObject | None]:
    """An entry and its messages, each by itself; None where it has none."""
    if "messages" not in entry:
        return entry, None
    bare = {name: value for name, value in entry.items() if name != "messages"}
    return cast(Entry, bare), cast(EntryWithMessages, entry)["messages"]


JourneyVerdict = Literal[
    "signed-in", "authorized", "denied", "waiting", "fell-back", "abandoned", "expired", "failed", "logged-out"
]


class Journey(TypedDict):
    """The exchanges of one device towards one sign-in or playback."""

    id: int
    file: str | None
    device: str | None
    service_provider: str | None
    codes: list[str]
    started: str | None
    ended: str | None
    steps: list[int]
    verdict: JourneyVerdict
    why: str
    findings: list[FindingEntry]


class Expectation(TypedDict):
    """Whether the app did what a scenario expects of it; ``at`` is the index of the exchange that shows it, ``acted``
    of the one that the scenario acted on, ``say`` what the app should do. ``rule`` is None where none acted and any
    could; ``file`` and ``device`` are those of the exchange acted on."""

    scenario: str
    rule: str | None
    name: str
    verdict: Literal["met", "not-met", "not-exercised", "open"]
    at: int | None
    why: str
    say: str
    acted: int | None
    file: str | None
    device: str | None


class CheckConfiguration(TypedDict):
    """What decides over the findings that count, wherever it came from."""

    file: str | None
    select: list[str]
    ignore: list[str]
    fail_on: str
    filter: str | None
    baseline: str | None


class Summary(TypedDict):
    """Counts of a run. ``permits`` and ``denials`` count decisions, ``undated`` exchanges without a time; ``partial``
    is true where the check was stopped before the end of its input."""

    exchanges: int
    other_flows: int
    v1_calls: int
    unreadable: int
    errors: int
    warnings: int
    notes: int
    permits: int
    denials: int
    undated: int
    partial: bool


class Unreadable(TypedDict):
    """A part of the input that could not be read."""

    file: str
    index: int | None
    message: str


class Gone(TypedDict):
    """A finding of the baseline that came less often than it says."""

    operation: str
    code: str
    at: str
    expected: str
    actual: str
    was: int
    now: int


class BaselineSummary(TypedDict):
    """A run held against a baseline; ``gone`` is None where not all input was read."""

    file: str
    known: int
    new: int
    gone: list[Gone] | None


class DryRunSummary(TypedDict):
    """How often each rule of a scenario would have acted."""

    scenario: str
    matched: dict[str, int]
    never_matched: list[str]


ChecklistVerdict = Literal["met", "not-met", "open", "not-seen", "not-visible"]


class ChecklistLine(TypedDict):
    """What can be said of one line. ``at`` is the first exchange that speaks against it, ``file`` its file, ``do`` what
    to do in the app to see more."""

    id: str
    title: str
    level: Level
    app: str
    verdict: ChecklistVerdict
    why: str
    codes: list[str]
    file: str | None
    at: int | None
    do: str


class Document(TypedDict):
    schema: SchemaVersion
    tool: Tool
    configuration: CheckConfiguration
    summary: Summary
    exchanges: list[Entry]
    journeys: list[Journey]
    expectations: list[Expectation]
    unreadable: list[Unreadable]
    baseline: BaselineSummary | None
    dry_run: DryRunSummary | None
    checklist: NotRequired[list[ChecklistLine]]


"""What ``passlens check --format json`` prints. Members may come in any order."""

SCHEMAS: Final[dict[str, Any]] = {
    "entry": Entry,
    "document": Document,
    "journey": Journey,
    "expectation": Expectation,
}
"""What ``passlens schema`` prints beside the models of the API, by name. A line of a log or of jsonl is an entry, with
``schema`` and ``kind`` in front."""


@cache
def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one of ``SCHEMAS``. It is open: a later version may add members."""
    found = TypeAdapter(SCHEMAS[name]).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
