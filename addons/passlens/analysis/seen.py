"""What recordings have shown so far of files, devices and codes, as far as the sights of the checklist need it.
Bounded in memory."""

from dataclasses import dataclass, field
from typing import Final

from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.twice import MAX_CALLS, CallSpan, one_inside_other

MAX_DEVICES: Final = 1000
MAX_CODES: Final = 1000
"""Devices and codes that are remembered; what is more of them is not seen."""


@dataclass
class SeenCode:
    """A code: the device that got it, whether with a provider, and what happened to it."""

    device: str | None
    provider: bool
    polls: int = 0
    over: bool = False
    """The server said so."""
    checked_by: str | None = None


@dataclass
class SeenDevice:
    """What one device did, in one file."""

    code: str | None = None
    profile: bool = False
    gone: bool = False
    """An empty answer came after a profile."""
    picked: str | None = None
    """Provider of a session after a configuration."""
    configured: float | None = None
    sessions: int = 0
    permitted: bool = False
    refused: bool = False
    started: bool = False
    """It called the API, and then a token was asked for."""


@dataclass
class SeenFile:
    """What one recording had so far. What goes beyond the bounds is not remembered."""

    tokens: int = 0
    token_ends: float | None = None
    """When the access token that came last ends."""
    calls: int = 0
    configured: bool = False
    last: float = float("-inf")
    devices: dict[str | None, SeenDevice] = field(default_factory=dict)
    codes: dict[str, SeenCode] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    """When each sight that needs time after it was first seen."""

    def device(self, key: str | None) -> SeenDevice:
        """The device of a key, a new one where it was not there."""
        found = self.devices.get(key)
        if found is None:
            found = SeenDevice()
            if len(self.devices) < MAX_DEVICES:
                self.devices[key] = found
        return found

    def code(self, name: str | None) -> SeenCode | None:
        """What is known of a code."""
        return self.codes.get(name) if name is not None else None

    def add_code(self, name: str, code: SeenCode) -> None:
        """One that was handed out."""
        if len(self.codes) < MAX_CODES:
            self.codes[name] = code


class SeenKeys:
    """Device keys, each with the file that showed it first."""

    def __init__(self) -> None:
        self._files: dict[str, str | None] = {}

    def elsewhere(self, key: str, file: str | None) -> bool:
        """True if another file showed the device before."""
        if key not in self._files and len(self._files) < MAX_DEVICES:
            self._files[key] = file
        return self._files.get(key, file) != file


class SeenCalls:
    """The calls of one recording that came last, by what tells each from others."""

    def __init__(self) -> None:
        self._last: Bounded[int, CallSpan] = Bounded(MAX_CALLS)

    def again(self, call: tuple[str | int | None, ...], start: float, end: float) -> bool:
        """True for a call that stands in the recording twice: one entry lies inside the time of the other."""
        key = hash(call)
        known = self._last.get(key, end)
        self._last.set(key, (start, end), end)
        return known is not None and one_inside_other(known, (start, end))
