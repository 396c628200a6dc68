"""Which scenario runs for whom: one for all devices, and for single devices one of their own in its place.
States, counters and virtual sessions are kept in one memory, and outlive any scenario."""

from collections.abc import Iterator
from typing import Final

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.state import Memory

MAX_DEVICES: Final = 100
"""Devices that may have a scenario of their own."""


class ActiveScenarios:
    """The scenarios that run. A device is named by its device key or by its client address."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.for_all: RunningScenario | None = None
        self._for_device: dict[str, RunningScenario] = {}

    def __bool__(self) -> bool:
        return self.for_all is not None or bool(self._for_device)

    def set(self, running: RunningScenario | None, device: str | None = None) -> RunningScenario | None:
        """Run a scenario (None: no longer) for all, or for one device; returns the one that it replaces.

        Raises ValueError with a sentence where too many devices have one of their own.
        """
        if device is None:
            before, self.for_all = self.for_all, running
            return before
        if running is not None and device not in self._for_device and len(self._for_device) >= MAX_DEVICES:
            raise ValueError(f"{MAX_DEVICES} devices have a scenario of their own already; stop one of them first.")
        before = self._for_device.pop(device, None)
        if running is not None:
            self._for_device[device] = running
        return before

    def of(self, ex: Decoded) -> RunningScenario | None:
        """The scenario for an exchange: its device's own by key, then by address, else the one for all."""
        if self._for_device:
            for name in (device_key(ex), ex.request.client):
                if name is not None and name in self._for_device:
                    return self._for_device[name]
        return self.for_all

    def by_device(self) -> dict[str | None, RunningScenario]:
        """All that run, by the device they run for; None is for all."""
        found: dict[str | None, RunningScenario] = {None: self.for_all} if self.for_all is not None else {}
        return found | self._for_device

    def all(self) -> Iterator[RunningScenario]:
        """All that run, the one for all first."""
        return iter(self.by_device().values())

    def never_matched(self) -> tuple[str, ...]:
        """Names of rules that have taken no exchange."""
        return tuple(name for running in self.all() for name in running.engine.never_matched)
