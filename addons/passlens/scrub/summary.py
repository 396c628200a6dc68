"""The account of a clean copy: how many values of which kind were replaced, and what could not be looked into."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from passlens.util.text import escape_controls, plural

MAX_COUNT: Final = 50
"""Things that could not be looked into which are named; more are counted."""

_ORDER: Final = (
    "token", "device identifier", "e-mail", "address", "SAML", "cookie", "URL", "value", "unreadable value", "echo",
)  # fmt: skip
_PLURALS: Final = {"address": "addresses", "echo": "echoes", "SAML": "SAML messages"}


@dataclass
class ScrubSummary:
    """What was read, replaced, left out and not looked into."""

    flows: int = 0
    other: int = 0
    unread: list[str] = field(default_factory=list)
    unread_count: int = 0
    read_errors: list[str] = field(default_factory=list)
    read_error_count: int = 0
    remarks: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def not_read(self, words: str) -> None:
        """Note something that could not be looked into."""
        self.unread_count += 1
        if len(self.unread) < MAX_COUNT:
            self.unread.append(escape_controls(words))

    def read_error(self, words: str) -> None:
        """Note something that could not be read, and is not in the copy."""
        self.read_error_count += 1
        if len(self.read_errors) < MAX_COUNT:
            self.read_errors.append(escape_controls(words))

    def read_error_lines(self) -> list[str]:
        """What could not be read, in clauses."""
        more = self.read_error_count - len(self.read_errors)
        return [*self.read_errors, *([f"{more} more could not be read"] if more else [])]

    def lines(self, counts: Counter[str], other: str) -> list[str]:
        """The account in sentences."""
        api = self.flows - self.other
        kept = "left with method, host, shape of path, status, and times"
        kept = "scrubbed as well" if other == "keep-scrubbed" else kept
        words = [f"{plural(self.flows, 'flow')} copied, {api} of the API"]
        if self.other:
            words.append(f"{self.other} of other traffic ({kept})")
        found = [_counted(counts[kind], kind) for kind in _ORDER if counts[kind]]
        lines = [f"{', '.join(words)}.", f"Replaced: {', '.join(found) or 'nothing'}."]
        if counts["unreadable value"]:
            lines.append("Values that could not be decoded were replaced as a whole, sign by sign.")
        if self.left_out:
            out = ", ".join(f"{name} ({count})" for name, count in sorted(self.left_out.items()))
            lines.append(f"Left out: {out}.")
        lines += [f"Not looked into: {one}." for one in self.unread]
        if self.unread_count > len(self.unread):
            lines.append(f"Not looked into: {self.unread_count - len(self.unread)} more.")
        return lines


def _counted(count: int, kind: str) -> str:
    return f"{count} {kind if count == 1 else _PLURALS.get(kind, kind + 's')}"
