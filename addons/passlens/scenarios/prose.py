"""What the comment at the head of a rule file says in prose. The shipped ones all have such a head."""

import re
from typing import Final

_HEADING: Final = "What the app should do"

MAX_CHARS: Final = 1000
_HEAD: Final = 40
"""Lines in which the comment is looked for."""


def prose(text: str) -> str | None:
    """What the app should do, up to the next heading; None where the comment does not say it.

    >>> prose("# What the app should do: stop polling,\\n#   and begin anew.\\n# Page: x\\nrules: []")
    'stop polling, and begin anew.'
    """
    found: list[str] = []
    for line in text.split("\n", _HEAD)[:_HEAD]:
        begins = re.match(r"#\s*([^:]+):\s+(.*)", line)
        if found and line.startswith("#  "):
            found.append(line[1:].strip())
        elif found:
            break
        elif begins and begins[1] == _HEADING:
            found.append(begins[2].strip())
    return " ".join(found)[:MAX_CHARS] or None
