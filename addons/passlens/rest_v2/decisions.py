"""Decisions of authorize and preauthorize: which attributes go with a permit and with a denial, and who decided.
The body is one object with one member, a list with one decision for each resource; the HTTP status is 200 for both."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

from pydantic import create_model

from passlens.rest_v2.errors import ErrorBody
from passlens.rest_v2.results import MAX_ITEMS, DecisionResult, text, time
from passlens.rest_v2.wire import Absent, EpochMillisecondsNumber, Flag, NonEmpty, Problem, Text, WireModel, problems

SOURCES: Final = ("mvpd", "degradation", "temppass", "dummy")
MEMBERS: Final = (
    "resource", "serviceProvider", "mvpd", "authorized", "source", "token", "notBefore", "notAfter", "error",
)  # fmt: skip
TYPICAL_RESOURCES: Final = {"authorize": 1, "preauthorize": 5}
"""Resources of one call that are usual; the limits themselves are agreed with each MVPD."""


class Attributes(NamedTuple):
    """Which attributes a decision has, may have, and has in no sample."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    absent: tuple[str, ...]


class DecisionRow(NamedTuple):
    """One kind of decision. ``codes`` are those that samples show, ``other_codes`` those that may stand there too.
    An old row is told by ``codes``, ``member_status`` (the status inside the error) and its attributes; ``statuses``
    are the HTTP statuses that it came with, by operation or for all (``*``)."""

    id: str
    operations: tuple[str, ...]
    authorized: bool
    source: str | None
    attributes: Attributes
    codes: tuple[str, ...] = ()
    other_codes: tuple[str, ...] = ()
    since: str = "doc-2024-08-05"
    until: str | None = None
    basis: Literal["prose", "sample"] = "prose"
    member_status: int | None = None
    statuses: dict[str, int] = {}

    @property
    def old(self) -> bool:
        """True for rows of earlier revisions."""
        return self.until is not None


_FIVE: Final = ("resource", "serviceProvider", "mvpd", "authorized", "source")
_TIMES: Final = ("notBefore", "notAfter")
PERMIT: Final = Attributes((*_FIVE, "token"), _TIMES, ("error",))
DENIAL: Final = Attributes((*_FIVE, "error"), _TIMES, ("token",))
PRE_PERMIT: Final = Attributes(_FIVE, (), ("error", "token", *_TIMES))
PRE_DENIAL: Final = Attributes((*_FIVE, "error"), (), ("token", *_TIMES))
OLD_PRE_DENIAL: Final = Attributes((*_FIVE, "error"), (), ("token",))
OLD_BARE: Final = Attributes(("authorized", "error"), (), ("resource", "serviceProvider", "mvpd", "source", "token"))
OLD_SOURCELESS: Final = Attributes(
    ("resource", "serviceProvider", "mvpd", "authorized", "error"), (), ("source", "token")
)

_AZ: Final = ("authorize",)
_PZ: Final = ("preauthorize",)
_BOTH: Final = (*_AZ, *_PZ)
_AUG: Final = "doc-2024-08-05"
_OCT: Final = "doc-2024-10-15"
_OF_MVPD: Final = (
    "network_received_error", "network_connection_timeout", "maximum_execution_time_exceeded",
    "authenticated_profile_missing", "authenticated_profile_expired", "authenticated_profile_invalidated",
    "too_many_resources",
)  # fmt: skip
_AUTHORIZATION: Final = (
    "authorization_denied_by_parental_controls", "authorization_denied_by_hba_policies",
    "authorization_denied_by_session_invalidated", "identity_not_recognized_by_mvpd",
)  # fmt: skip
_TEMPPASS: Final = (
    "temporary_access_duration_limit_exceeded", "temporary_access_resources_limit_exceeded",
    "invalid_configuration_temporary_access", "invalid_header_identity_for_temporary_access",
)  # fmt: skip
_RULE: Final = ("authorization_denied_by_degradation_rule",)
_CHANGE: Final = ("authorization_denied_by_degradation_configuration_change",)

