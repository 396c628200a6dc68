"""Made-up answers of the operations beside the sessions, for tests of how they are read."""

from typing import Any

START, END = 1767323044750, 1767324844750
"""2026-01-02T03:04:04.750Z and half an hour later, as profiles and decisions write them."""

USER = {"value": "u-1", "state": "plain"}


def profile(kind: str = "regular", issuer: str = "HarbourCable", **changes: Any) -> dict[str, Any]:
    made = {"notBefore": START, "notAfter": END, "issuer": issuer, "type": kind, "attributes": {"userID": USER}}
    return without_none(made | changes)


def metadata(**values: Any) -> dict[str, Any]:
    """Attributes of a profile: a value by key, readable."""
    return {name: {"value": value, "state": "plain"} for name, value in values.items()}


def decision(authorized: bool = True, source: str | None = "mvpd", **changes: Any) -> dict[str, Any]:
    made = {
        "resource": "news",
        "serviceProvider": "REF30",
        "mvpd": "HarbourCable",
        "source": source,
        "authorized": authorized,
    }
    return without_none(made | changes)


def token(**changes: Any) -> dict[str, Any]:
    return {"notBefore": START, "notAfter": END, "serializedToken": "bWFkZSB1cA=="} | changes


def error(code: str, status: int = 403, action: str = "none") -> dict[str, Any]:
    return {"action": action, "status": status, "code": code, "message": "made up"}


def without_none(value: dict[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if inner is not None}
