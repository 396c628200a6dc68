"""One departure of a value from its plain form, by the name that the PL21x findings have for it."""

from typing import Literal, NamedTuple

DeviationKind = Literal[
    "quotes",
    "line-wrap",
    "white-space",
    "percent-encoding",
    "url-safe-alphabet",
    "missing-padding",
    "data-after-padding",
    "trailing-bits",
    "not-base64",
    "not-encoded",
    "utf8-mark",
    "invalid-utf8",
    "invalid-json",
    "duplicate-key",
    "not-an-object",
]


class Deviation(NamedTuple):
    """One departure from the plain form, with a clause for people: what was found and where."""

    kind: DeviationKind
    detail: str