DECISION_ROWS: Final[tuple[DecisionRow, ...]] = (
    # id, operations, authorized, source, attributes (required, optional, absent), codes, other codes, since, until, basis
    DecisionRow("AD1", _AZ, True, "mvpd", PERMIT),
    DecisionRow("AD2", _AZ, False, "mvpd", DENIAL, ("authorization_denied_by_mvpd",), (*_AUTHORIZATION, *_OF_MVPD)),
    DecisionRow("AD3", _AZ, True, "degradation", PERMIT),
    DecisionRow("AD5", _AZ, False, "degradation", DENIAL, _RULE, (), _OCT, None, "sample"),
    DecisionRow("AD6", _AZ, True, "temppass", PERMIT),
    DecisionRow("AD7", _AZ, False, "temppass", DENIAL, _TEMPPASS, (), _OCT, None, "sample"),
    DecisionRow("AD8", _AZ, True, "dummy", PERMIT),
    DecisionRow("ZD1", _PZ, True, "mvpd", PRE_PERMIT),
    DecisionRow("ZD2", _PZ, False, "mvpd", PRE_DENIAL, ("preauthorization_denied_by_mvpd",), _OF_MVPD, _OCT),
    DecisionRow("ZD3", _PZ, True, "degradation", PRE_PERMIT),
    DecisionRow("ZD4", _PZ, False, "degradation", PRE_DENIAL, _RULE, (), _OCT, None, "sample"),
    DecisionRow("ZD5", _PZ, True, "temppass", PRE_PERMIT),
    DecisionRow("ZD6", _PZ, True, "dummy", PRE_PERMIT),
    # Rows of earlier revisions, and the status inside the error, and the HTTP status.
    DecisionRow("H-D1", _AZ, False, None, OLD_BARE, ("temppass_expired", "temppass_max_resources_exceeded"), (), _AUG, _OCT, "sample", 200, {"*": 400}),
    DecisionRow("H-D2", _BOTH, False, None, OLD_SOURCELESS, _RULE, (), _AUG, _OCT, "sample", 200, {"*": 200}),
    DecisionRow("H-D3", _BOTH, False, None, OLD_BARE, _CHANGE, (), _AUG, _OCT, "sample", 200, {"authorize": 400, "preauthorize": 200}),
    DecisionRow("H-D4", _PZ, False, "mvpd", OLD_PRE_DENIAL, ("preauthorization_denied_by_mvpd",), (), _AUG, _OCT, "sample", 202, {"*": 200}),
    DecisionRow("H-D5", _AZ, False, "mvpd", PRE_DENIAL, ("network_connection_failure",), (), "doc-2024-10-14", "doc-2025-04-03", "sample", 403, {"*": 200}),
)  # fmt: skip
BY_ID: Final[dict[str, DecisionRow]] = {row.id: row for row in DECISION_ROWS}


class Token(WireModel):
    """A media token: for one use, not to be cached, its inside not to be parsed by clients. A secret."""

    notBefore: EpochMillisecondsNumber
    notAfter: EpochMillisecondsNumber
    serializedToken: NonEmpty
    # In samples until doc-2024-10-15 and in no table (E87).
    issuedAt: EpochMillisecondsNumber | None = None


_WIRE: Final[dict[str, Any]] = {
    "resource": Text,
    "serviceProvider": Text,
    "mvpd": Text,
    "authorized": Flag,
    "source": Literal[SOURCES],
    "token": Token,
    "notBefore": EpochMillisecondsNumber,
    "notAfter": EpochMillisecondsNumber,
    "error": ErrorBody,
}


def _model(row: DecisionRow | None) -> type[WireModel]:
    required = row.attributes.required if row else _FIVE
    absent = row.attributes.absent if row else ()
    fields: dict[str, Any] = {}
    for name in MEMBERS:
        if name in absent:
            fields[name] = (Absent, None)
        else:
            fields[name] = (_WIRE[name], ...) if name in required else (_WIRE[name] | None, None)
    until = f" until {row.until}" if row and row.until else ""
    doc = f"Decision row {row.id}, since {row.since}{until}." if row else "A decision that is in no row."
    return create_model(row.id if row else "decision", __base__=WireModel, __doc__=doc, **fields)


