"""What the server says of a response in its own words."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import decisions_of
from passlens.rest_v2.results import MAX_ITEMS

_MESSAGES: Final = 5
"""Messages of the server that are told of one response; denials mostly share one."""


def server_words(ex: Decoded) -> str | None:
    """What the server itself says of an error or of denials, as sentences; None where it says nothing."""
    told = list(islice(_told(ex), _MESSAGES))
    return " ".join(f'The server says{of}: "{words}".' for words, of in told) if told else None


def _told(ex: Decoded) -> Iterator[tuple[str, str]]:
    """Messages, each once, and what they are about in words."""
    error = ex.error
    if error is not None and (words := _message(error.members)) is not None:
        yield words, ""
    value = ex.response.json.value if ex.response is not None and ex.response.json is not None else None
    seen: set[str] = set()
    for item in islice(decisions_of(value) or (), MAX_ITEMS):
        members = item.get("error") if isinstance(item, dict) else None
        words = _message(members)
        if words is not None and words not in seen:
            seen.add(words)
            resource = item.get("resource")
            yield words, f" of {resource[:60]}" if isinstance(resource, str) and resource else ""


def _message(members: Any) -> str | None:
    """The message of an error body, of registration errors the description; without the full stop at its end."""
    if not isinstance(members, dict):
        return None
    for name in ("message", "error_description"):
        words = members.get(name)
        if isinstance(words, str) and words.strip():
            return words.strip().rstrip(".")
    return None
