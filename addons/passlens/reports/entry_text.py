"""What several reports say of an entry in the same words: results, what was injected, device and partner status."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from passlens.analysis.entry import DeviceEntry, Entry
from passlens.rest_v2.partner_status import OLD_MEMBERS
from passlens.rest_v2.results import DecisionResult, ItemResult, ProfileResult
from passlens.util.text import parse_time, plural, span

MAX_RESULTS: Final = 10
"""Results of one exchange that are named; more are counted."""

_NO_RESULTS: Final = {
    "PA-0": "no profile",
    "PP-0": "no profile of the partner",
    "DA-0": "no decision",
    "DA-1": "no decision",
    "LA-1": "nothing to log out",
}
"""Outcomes whose response holds no item, in words."""

_TO: Final = {
    "provider": "to the provider's page",
    "redirect_url": "back to the app's redirectUrl",
    "page": "a page that goes on by itself",
}


def clock(started: str | None, *, live: bool = False) -> str:
    """The time of day of an entry: in UTC, as recordings have it, or for ``live`` traffic local, with the zone."""
    at = parse_time(started)
    if at is None or not live:
        return (started or "").partition("T")[2] or "--:--:--"
    return at.astimezone().isoformat(timespec="milliseconds").partition("T")[2].replace("+00:00", "Z")


def clock_at(seconds: float, *, live: bool = False) -> str:
    """The same of seconds since the epoch.

    >>> clock_at(0.5)
    '00:00:00.500Z'
    """
    at = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return clock(at.replace("+00:00", "Z"), live=live)


def result_lines(entry: Entry, *, live: bool = False) -> list[str]:
    """What came of an exchange, a short line for each result; beyond ``MAX_RESULTS`` they are counted.

    Times are in UTC, as recordings have them, or for ``live`` traffic local.
    """
    results = entry["results"]
    if not results:
        words = _NO_RESULTS.get(entry["outcome"] or "")
        polled = entry["outcome"] == "PA-0" and entry["operation"] == "retrieve-profile-code"
        return [f"{words} yet" if polled else words] if words else []
    lines = [result_text(result, entry["started"], live=live) for result in results[:MAX_RESULTS]]
    more, unread = results[MAX_RESULTS:], entry.get("more_results", 0)
    if more or unread:
        lines.append(_counted(more, unread))
    return lines


def _counted(results: list[ItemResult], unread: int) -> str:
    """Results that are only counted, and those that were not looked into: ``and 490 more: 3 permits, 487 denials``."""
    words = f"and {len(results)} more: {_kinds(results)}" if results else ""
    if unread:
        words += f"{', ' if words else 'and '}{unread} that {'was' if unread == 1 else 'were'} not looked into"
    return words


def _kinds(results: list[ItemResult]) -> str:
    return ", ".join(plural(count, noun) for noun, count in Counter(map(_noun, results)).items())


def _noun(result: ItemResult) -> str:
    if result["kind"] != "decision":
        return result["kind"]
    return "decision" if result["authorized"] is None else "permit" if result["authorized"] else "denial"


def is_denied(entry: Entry) -> bool:
    """True if a decision of the response is a denial."""
    return any(result["kind"] == "decision" and result["authorized"] is False for result in entry["results"])


def result_text(result: ItemResult, started: str | None = None, *, live: bool = False) -> str:
    """One result in a short line: ``profile Cox regular until 14:20``, ``deny news: authorization_denied_by_mvpd``."""
    if result["kind"] == "profile":
        return _profile(result, started, live)
    if result["kind"] == "decision":
        return _decision(result, started)
    if result["kind"] == "logout":
        return f"logout {result['mvpd']}: {result['action'] or 'no action'}"
    if result["kind"] == "configuration":
        return f"configuration {plural(result['mvpds'], 'provider')}"
    if result["kind"] == "token":
        return " ".join(filter(None, ("token", _until(result["not_after"], started, live))))
    return "client registered" if result["kind"] == "client" else _TO[result["to"]]


def _profile(result: ProfileResult, started: str | None, live: bool) -> str:
    by = result["issuer"] if result["issuer"] not in (None, result["mvpd"]) else None
    words = ("profile", result["mvpd"], result["type"], f"by {by}" if by else None)
    return " ".join(filter(None, (*words, _until(result["not_after"], started, live))))


def _decision(result: DecisionResult, started: str | None) -> str:
    resource = result["resource"] or "without a resource"
    if result["authorized"] is False:
        return f"deny {resource}: {result['error'] or 'no reason'}"
    if result["authorized"] is None:
        return f"no decision for {resource}"
    by = f" ({result['source']})" if result["source"] not in (None, "mvpd") else ""
    left = _left(result["token_not_after"], started)
    return f"permit {resource}{by}" + (f" (token {left})" if left else "")


def _until(end: str | None, started: str | None, live: bool) -> str | None:
    """``until 14:20``, ``until tomorrow 14:20``, ``until 2026-03-01 14:20``; ``over since`` for what has ended."""
    at, now = parse_time(end), parse_time(started)
    if at is None:
        return None
    if live:
        at, now = at.astimezone(), now.astimezone() if now is not None else None
    return f"{'over since' if now is not None and at < now else 'until'} {_day(at, now)}{at:%H:%M}"


def _day(at: datetime, now: datetime | None) -> str:
    if now is not None and at.date() == now.date():
        return ""
    return "tomorrow " if now is not None and at.date() == now.date() + timedelta(days=1) else f"{at:%Y-%m-%d} "


def _left(end: str | None, started: str | None) -> str | None:
    """How long something is good for, to the minute: ``7 minutes``."""
    at, now = parse_time(end), parse_time(started)
    if at is None or now is None:
        return None
    seconds = round((at - now).total_seconds())
    if seconds <= 0:
        return "over"
    return span(seconds if seconds < 120 else round(seconds / 60) * 60)


def injected_text(entry: Entry) -> str | None:
    """Which scenario and rule did what to the exchange."""
    by = entry["injected"]
    if by is None:
        return None
    name = "/".join(filter(None, (by["scenario"], by["rule"]))) or "unknown scenario"
    return f"{name}  ({by['how']})" if by["how"] else name


def device(found: DeviceEntry | None) -> str | None:
    """The device in one line: type, model, operating system, connection, and the identifier's pseudonym."""
    if found is None:
        return None
    info = found["info"] or {}
    system = " ".join(str(info[key]) for key in ("osName", "osVersion") if info.get(key))
    kind = info.get("primaryHardwareType") or info.get("type")
    parts = [str(part) for part in (kind, info.get("model"), system, info.get("connectionType")) if part]
    words = ", ".join(parts) or ("X-Device-Info not readable" if found["info"] is not None else "no X-Device-Info")
    return f"{words}  {found['identifier']}" if found["identifier"] else words


