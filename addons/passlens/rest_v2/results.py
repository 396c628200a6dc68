"""What an answer means to the user of the app, item by item: the members of ``results`` of an entry, without secrets.
Texts come from the wire and are cut; times are read from epoch milliseconds and written in UTC."""

from typing import Any, Final, Literal

from typing_extensions import TypedDict

from passlens.rest_v2.wire import moment

MAX_ITEMS: Final = 500
"""Profiles, decisions and logouts of one answer that are looked into; documented answers have a few."""

MAX_MVPDS: Final = 2000
"""MVPDs of one configuration that are looked into; large ones have some hundred."""

MAX_CHARS: Final = 500
"""Characters of a text in a result; ids have some ten, a resource can be a document of some hundred."""


class ProfileResult(TypedDict):
    """A profile: who is signed in, how, and until when."""

    kind: Literal["profile"]
    row: str | None
    mvpd: str
    type: str | None
    issuer: str | None
    not_after: str | None


class DecisionResult(TypedDict):
    """A permit or a denial of one resource. ``error`` is the code of a denial, ``token_not_after`` the end of the media
    token."""

    kind: Literal["decision"]
    row: str | None
    resource: str | None
    authorized: bool | None
    source: str | None
    error: str | None
    token_not_after: str | None


class LogoutResult(TypedDict):
    """What is left to do for one deleted profile."""

    kind: Literal["logout"]
    row: str | None
    mvpd: str
    action: str | None


class ConfigurationResult(TypedDict):
    """How many MVPDs the user can choose from."""

    kind: Literal["configuration"]
    mvpds: int


class ClientResult(TypedDict):
    """A registered client; its credentials are secrets."""

    kind: Literal["client"]


class TokenResult(TypedDict):
    """An access token, by its end."""

    kind: Literal["token"]
    not_after: str | None


class NavigationResult(TypedDict):
    """Where the user agent goes: towards the provider's page, back to the app, or a page that goes on by itself."""

    kind: Literal["navigation"]
    to: Literal["provider", "redirect_url", "page"]


ItemResult = (
    ProfileResult | DecisionResult | LogoutResult | ConfigurationResult | ClientResult | TokenResult | NavigationResult
)


def text(value: Any) -> str | None:
    """A string of an answer, cut at MAX_CHARS; None for anything else."""
    if not isinstance(value, str):
        return None
    return value if len(value) <= MAX_CHARS else f"{value[: MAX_CHARS - 1]}…"


def time(value: Any) -> str | None:
    """An integer of an answer as a moment in UTC: 13 digits are milliseconds, 10 are seconds (samples until
    doc-2025-07-10); None for anything else, strings included."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    if 10**12 <= value < 10**13:
        return moment(value / 1000)
    return moment(value) if 10**9 <= value < 10**10 else None
