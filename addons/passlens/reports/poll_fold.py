"""Folds repeated polls: which entries repeat the one before of their device, and the line that counts them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from passlens.analysis.entry import Entry
from passlens.reports.entry_text import clock
from passlens.rest_v2.operations import FAMILIES
from passlens.util.text import escape_controls, parse_time

POLLED: Final = frozenset((*FAMILIES["profiles"], "retrieve-session")) - {"partner-profile"}
"""Operations that apps ask again and again until something changes."""

MAX_DEVICES: Final = 256
"""Devices whose last exchange is remembered; those of the others are not folded."""

_SAME: Final = (
    "operation", "method", "host", "path", "service_provider", "code", "mvpd", "status", "outcome", "error", "results",
    "injected", "diagnosis", "next", "dry_run",
)  # fmt: skip
"""Members by which one poll is as another; times are not among them."""


@dataclass
class Fold:
    """A poll, and how often it came. ``mark`` and ``alone`` are for who shows it: where its line stands, and whether it
    stands by itself, away from the first one's block."""

    entry: Entry
    last: Entry
    count: int = 1
    mark: int = -1
    alone: bool = False

    def again(self) -> str:
        """How often it came, and how far apart.

        >>> Fold({"started": None}, {"started": None}, 3).again()  # type: ignore[typeddict-item]
        '3 times'
        """
        first, last = parse_time(self.entry["started"]), parse_time(self.last["started"])
        if first is None or last is None or last <= first:
            return f"{self.count} times"
        apart = (last - first) / (self.count - 1)
        if apart < timedelta(seconds=1):
            return f"{self.count} times, less than 1 s apart"
        return f"{self.count} times, every {apart / timedelta(seconds=1):.0f} s"

    def line(self, *, live: bool = True) -> str:
        """The line that stands alone: when it came last, what it was, how often it came; names last, for a narrow
        terminal cuts it."""
        entry = self.last
        named = escape_controls(" ".join(filter(None, (entry["service_provider"], entry["code"], entry["mvpd"]))))
        status = "no answer" if entry["status"] is None else str(entry["status"])
        words = [clock(entry["started"], live=live), entry["operation"], self.again(), status, named]
        return "  ".join(filter(None, words))


def whose(entry: Entry) -> str:
    """What tells one device's exchanges from another's in a recording: its key, else the code; in one file."""
    key = entry["device"]["key"] if entry["device"] is not None else None
    return f"{entry['file']} {key or entry['code'] or ''}"


class Folds:
    """The last exchange of each device."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, Fold]] = {}

    def take(self, device: str, entry: Entry) -> tuple[Fold | None, Fold | None]:
        """The fold that an entry repeats, if it does; and the one that it ends, if that one had repetitions."""
        before = self._open.get(device)
        likeness = _likeness(entry)
        if before is not None and likeness is not None and before[0] == likeness:
            fold = before[1]
            fold.count, fold.last = fold.count + 1, entry
            return fold, None
        self._open.pop(device, None)
        if likeness is not None and len(self._open) < MAX_DEVICES:
            self._open[device] = likeness, Fold(entry, entry)
        return None, before[1] if before is not None and before[1].count > 1 else None

    def opened(self, device: str) -> Fold | None:
        """The fold that a device's last exchange has begun, if it is a poll."""
        found = self._open.get(device)
        return found[1] if found is not None else None

    def rest(self) -> list[Fold]:
        """At the end, those with repetitions."""
        found = [fold for _, fold in self._open.values() if fold.count > 1]
        self._open.clear()
        return found


def _likeness(entry: Entry) -> str | None:
    """What two polls have in common that are alike; None for what is no poll. Times move, and are left out."""
    if entry["operation"] not in POLLED:
        return None
    findings = [(finding["code"], finding["severity"], finding["at"]) for finding in entry["findings"]]
    results = [{name: value for name, value in result.items() if name != "not_after"} for result in entry["results"]]
    return json.dumps([[entry.get(name) for name in _SAME if name != "results"], results, findings], default=str)
