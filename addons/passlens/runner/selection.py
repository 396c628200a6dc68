"""Codes and families of findings as a user writes them (PL204, PL2xx), turned into prefixes of codes."""

from collections.abc import Iterable
from typing import Final

from passlens.checks.table import BY_CODE, CHECKS
from passlens.util.text import nearest_of

_CODES: Final = {check.name: check.code for check in CHECKS} | {code.lower(): code for code in BY_CODE}
"""Codes by what may have been written for them: reports show the name beside each."""


def prefixes(values: Iterable[str]) -> tuple[str, ...]:
    """Prefixes of codes, from words that may hold several with commas; raises ValueError with a clause.

    >>> prefixes(["PL204, pl4xx"])
    ('PL204', 'PL4')
    """
    found: list[str] = []
    for value in ",".join(values).split(","):
        wanted = value.strip().upper().rstrip("X")
        if not value.strip():
            continue
        if not any(code.startswith(wanted) for code in BY_CODE) or not wanted.startswith("PL"):
            near = nearest_of(value.strip().lower(), _CODES)
            hint = f"did you mean {_CODES[near]}?" if near is not None else "see passlens explain for the list."
            raise ValueError(f"{value.strip()[:80]!r} is no finding code or family; {hint}")
        found.append(wanted)
    return tuple(found)
