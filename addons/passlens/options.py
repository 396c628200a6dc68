"""The passlens_* options of mitmproxy: their names and help, and what their values mean.
All are strings that passlens parses itself, so that a bad value is a sentence and never a silently missing addon."""

import difflib
from typing import Final, NamedTuple

PREFIX: Final = "passlens_"


class Option(NamedTuple):
    """One option: its full name, its default, and the help that mitmproxy shows."""

    name: str
    default: str
    help: str


OPTIONS: Final = (
    Option("passlens_filter", "", "Look only at flows that match this mitmproxy filter expression."),
    Option("passlens_log", "", "Append one JSON line for each exchange to this file."),
    Option("passlens_reveal", "false", "Show tokens, identifiers and addresses instead of pseudonyms (true or false)."),
)
NAMES: Final = tuple(option.name for option in OPTIONS)


def parse_flag(name: str, value: str) -> bool:
    """``true`` or ``false``; raises ValueError with a sentence for anything else."""
    if value not in ("true", "false"):
        raise ValueError(f"{name} is {value!r}, expected true or false.")
    return value == "true"


def unknown(names: list[str]) -> str | None:
    """A sentence about the first passlens_* name that is no option, or None."""
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(NAMES)}."
            return f"{name} is no option of passlens; {hint}"
    return None
