"""Texts with what changes from run to run replaced by its kind: ids, session codes, times, spans, addresses, numbers.
Two texts that say the same about two runs become one text; what a baseline and a comparison go by."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

MAX_CHARS: Final = 80
"""Characters of such a text that count: behind them a shortened text may have been cut anywhere."""

_CUT: Final = "..."
_SHORTEST_CODE: Final = 4

_UNITS: Final = r"(?:ms|milliseconds?|s|seconds?|minutes?|hours?|days?|years?)\b"


def _address(match: re.Match[str]) -> str:
    text = match[0]
    try:
        ip_address(text)
    except ValueError:
        return text
    return "<address>"


def _token(match: re.Match[str]) -> str:
    """A long run of letters and digits is an id if it holds both; a long word is one of the documentation's."""
    text = match[0]
    mixed = any(sign.isdigit() for sign in text) and any(sign.isalpha() for sign in text)
    return "<id>" if mixed else text


Replacement = str | Callable[[re.Match[str]], str]

KINDS: Final[tuple[tuple[re.Pattern[str], Replacement], ...]] = (
    (re.compile(r"sha256:[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(?<![\w<])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?!\w)"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\w{3}, \d\d[ -]\w{3}[ -]\d{4} \d\d:\d\d:\d\d(?: GMT)?"), "<time>"),
    (re.compile(r"(?<!\d)\d\d:\d\d:\d\d(?:\.\d+)?Z?(?!\d)"), "<time>"),
    (re.compile(r"(?<![\w.:])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)"), _address),
    (
        re.compile(r"(?<![\w.:])(?=[0-9A-Fa-f]*:[0-9A-Fa-f]*:)[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:]|\.\d)"),
        _address,
    ),
    (re.compile(r"\b(?:(?:line|column|char|byte|offset|position) \d+(?: |\b))+"), "<position>"),
    (re.compile(rf"(?<![\w.])\d+(?:\.\d+)? ?{_UNITS}(?: \d+ {_UNITS})*"), "<span>"),
    (re.compile(r"(?<!\w)\d{13}(?!\w)|(?<!\w)1\d{9}(?!\w)"), "<time>"),
    (re.compile(r"(?<![\w<])[0-9A-Z]{7}(?!\w)"), "<code>"),
    (re.compile(r"(?<![\w<])[A-Za-z0-9_-]{16,}={0,2}(?!\w)"), _token),
    (re.compile(r"(?<![\w.-])\d{4,}(?![\w-])"), "<number>"),
)
"""What is looked for, in this order."""


def normalize(text: str, code: str | None = None) -> str:
    """A text that was made fit to be shown, with its volatile parts by kind. ``code`` is the exchange's own.

    >>> normalize("The code is ABC1234, seen 2026-01-02T03:04:05Z from 192.0.2.7.")
    'The code is <code>, seen <time> from <address>.'
    """
    if text.endswith(_CUT):
        # The last word was cut at a place that says nothing.
        text = re.sub(r"[^\s/&?=,;:]*$", "", text[: -len(_CUT)])
    if code is not None and len(code) >= _SHORTEST_CODE:
        text = re.sub(rf"(?<!\w){re.escape(code)}(?!\w)", "<code>", text)
    for pattern, replacement in KINDS:
        text = pattern.sub(replacement, text)
    return text[:MAX_CHARS]


def place(at: str, code: str | None = None) -> str:
    """The place of a finding: positions in lists do not count, names made of ids stand by their kind.

    >>> place("body#/profiles/0/id")
    'body#/profiles/*/id'
    """
    head, mark, pointer = at.partition("#")
    steps = ("*" if step.isdigit() else normalize(step, code) for step in pointer.split("/"))
    return normalize(head, code) + mark + "/".join(steps)
