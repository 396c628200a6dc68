"""Help with an unknown word."""

from collections.abc import Sequence

from passlens.rest_v2.wire import listed
from passlens.util.text import nearest_of


def nearest(word: str, known: Sequence[str]) -> str:
    """A clause that helps with an unknown word: the nearest known one, else all."""
    near = nearest_of(word, known)
    if near is not None:
        return f"did you mean {near}"
    return f"known are {listed(tuple(known), 'and')}" if known else "there is none like it"


def nearest_question(word: str, known: Sequence[str]) -> str:
    """The same as the end of a sentence, with its sign."""
    clause = nearest(word, known)
    return f"{clause}?" if clause.startswith("did") else f"{clause}."
