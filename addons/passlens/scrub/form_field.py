"""Fields of HTML forms (``<input>``), whose attributes stand in any order."""

import re
from collections.abc import Callable
from typing import Final

from passlens.redaction.policy import is_secret_name

_FIELD: Final = re.compile(r"<input\b(?:[^<>\"']+|\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))*", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"(?<![\w:.-])([\w:.-]{1,100})\s{0,9}=\s{0,9}(?:\"([^\"]*)|'([^']*)|([^\s\"'>]+))", re.IGNORECASE
)


def rewrite(text: str, change: Callable[[str], str]) -> str:
    """The text with ``change`` applied to the values of fields that have the name of a secret.

    >>> rewrite("<input value=abc name='access_token'>", str.upper)
    "<input value=ABC name='access_token'>"
    """
    return _FIELD.sub(lambda match: _changed(match[0], change), text)


def _changed(tag: str, change: Callable[[str], str]) -> str:
    found = {match[1].lower(): match for match in _ATTRIBUTE.finditer(tag)}
    name, value = found.get("name"), found.get("value")
    if name is None or value is None or not is_secret_name(name[name.lastindex or 0]):
        return tag
    start, end = value.span(value.lastindex or 0)
    return tag[:start] + change(tag[start:end]) + tag[end:]