def partner_status(entry: Entry) -> str | None:
    """The partner status in one line: access, provider, expiry relative to the exchange."""
    status = entry["partner_framework_status"]
    if status is None:
        return None
    permission, provider = status.get("frameworkPermissionInfo"), status.get("frameworkProviderInfo")
    if not isinstance(permission, dict) and not isinstance(provider, dict):
        if any(name in status for name in OLD_MEMBERS):
            return f"structure of 2024 ({', '.join(status)})"
        names = [f"{key} {value}" for key, value in status.items() if value != "…" and isinstance(value, (str, int))]
        return f"not readable ({', '.join(names)})" if names else "not readable"
    permission = permission if isinstance(permission, dict) else {}
    provider = provider if isinstance(provider, dict) else {}
    access = f"access {permission.get('accessStatus', 'not stated')}"
    name = f"provider {provider['id']}" if provider.get("id") else "no provider"
    return ", ".join(part for part in (access, name, _expiry(provider.get("expirationDate"), entry["started"])) if part)


def _expiry(value: Any, started: str | None) -> str | None:
    at = parse_time(started)
    digits = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return None if value is None else f"expiry {value}"
    if at is None:
        return f"expiry {digits}"
    left = int(digits) / 1000 - at.timestamp()
    return f"expires in {span(left)}" if left >= 0 else f"expired {span(left)} ago"


def flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of a decoded header with their paths, in order.

    >>> list(flat({"a": {"b": 1}, "c": [True]}))
    [('a/b', '1'), ('c/0', 'true')]
    """
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if members is None:
        yield name, str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
    elif not value:
        yield name or "(whole)", "empty"
    else:
        for key, inner in members:
            yield from flat(inner, f"{name}/{key}" if name else str(key))
