"""Help with an unknown word."""

import difflib
from collections.abc import Sequence
from typing import Final

from passlens.rest_v2.wire import listed

_MAX_CHARS: Final = 80
"""Characters of a word that are compared."""


def nearest_of(word: str, known: Sequence[str]) -> str | None:
    """The known word that is nearest to an unknown one; None where none is near."""
    return next(iter(difflib.get_close_matches(word[:_MAX_CHARS], known, n=1)), None)


def nearest(word: str, known: Sequence[str]) -> str:
    """A clause that helps with an unknown word: the nearest known one, else all."""
    near = nearest_of(word, known)
    if near is not None:
        return f"did you mean {near}"
    return f"known are {listed(tuple(known), 'and')}" if known else "there is none like it"
