"""What disturbs a soak: scenarios are switched, rules are edited well and badly, the server's connections break, the
log is rotated, everything made up is forgotten."""

import asyncio
import random
import time
from collections import Counter
from pathlib import Path
from typing import Final

from soak.ledger import Ledger
from soak.server import SoakServer
from support.stage import Remote

SHIPPED: Final = (
    "pfs-fallback", "configuration-fallback", "degraded", "missing-parameters", "partner-profile", "throttled",
    "unauthorized", "server-error", "code-expired", "pfs-fallback.provoke", "missing-parameters.provoke",
)  # fmt: skip
FAULTS: Final = (
    "connection_reset", "no_answer", "empty_answer", "cut_body", "malformed_json", "wrong_content_type", "slow_drip",
)  # fmt: skip
OWN: Final = ("mine",) * 5 + ("broken",) * 3

GOOD: Final = """rules:
  - name: edit {number}
    when: {{operation: retrieve-profiles, chance: 0.5}}
    then: {{respond: {{json: {{profiles: {{}}, edit: {number}}}}}, delay: 20}}
  - name: rewritten
    when: {{operation: create-session}}
    then: {{rewrite_response: {{merge: {{edit: {number}}}}}}}
"""
BAD: Final = ("rules:\n  - name: x\n    then: {outcom: P3}\n", "rules: [", "", "\x00\xff", "rules:\n" + "  - x\n" * 9)


def broken() -> str:
    """A scenario that breaks a part of everything."""
    lines = ["rules:"]
    for fault in FAULTS:
        lines += [f"  - name: {fault}", "    when: {chance: 0.06}", f"    then: {{fault: {fault}}}"]
    return "\n".join(lines) + "\n"


class Disturber:
    """Does one of its deeds after another; what was done stands in ``counts``, how long the longest took in
    ``slowest``, in seconds."""

    def __init__(self, remote: Remote, server: SoakServer, ledger: Ledger, rules: Path) -> None:
        self.remote, self.server, self.ledger, self.rules = remote, server, ledger, rules
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.rng = random.Random("soak disturber")
        (rules / "broken.yaml").write_text(broken())
        self._edit_well()

    async def go_on(self, stop: asyncio.Event, pause: float) -> None:
        """Disturb every ``pause`` seconds on average until told to stop, then switch everything off."""
        deeds = (
            (self._switch, 8), (self._off, 3), (self._edit_well, 4), (self._edit_badly, 4), (self._die, 2),
            (self._rotate, 1), (self._reset, 1),
        )  # fmt: skip
        deck = [deed for deed, weight in deeds for _ in range(weight)]
        while not stop.is_set():
            self.rng.shuffle(deck)
            for deed in deck:
                if stop.is_set():
                    break
                started = time.monotonic()
                await asyncio.to_thread(deed)
                self.slowest = max(self.slowest, time.monotonic() - started)
                await asyncio.sleep(self.rng.uniform(0, 2 * pause))
        await asyncio.to_thread(self._off)

    def _switch(self) -> None:
        name = self.rng.choice((*SHIPPED, *OWN))
        if name == "mine":
            # A scenario that is named has to be good at that moment.
            self._edit_well()
        self.remote.run(f"passlens.scenario {name}")
        self.counts["scenarios switched on"] += 1

    def _off(self) -> None:
        self.remote.run("passlens.scenario.off")
        self.counts["scenarios switched off"] += 1

    def _edit_well(self) -> None:
        self.counts["good edits of rules"] += 1
        (self.rules / "mine.yaml").write_text(GOOD.format(number=self.counts["good edits of rules"]))

    def _edit_badly(self) -> None:
        (self.rules / "mine.yaml").write_text(self.rng.choice(BAD))
        self.counts["bad edits of rules"] += 1

    def _die(self) -> None:
        self.server.die()
        self.counts["deaths of the server"] += 1

    def _rotate(self) -> None:
        if self.ledger.log.exists():
            self.ledger.rotate(self.counts["rotations of the log"])
            self.counts["rotations of the log"] += 1

    def _reset(self) -> None:
        self.remote.run("passlens.reset")
        self.counts["resets"] += 1
