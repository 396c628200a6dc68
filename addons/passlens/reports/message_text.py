"""One exchange for a screen that shows it alone: the block of the text report, then headers and bodies, decoded and
redacted, with the times in them told as times."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from passlens.analysis.entry import Entry
from passlens.reports.entry_text import flat
from passlens.reports.text import block
from passlens.util.text import escape_controls, plural

TIMES: Final = frozenset(
    {
        *("notBefore", "notAfter", "issuedAt", "expirationDate", "expiration_date"),
        *("exp", "iat", "nbf", "auth_time", "created_at", "client_id_issued_at"),
    }
)
"""Members of bodies, decoded headers and tokens that hold a time since 1970, in seconds or milliseconds."""

_MILLISECONDS: Final = 10**11
"""From here on a time is in milliseconds: as seconds it would be after the year 5000."""

WIDTH: Final = 79
"""Columns that the block is folded to: the narrowest usual screen, and good for wider ones. Headers and
bodies are left whole, to be copied."""

_MEMBER: Final = re.compile(r'^\s*"(\w{1,40})": "?(\d{1,16})"?,?$')
"""A line of an indented JSON text with a member that is a whole number."""


def lines(entry: Entry, messages: dict[str, Any], *, live: bool = False) -> list[str]:
    """An exchange in lines: outcome, results and findings, then both messages (of ``analysis.messages``).

    Times are in UTC, as recordings have them, or for ``live`` traffic local; control characters are escaped.
    """
    return [*block(entry, width=WIDTH, live=live).split("\n"), "", *message_lines(messages, live=live)]


def message_lines(messages: dict[str, Any], *, live: bool = False) -> list[str]:
    """The request and the response in lines."""
    if "fault" in messages:
        return [escape_controls(f"headers and bodies cannot be shown ({messages['fault']}), a fault of passlens")]
    made = _message("request", messages["request"], live)
    if messages["response"] is not None:
        made += _message("response", messages["response"], live)
    elif messages["failure"]:
        made.append(f"no response: {messages['failure']}")
    return [escape_controls(line) for line in made]


def request_lines(messages: dict[str, Any], *, live: bool = False) -> list[str]:
    """The request in lines."""
    return message_lines({**messages, "response": None, "failure": None}, live=live)


def _message(title: str, message: dict[str, Any], live: bool) -> list[str]:
    made = [f"{title} headers"]
    for name, value, decoded in message["headers"]:
        made.append(f"  {name}: {value}")
        if decoded:
            made += [f"      {path}: {_timed(path.rpartition('/')[2], leaf, live)}" for path, leaf in flat(decoded)]
    if message["more_headers"]:
        made.append(f"  and {plural(message['more_headers'], 'more header')}")
    body = [f"  {line}" for line in _body(message["body"], live)]
    return [*made, f"{title} body", *body]


def _body(body: dict[str, Any], live: bool) -> list[str]:
    if body["kind"] == "none":
        return ["empty" if body["why"] == "empty" else f"not shown: {body['why']}"]
    if body["kind"] == "form":
        made = [f"{name}: {value}" for name, value in body["rows"]]
        return made + _more(body["more"], "parameter")
    problem = [f"no valid JSON ({body['problem']}); what could be salvaged:"] if body["problem"] else []
    return problem + [_with_time(line, live) for line in body["text"].split("\n")] + _more(body["more"], "character")


def _more(count: int, noun: str) -> list[str]:
    return [f"and {plural(count, f'more {noun}')}"] if count else []


def _with_time(line: str, live: bool) -> str:
    found = _MEMBER.match(line)
    when = moment_of(found[1], found[2], live=live) if found is not None else None
    return f"{line}   ({when})" if when else line


def _timed(name: str, value: str, live: bool) -> str:
    when = moment_of(name, value, live=live)
    return f"{value} ({when})" if when else value


def moment_of(name: str, value: str, *, live: bool = False) -> str | None:
    """The time that a member holds, to the second, or None if it holds none.

    >>> moment_of("notAfter", "1767326645000")
    '2026-01-02 04:04:05Z'
    """
    if name not in TIMES or not value.isascii() or not value.isdigit():
        return None
    since = int(value)
    try:
        at = datetime.fromtimestamp(since // 1000 if since >= _MILLISECONDS else since, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return (at.astimezone() if live else at).isoformat(" ").replace("+00:00", "Z")