DECISION_MODELS: Final = {row.id: _model(row) for row in DECISION_ROWS}
DECISION_MODEL: Final = _model(None)


class Decision(NamedTuple):
    """One entry of the list: its place, its row (None if nothing fits), and the entry itself."""

    place: int
    row: DecisionRow | None
    value: Any

    def member(self, name: str) -> Any:
        """A member of the entry, None where it is missing."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    @property
    def error(self) -> dict[str, Any]:
        """The members of the item's Enhanced Error Code; empty where there is none."""
        found = self.member("error")
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> str | None:
        """The code of the item's error."""
        return text(self.error.get("code"))

    @property
    def is_denial(self) -> bool:
        """True where the answer says so; what is no boolean says nothing."""
        return self.member("authorized") is False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the entry has wrong by the model of its row; pointers start at the entry."""
        model = DECISION_MODEL if self.row is None else DECISION_MODELS[self.row.id]
        return problems(model.model_validate, self.value)

    @property
    def result(self) -> DecisionResult:
        """What it means to the user."""
        authorized, token = self.member("authorized"), self.member("token")
        return {
            "kind": "decision",
            "row": self.row.id if self.row else None,
            "resource": text(self.member("resource")),
            "authorized": authorized if isinstance(authorized, bool) else None,
            "source": text(self.member("source")),
            "error": self.code,
            "token_not_after": time(token.get("notAfter")) if isinstance(token, dict) else None,
        }


def row_of(operation: str, value: Any) -> DecisionRow | None:
    """The row of a decision: an old one if code, inner status and attributes all fit, else by authorized and source."""
    if not isinstance(value, dict) or not isinstance(value.get("authorized"), bool):
        return None
    rows = [row for row in DECISION_ROWS if operation in row.operations and row.authorized is value["authorized"]]
    old = next((row for row in rows if row.old and _fits(row, value)), None)
    if old is not None:
        return old
    source = value.get("source")
    return next((row for row in rows if not row.old and row.source == source), None)


def _fits(row: DecisionRow, value: dict[str, Any]) -> bool:
    error = value.get("error")
    if not isinstance(error, dict) or error.get("code") not in row.codes or error.get("status") != row.member_status:
        return False
    if row.source is not None and value.get("source") != row.source:
        return False
    return all(name in value for name in row.attributes.required) and not any(
        name in value for name in row.attributes.absent
    )


def decisions_of(body: Any) -> list[Any] | None:
    """The list of decisions in a body, None where there is none."""
    found = body.get("decisions") if isinstance(body, dict) else None
    return found if isinstance(found, list) else None


def read_decisions(operation: str, decisions: list[Any]) -> Iterator[Decision]:
    """The entries of a list of decisions, in order, at most MAX_ITEMS."""
    for place, value in enumerate(islice(decisions, MAX_ITEMS)):
        yield Decision(place, row_of(operation, value), value)


def resources_of(request_body: Any) -> tuple[str, ...]:
    """The resources that a request asks for, at most MAX_ITEMS; empty where the body is not as documented."""
    found = request_body.get("resources") if isinstance(request_body, dict) else None
    return tuple(one for one in found[:MAX_ITEMS] if isinstance(one, str)) if isinstance(found, list) else ()


class ResourceDifference(NamedTuple):
    """Resources that were asked for and not answered, answered and not asked for; whether only their order differs."""

    missing: tuple[str, ...]
    unasked: tuple[str, ...]
    reordered: bool


def compare_resources(asked: tuple[str, ...], answered: tuple[str, ...]) -> ResourceDifference:
    """Compare resources without the white space around them (E86); repeats count once."""
    want = tuple(dict.fromkeys(one.strip() for one in asked))
    have = tuple(dict.fromkeys(one.strip() for one in answered))
    wanted, had = set(want), set(have)
    missing = tuple(one for one in want if one not in had)
    unasked = tuple(one for one in have if one not in wanted)
    return ResourceDifference(missing, unasked, not missing and not unasked and want != have)
