"""The items of a response as sequence checks see them: short, bounded, and of the form that they should have."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from passlens.rest_v2.decisions import decisions_of
from passlens.rest_v2.logouts import logouts_of
from passlens.rest_v2.profiles import profiles_of
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import epoch_seconds

MAX_RESOURCES: Final = 200
"""Resources, decisions and other items of one exchange that are looked at; documented ones have a few."""


class StepDecision(NamedTuple):
    """One item of a decisions response."""

    resource: str
    authorized: bool
    code: str | None
    action: str | None
    source: str | None = None


class StepProfile(NamedTuple):
    """One profile: its type, and until when it holds (seconds, None where unknown)."""

    type: str | None
    not_after: float | None


def profiles_in(body: dict[str, Any]) -> dict[str, StepProfile] | None:
    """The profiles of a response, by MVPD; None where it has no such map."""
    found = profiles_of(body) if body else None
    if found is None:
        return None
    return {
        mvpd: StepProfile(text(value.get("type")), epoch_seconds(value.get("notAfter")))
        for mvpd, value in _objects(found)
    }


def decisions_in(body: dict[str, Any]) -> tuple[StepDecision, ...]:
    """The items of a decisions response."""
    items = decisions_of(body) if body else None
    return tuple(_decision(item) for item in (items or [])[:MAX_RESOURCES] if isinstance(item, dict))


def logouts_in(body: dict[str, Any]) -> dict[str, str]:
    """actionName of each entry of a logout response, by MVPD."""
    found = logouts_of(body) if body else None
    entries = ((mvpd, text(one.get("actionName"))) for mvpd, one in _objects(found or {}))
    return {mvpd: action for mvpd, action in entries if action is not None}


def _objects(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a map that are objects, with their keys made short."""
    for key, value in list(found.items())[:MAX_RESOURCES]:
        if isinstance(value, dict):
            yield key[:200], value


def _decision(item: dict[str, Any]) -> StepDecision:
    error = item.get("error")
    error = error if isinstance(error, dict) else {}
    resource = item.get("resource")
    return StepDecision(
        str(resource)[:200] if isinstance(resource, str) else "",
        item.get("authorized") is True,
        text(error.get("code")),
        text(error.get("action")),
        text(item.get("source")),
    )
