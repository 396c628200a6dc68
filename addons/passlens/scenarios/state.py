"""What is remembered between exchanges: states and counters, for each device and for each code.
Bounded, and kept by the names of scenario and rule, so that it survives a reload of the rule file."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from passlens.exchange import Exchange
from passlens.scenarios.conditions import STARTED

MOST: Final = 10_000
"""Devices and codes that are remembered; the one not seen for longest goes first."""


LONGEST_CODE: Final = 100
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
class Tally:
    """How often a rule was fitted by all but occurrence and chance, and how often it acted."""

    seen: int = 0
    acted: int = 0


@dataclass
class _Record:
    states: dict[str, str] = field(default_factory=dict)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)


def who(ex: Exchange) -> Who:
    """The device by AP-Device-Identifier however it is encoded, else by the token's sub, else by the address."""
    code = ex.path_parameter("code")
    if code and len(code) > LONGEST_CODE:
        code = _hash(b"code", code.encode("utf-8", "surrogateescape"))
    return Who(f"device {_device(ex)}", f"code {code}" if code else None)


def _device(ex: Exchange) -> str:
    identifier = ex.device_identifier
    if identifier is not None and identifier.encoded is not None and identifier.encoded.data is not None:
        return _hash(b"identifier", identifier.encoded.data)
    raw = ex.request.header("AP-Device-Identifier")
    if raw and raw.strip():
        return _hash(b"identifier as sent", raw.strip().encode("utf-8", "surrogateescape"))
    sub = ex.bearer.jwt.claims.get("sub") if ex.bearer and ex.bearer.jwt else None
    if isinstance(sub, str) and sub:
        return _hash(b"sub", sub.encode("utf-8", "surrogatepass"))
    return _hash(b"client", (ex.request.client or "").encode("utf-8", "surrogateescape"))


def _hash(kind: bytes, value: bytes) -> str:
    return sha256(kind + b"\0" + value).hexdigest()[:32]


class Memory:
    """States and counters. A code's state begins as that of the device that was handed the code."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def _record(self, key: str) -> _Record:
        record = self._records.setdefault(key, _Record())
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

    def tally(self, scenario: str, rule: str, of: Who) -> Tally:
        """The counters of a rule for the code, else the device; to be counted up by the caller."""
        return self._record(of.key).tallies.setdefault((scenario, rule), Tally())

    def forget(self, scenario: str | None = None) -> None:
        """Forget one scenario, or everything."""
        if scenario is None:
            self._records.clear()
            return
        for record in self._records.values():
            record.states.pop(scenario, None)
            for name in [name for name in record.tallies if name[0] == scenario]:
                del record.tallies[name]
