"""Paths into decoded JSON: dotted (``frameworkProviderInfo.id``) or, with a leading slash, a JSON pointer.
One word for the places that ``when`` looks at and ``then`` changes."""

from typing import Any, Final

MISSING: Final = object()
"""Stands for a value that is not there; None is JSON's null."""

MAX_COUNT: Final = 1_000_000
"""The largest index into an array."""


def split(path: str) -> tuple[str, ...]:
    """The steps of a path; raises ValueError with a clause.

    >>> split("frameworkProviderInfo.id"), split("/a.b/0")
    (('frameworkProviderInfo', 'id'), ('a.b', '0'))
    """
    steps = path[1:].split("/") if path.startswith("/") else path.split(".")
    if path.startswith("/"):
        steps = [step.replace("~1", "/").replace("~0", "~") for step in steps]
    elif "" in steps:
        raise ValueError(f"the path {path!r} has an empty step")
    return tuple(steps)


def index(step: str) -> int | None:
    """A step as an index into an array, or None."""
    if step.isascii() and step.isdigit() and len(step) <= 7 and (step == "0" or step[0] != "0"):
        return min(int(step), MAX_COUNT)
    return None


def find(value: Any, path: str) -> Any:
    """The value at a path, or MISSING; an array's items go by their number."""
    for step in split(path):
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list):
            at = index(step)
            value = value[at] if at is not None and at < len(value) else MISSING
        else:
            return MISSING
    return value
