"""Values that a sentence names as secrets: a server that refuses a token tells which one it was."""

import re
from collections.abc import Callable
from typing import Final

_HINTS: Final = ("oken", "ecret", "assw", "asscode", "redential", "earer", "lient", "jwt", "key", "ssertion")
"""One of these stands in every text that names a secret."""

_NAMED: Final = re.compile(
    r"(?P<name>token|secret|password|passcode|credentials?|bearer|client[ _-]?id|jwt|api[ _-]?key|assertion)"
    r"(?:: ?|=|%3[Dd]| (?:is |was )?)[\"'`(<\[\u2018\u201c]?"
    r"(?P<value>[\w~+/%-][\w~+/%.-]{6,4000}[\w~+/%-]={0,2})",
    re.IGNORECASE | re.ASCII,
)
_PARAMETER: Final = re.compile(r"(?:[?&#;]|%(?:3[FfBb]|2[36]))[\w.-]{0,64}\Z", re.ASCII)
"""The name of a parameter: its value is found as one."""

_RANDOM: Final = re.compile(r"(?!\d{4}-\d\d-\d\d)(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])", re.ASCII)
"""A value with letters and digits, which no word has; a date is none."""


def names_values(text: str) -> bool:
    """False if no sentence in a text names a secret: a quick look."""
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS) and _NAMED.search(text) is not None


def replace_named_values(text: str, change: Callable[[str], str]) -> str:
    """The text with each value replaced that it names as a secret.

    >>> replace_named_values("The access token 8f14e45fceea is unknown, the token expired.", lambda value: "TOKEN")
    'The access token TOKEN is unknown, the token expired.'
    >>> replace_named_values("access_token=8f14e45fceea&scope=api:client:v2", lambda value: "TOKEN")
    'access_token=TOKEN&scope=api:client:v2'
    """
    if not names_values(text):
        return text

    def changed(match: re.Match[str]) -> str:
        value = match["value"]
        if _RANDOM.match(value) is None or text[match.end() : match.end() + 1] == "@":
            return match[0]
        if _PARAMETER.search(text[max(0, match.start() - 67) : match.start()]) is not None:
            return match[0]
        return match[0][: match.start("value") - match.start()] + change(value)

    return _NAMED.sub(changed, text)
