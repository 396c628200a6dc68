"""What is wrong with a JSON text, in the words of the field: Python's parser has words of its own, and they differ from
one version to the next."""

import re
from collections.abc import Container
from json import JSONDecodeError
from typing import Final

_WORDS: Final = (
    ("Expecting ',' delimiter", "a comma is missing"),
    ("Expecting ':' delimiter", "a colon is missing"),
    ("Expecting property name", "a name in double quotes is missing"),
    ("Expecting value", "a value is missing"),
    ("Extra data", "something follows the end of the JSON"),
    ("Unterminated string", "a text has no closing quote"),
    ("Invalid control character", "a control character stands in a text"),
    ("Invalid \\", "an escape is none of JSON's"),
    ("Illegal trailing comma", "a comma stands before a closing bracket"),
    ("Unexpected UTF-8 BOM", "a UTF-8 mark stands before the JSON"),
)
"""What Python's messages begin with, and what passlens says."""

_OTHERWISE: Final = "it is no JSON"

TOKENS: Final = 3
"""Pieces of the text that an excerpt shows on either side of the place."""

_MAX_CHARS: Final = 1 << 14
"""Characters up to the place in a text of which an excerpt is made."""

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


def describe(error: JSONDecodeError) -> tuple[str, int]:
    """What is wrong as a clause, and where: an offset in characters from 0."""
    words = next((said for start, said in _WORDS if error.msg.startswith(start)), _OTHERWISE)
    before = error.doc[: error.pos].rstrip()
    # Before Python 3.13 a comma too many is told by what should have come after it.
    if words.endswith("is missing") and before.endswith(",") and error.doc[error.pos : error.pos + 1] in ("}", "]"):
        return "a comma stands before a closing bracket", len(before) - 1
    return words, error.pos


def excerpt(text: str, offset: int, known: Container[str]) -> str:
    """What stands around a place in a broken text: its signs and the names that are ``known``; all else is left out,
    for it may be secret. Empty where the place is too far in.

    >>> excerpt('{"osName": "tvOS" "osVendor": "Apple"}', 18, ("osName", "osVendor"))
    '"osName": "…" <here> "osVendor": "…"'
    """
    if offset > _MAX_CHARS:
        return ""
    before = [match[0] for match in _TOKEN.finditer(text[:offset])][-TOKENS:]
    after = [match[0] for match in _TOKEN.finditer(text[offset : offset + _MAX_CHARS])][:TOKENS]
    return " ".join((_shown(before, known), "<here>", _shown(after, known))).strip()


def _shown(tokens: list[str], known: Container[str]) -> str:
    return "".join(_token(token, known) for token in tokens).replace(",", ", ").strip()


def _token(token: str, known: Container[str]) -> str:
    if token == ":":
        return ": "
    if token in "{}[],":
        return token
    if token.startswith('"'):
        closed = len(token) > 1 and token.endswith('"')
        name = token.strip('"')
        return token if closed and name in known else '"…"' if closed else '"…'
    return token if token in ("true", "false", "null") else "…"
