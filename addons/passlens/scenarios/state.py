"""What is remembered between exchanges: states and counters, for each device and for each code.
Bounded, and kept by the names of scenario and rule, so that it survives a reload of the rule file."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.scenarios.when import STARTED

MAX_COUNT: Final = 10_000
"""Devices and codes that are remembered; the one not seen for longest goes first."""


MAX_CODE_CHARS: Final = 100
"""Characters of a code that is kept as it is; documented ones have seven, and whatever a device sends is kept."""


class Who(NamedTuple):
    """Whom an exchange belongs to: a device, and a code where the path has one. Both are one-way hashes or codes."""

    device: str
    code: str | None

    @property
    def key(self) -> str:
        """What counters are kept by: the code where there is one, else the device."""
        return self.code or self.device


@dataclass
class RuleCounts:
    """How often a rule was fitted by all but occurrence and chance, and how often it acted."""

    seen: int = 0
    acted: int = 0


@dataclass
class _DeviceState:
    states: dict[str, str] = field(default_factory=dict)
    counts: dict[tuple[str, str], RuleCounts] = field(default_factory=dict)


def who(ex: Decoded) -> Who:
    """The device and the code of a request."""
    code = ex.path_parameter("code")
    if code and len(code) > MAX_CODE_CHARS:
        code = _hash(b"code", code.encode("utf-8", "surrogateescape"))
    return Who(f"device {device_key(ex) or 'unknown'}", f"code {code}" if code else None)


def _hash(kind: bytes, value: bytes) -> str:
    return sha256(kind + b"\0" + value).hexdigest()[:32]


class Memory:
    """States and counters. A code's state begins as that of the device that was handed the code."""

    def __init__(self, most: int = MAX_COUNT) -> None:
        self.most = most
        self._records: OrderedDict[str, _DeviceState] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def _record(self, key: str) -> _DeviceState:
        record = self._records.setdefault(key, _DeviceState())
        self._records.move_to_end(key)
        while len(self._records) > self.most:
            self._records.popitem(last=False)
        return record

    def state(self, scenario: str, of: Who) -> str:
        """The state of the code, else of the device; everything begins in Started."""
        for key in (of.code, of.device):
            record = self._records.get(key) if key else None
            if record is not None and scenario in record.states:
                return record.states[scenario]
        return STARTED

    def set_state(self, scenario: str, of: Who, state: str) -> None:
        """Change the state of the code where there is one, else of the device."""
        self._record(of.key).states[scenario] = state

    def hand_over(self, scenario: str, of: Who, code: str) -> None:
        """An answer gave the device a code: from now on the code has a state of its own, which begins as it is now."""
        record = self._record(f"code {code}")
        record.states.setdefault(scenario, self.state(scenario, of))

    def counts(self, scenario: str, rule: str, of: Who) -> RuleCounts:
        """The counters of a rule for the code, else the device; to be counted up by the caller."""
        return self._record(of.key).counts.setdefault((scenario, rule), RuleCounts())

    def forget(self, scenario: str | None = None) -> None:
        """Forget one scenario, or everything."""
        if scenario is None:
            self._records.clear()
            return
        for record in self._records.values():
            record.states.pop(scenario, None)
            for name in [name for name in record.counts if name[0] == scenario]:
                del record.counts[name]
