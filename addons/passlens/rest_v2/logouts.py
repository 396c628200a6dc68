"""The answer of logout: one entry for each deleted profile, and what is left to do for it.
The body is one object with one member, a map from mvpd id to entry."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

from pydantic import create_model

from passlens.rest_v2.results import MAX_ITEMS, LogoutResult, text
from passlens.rest_v2.wire import Absent, NonEmpty, Problem, Text, WireModel, problems

ACTION_NAMES: Final = ("logout", "partner_logout", "complete", "invalid")
ACTION_TYPES: Final = ("interactive", "partner_interactive", "none")

URL_PATH: Final = "/adobe-services/logout"
"""Where the user agent signs out of the MVPD (samples 1, 3 and 4)."""


class LogoutRow(NamedTuple):
    """One kind of entry: its pair of action and type, and whether a url is there for a user agent to open."""

    id: str
    action: str
    type: str
    url: bool
    since: str

    @property
    def required(self) -> tuple[str, ...]:
        """Attributes that are there."""
        return ("actionName", "actionType", "mvpd", "url") if self.url else ("actionName", "actionType", "mvpd")


LOGOUT_ROWS: Final[tuple[LogoutRow, ...]] = (
    LogoutRow("L1", "logout", "interactive", True, "doc-2024-08-05"),
    LogoutRow("L2", "partner_logout", "partner_interactive", False, "doc-2024-11-22"),
    LogoutRow("L3", "complete", "none", False, "doc-2024-08-05"),
    LogoutRow("L4", "invalid", "none", False, "doc-2024-08-05"),
)  # fmt: skip
BY_ID: Final[dict[str, LogoutRow]] = {row.id: row for row in LOGOUT_ROWS}


def _model(row: LogoutRow | None) -> type[WireModel]:
    fields: dict[str, Any] = {
        "actionName": (Literal[row.action] if row else Literal[ACTION_NAMES], ...),
        "actionType": (Literal[row.type] if row else Literal[ACTION_TYPES], ...),
        "mvpd": (NonEmpty, ...),
        "url": (Text | None, None) if row is None else (NonEmpty, ...) if row.url else (Absent, None),
    }
    doc = f"Logout row {row.id}, since {row.since}." if row else "An entry whose pair is in no row."
    return create_model(row.id if row else "logout", __base__=WireModel, __doc__=doc, **fields)


LOGOUT_MODELS: Final = {row.id: _model(row) for row in LOGOUT_ROWS}
LOGOUT_MODEL: Final = _model(None)


class Logout(NamedTuple):
    """One entry of the map: its key, its row (None for an unknown pair), and the entry itself."""

    key: str
    row: LogoutRow | None
    value: Any

    def member(self, name: str) -> Any:
        """A member of the entry, None where it is missing."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the entry has wrong by the model of its row; pointers start at the entry."""
        model = LOGOUT_MODEL if self.row is None else LOGOUT_MODELS[self.row.id]
        return problems(model.model_validate, self.value)

    @property
    def result(self) -> LogoutResult:
        """What is left to do."""
        return {
            "kind": "logout",
            "row": self.row.id if self.row else None,
            "mvpd": text(self.key) or "",
            "action": text(self.member("actionName")),
        }


def row_of(value: Any) -> LogoutRow | None:
    """The row of an entry, by its pair of action and type."""
    if not isinstance(value, dict):
        return None
    pair = (value.get("actionName"), value.get("actionType"))
    return next((row for row in LOGOUT_ROWS if (row.action, row.type) == pair), None)


def logouts_of(body: Any) -> dict[str, Any] | None:
    """The map of logouts in a body, None where there is none."""
    found = body.get("logouts") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else None


def read_logouts(logouts: dict[str, Any]) -> Iterator[Logout]:
    """The entries of a map of logouts, in order, at most MAX_ITEMS."""
    for key, value in islice(logouts.items(), MAX_ITEMS):
        yield Logout(key, row_of(value), value)
