"""Text that stands as hexadecimal digits, changed and written so again."""

import re
from collections.abc import Callable
from typing import Final

from passlens.util.text import printable

_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{2}){8,}(?![0-9A-Za-z])|(?<![0-9A-Za-z])(?:[0-9A-F]{2}){8,}(?![0-9A-Za-z])"
)
"""Eight bytes or more, in one letter case."""


def rewrite(text: str, change: Callable[[str], str]) -> str:
    """The text with ``change`` applied to what runs of digits in it stand for.

    >>> rewrite("id 6162636465666768", str.upper)
    'id 4142434445464748'
    """
    return _HEX.sub(lambda match: whole(match[0], change) or match[0], text)


def whole(text: str, change: Callable[[str], str]) -> str | None:
    """The same of a text that is such digits and nothing else; None for any other."""
    plain = printable(bytes.fromhex(text)) if _HEX.fullmatch(text) is not None else None
    if plain is None:
        return None
    made = change(plain).encode("utf-8").hex()
    return made.upper() if text.isupper() else made
