"""The books of a soak: what devices, server and log say about each exchange, compared once all three have settled."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from soak.fleet import Outcome
from soak.server import SoakServer
from support.trouble import marker_of

MAX_COUNT: Final = 20
"""Faults that are told in full."""


@dataclass
class Ledger:
    """``settle`` closes the books about everything so far; ``faults`` says what was wrong."""

    log: Path
    server: SoakServer
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def fault(self, words: str) -> None:
        """Something is wrong."""
        self.counts["faults"] += 1
        if len(self.faults) < MAX_COUNT:
            self.faults.append(words)

    def rotate(self, number: int) -> None:
        """Rename the log, as logrotate does; lines may still come into the old one until the next is written."""
        self.log.rename(self.log.with_name(f"{self.log.name}.{number}"))

    def settle(self, outcomes: list[Outcome]) -> None:
        """Compare, and forget what was compared. Nothing may be under way."""
        self._read()
        for outcome in outcomes:
            self._compare(outcome)
        outcomes.clear()
        for marker in self._lines:
            if marker:
                self.fault(f"{marker}: the log has a line about an exchange that no device began")
        self._lines.clear()

    def _read(self) -> None:
        for path in sorted(self.log.parent.glob(f"{self.log.name}*")):
            text = path.read_text("utf-8")
            if text and not text.endswith("\n"):
                self.fault(f"{path.name} ends within a line")
            for line in text.splitlines():
                try:
                    entry = json.loads(line)
                    if entry.get("kind") in ("journey", "expectation"):
                        continue
                    self._lines.setdefault(marker_of(entry["path"]), []).append(entry)
                except (ValueError, KeyError):
                    self.fault(f"{path.name} holds a line that is none: {line[:80]}")
            self.counts["lines of the log"] += text.count("\n")
            if path == self.log:
                # Emptied in place, as copytruncate does.
                path.write_text("")
            else:
                path.unlink()

    def _compare(self, outcome: Outcome) -> None:
        record = self.server.take(outcome.marker)
        lines = self._lines.pop(outcome.marker, [])
        self.counts["exchanges"] += 1
        if outcome.wrong is not None:
            self.fault(outcome.wrong)
        if record is not None and outcome.mark is None and outcome.status not in (None, 502):
            self.counts["compared byte by byte"] += 1
            if record.received != outcome.sent:
                self.fault(f"{outcome.marker}: the server received another request than was sent")
            if record.sent != outcome.got:
                self.fault(f"{outcome.marker}: the device got another answer than was sent")
        if not outcome.api:
            self.counts["of other traffic"] += 1
            if lines:
                self.fault(f"{outcome.marker}: other traffic is in the log")
            return
        self._compare_log(outcome, lines, expected=outcome.status is not None or record is not None)

    def _compare_log(self, outcome: Outcome, lines: list[dict[str, Any]], *, expected: bool) -> None:
        self.counts["answered" if outcome.status is not None else "without a whole answer"] += 1
        if outcome.mark is not None:
            self.counts["answers marked as made, changed or broken"] += 1
        if len(lines) > 1 or len(lines) < expected:
            self.fault(f"{outcome.marker}: {len(lines)} lines in the log (status {outcome.status}, {outcome.mark})")
            return
        if not lines:
            self.counts["left before the proxy had the request"] += 1
            return
        entry = lines[0]
        injected = entry["injected"]
        name = f"{injected['scenario']}/{injected['rule']}" if injected else None
        if outcome.mark is not None and name != outcome.mark:
            self.fault(f"{outcome.marker}: the answer says {outcome.mark}, the log {name}")
        if entry["service_provider"] not in (None, outcome.provider):
            self.fault(f"{outcome.marker} of {outcome.provider}: the log names {entry['service_provider']}")
        if outcome.status not in (None, 502) and entry["status"] != outcome.status:
            self.fault(f"{outcome.marker}: answered with {outcome.status}, in the log {entry['status']}")
