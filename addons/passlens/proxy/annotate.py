"""Writes the verdict onto a flow, so that mitmproxy's and mitmweb's own screens show it: comment, marker, metadata."""

import re
from typing import Final

from mitmproxy import flow

from passlens.analysis.entry import Entry

METADATA: Final = "passlens"
"""Key of the entry in a flow's metadata."""

MARKERS: Final = {"error": ":red_circle:", "warning": ":orange_circle:", "note": ":large_blue_circle:"}
INJECTED_MARKERS: Final = {
    "error": ":red_square:",
    "warning": ":orange_square:",
    "note": ":blue_square:",
    None: ":white_large_square:",
}
"""A square says that passlens had a hand in the exchange."""

_MARKERS: Final = (*MARKERS.values(), *INJECTED_MARKERS.values())
_COMMENT: Final = "passlens: "

_CONTINUED: Final = " " * 12
"""What a line of a block begins with that goes on with the one above."""

_OWN: Final = re.compile(rf"^{_COMMENT}(?:\d\d|--):.*(?:\n  .*)*\n?", re.MULTILINE)
"""The block of an earlier time in a comment: its first line, which a clock begins, and the indented lines below it.
What else passlens says of a flow stays, such as why it was refused."""


def worst_of(entry: Entry) -> str | None:
    """The worst severity among an entry's findings, or None."""
    found = {finding["severity"] for finding in entry["findings"]}
    return next((severity for severity in MARKERS if severity in found), None)


def annotate(flow: flow.Flow, entry: Entry, text: str) -> None:
    """Let mitmproxy's own screens show the verdict; ``text`` is the entry's block, without colours. A comment or marker
    that a person set stays."""
    flow.metadata[METADATA] = entry
    own = _COMMENT + text
    kept = _OWN.sub("", flow.comment).rstrip("\n")
    flow.comment = f"{kept}\n{own}" if kept else own
    worst = worst_of(entry)
    if not flow.marked or flow.marked in _MARKERS:
        of_severity = MARKERS[worst] if worst else ""
        flow.marked = INJECTED_MARKERS[worst] if entry["injected"] else of_severity


def one_line(text: str) -> str:
    """A block in one line, for mitmweb, whose comments keep no line breaks.

    >>> one_line("x  200\\n  why       late\\n  note      PL906 status\\n            There is no answer.")
    'x  200 | why late | note PL906 status: There is no answer.'
    """
    first, *rest = text.split("\n")
    for line in rest:
        words = " ".join(line.split())
        first += f": {words}" if line.startswith(_CONTINUED) else f" | {words}"
    return first
