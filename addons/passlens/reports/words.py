"""Small pieces of text that several outputs share: safe characters, colours, times and partner status in words."""

import re
from datetime import datetime
from typing import Any, Final

from passlens.spec.partner_status import OLD_MEMBERS
from passlens.verdict import Entry

COLOURS: Final = {"error": "31", "warning": "33", "note": "36", "bold": "1", "dim": "2", "good": "32"}

# Controls, line ends, lone surrogates, and all signs that turn the direction of text, join it or hide in it (Unicode's
# categories Cc, Cf, Cs, Zl and Zp; blank letters; tags and variation selectors that nobody sees).
_UNSAFE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def safe(text: str) -> str:
    r"""Text from traffic for a terminal: what could move the cursor or reorder a line is shown as an escape.

    >>> safe("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def paint(text: str, colour: str, on: bool) -> str:
    """Wrap text in a terminal colour if colours are on."""
    return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if on else text


def plural(count: int, noun: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(seconds: float) -> str:
    """A length of time in its two largest units: ``2 hours 5 minutes``."""
    left = int(abs(seconds))
    parts: list[str] = []
    for noun, size in (("year", 31_536_000), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(plural(count, noun))
    return " ".join(parts[:2]) or "0 seconds"


def moment(started: str | None) -> datetime | None:
    """The time of an entry, from its ISO form."""
    return datetime.fromisoformat(started.replace("Z", "+00:00")) if started else None


def device(entry: Entry) -> str | None:
    """The device in one line: type, model, operating system, connection, and the identifier's pseudonym."""
    found = entry["device"]
    if found is None:
        return None
    info: dict[str, Any] = found["info"] or {}
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
    at = moment(started)
    digits = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return None if value is None else f"expiry {value}"
    if at is None:
        return f"expiry {digits}"
    left = int(digits) / 1000 - at.timestamp()
    return f"expires in {span(left)}" if left >= 0 else f"expired {span(left)} ago"
