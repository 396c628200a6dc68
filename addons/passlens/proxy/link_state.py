"""How far each device has come, as data: it was seen, refuses the proxy's certificate or trusts it, called the API.
A bounded table of client addresses; what changes in it comes back as events, each thing once. No mitmproxy."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from passlens.util.address import plain_address

Link = Literal["seen", "refuses", "trusts", "api"]
"""How far a device has come, in this order: it uses the proxy, refuses its certificate, trusts it, called the API. A
later refusal takes nothing back."""

MAX_DEVICES: Final = 256
"""Addresses in the table; the one that was silent longest makes room, one that called the API last of all."""

MAX_HOSTS: Final = 50
"""Hosts that are remembered of a device: those that it refused, and those that passed unread."""

PATIENCE: Final = 30.0
"""Seconds without a call of the API after which it is said what is missing."""

CLOSINGS: Final = 2
"""Handshakes for one host that a device ends without an alert before that counts as a refusal: one may be an app that
changed its mind."""


@dataclass(frozen=True)
class DeviceEvent:
    """What is new about a device. ``waiting``: half a minute went by without a call of the API, and ``link`` says how
    far it came. ``nobody``: no device came at all; it has no address."""

    kind: Literal["seen", "refuses", "trusts", "api", "waiting", "nobody"]
    at: float
    address: str = ""
    link: Link = "seen"
    host: str | None = None
    """The host whose certificate is refused."""
    alert: str | None = None
    """The TLS alert (RFC 8446, section 6) with which it is refused; None where the device only closed."""
    passed: tuple[str, ...] = ()
    """Hosts whose TLS passed unread, for ``waiting``."""
    before: str | None = None
    """The address that this device had before, for ``api``."""

    def member(self) -> dict[str, Any]:
        """The event as a stream of events has it."""
        names = ("kind", "address", "link", "host", "alert", "before")
        return {"at": _iso(self.at), **{name: getattr(self, name) for name in names}, "passed": list(self.passed)}

    @property
    def pins(self) -> bool:
        """Whether the device trusts the certificate elsewhere, so that it is this app that refuses."""
        return self.kind == "refuses" and self.link in ("trusts", "api")


@dataclass
class DeviceLink:
    """A device's row of the table. Times are seconds since the epoch."""

    address: str
    first: float
    last: float
    link: Link = "seen"
    refused: str | None = None
    alert: str | None = None
    last_exchange: float | None = None
    refusals: set[str] = field(default_factory=set)
    closings: Counter[str] = field(default_factory=Counter)
    passed: dict[str, None] = field(default_factory=dict)
    changed: float = 0.0
    told: Link | None = None

    def member(self) -> dict[str, Any]:
        """The row as ``GET /api/v1/devices`` has it."""
        return {
            "address": self.address,
            "link": self.link,
            "refused": self.refused,
            "alert": self.alert,
            "first_seen": _iso(self.first),
            "last_seen": _iso(self.last),
            "last_exchange": None if self.last_exchange is None else _iso(self.last_exchange),
            "passed": list(self.passed),
        }


class LinkState:
    """The table. Each method takes an address as mitmproxy has it and the time, and gives the events that follow."""

    def __init__(self) -> None:
        self._devices: dict[str, DeviceLink] = {}
        self._keys: dict[str, str] = {}
        self._started: float | None = None

    @property
    def devices(self) -> list[DeviceLink]:
        """All rows, in the order in which the devices came."""
        return list(self._devices.values())

    @property
    def passed(self) -> list[str]:
        """The hosts whose TLS passed unread, of all devices."""
        return list(dict.fromkeys(host for device in self._devices.values() for host in device.passed))

    def started(self, now: float) -> None:
        """The proxy listens from now on."""
        self._started = now

    def connected(self, address: str, now: float) -> list[DeviceEvent]:
        """A client has connected."""
        return self._device(address, now)[1]

    def refused(self, address: str, host: str, alert: str | None, now: float) -> list[DeviceEvent]:
        """A client has ended a TLS handshake for a host, with an alert or by closing."""
        device, events = self._device(address, now)
        if alert is None:
            if host in device.closings or len(device.closings) < MAX_HOSTS:
                device.closings[host] += 1
            if device.closings[host] < CLOSINGS:
                return events
        device.refused, device.alert = host, alert
        if device.link == "seen":
            device.link, device.changed = "refuses", now
        if host not in device.refusals and len(device.refusals) < MAX_HOSTS:
            device.refusals.add(host)
            events.append(DeviceEvent("refuses", now, device.address, device.link, host, alert))
        return events

    def trusted(self, address: str, now: float) -> list[DeviceEvent]:
        """A TLS handshake of a client has succeeded."""
        device, events = self._device(address, now)
        if device.link in ("seen", "refuses"):
            device.link, device.changed = "trusts", now
            events.append(DeviceEvent("trusts", now, device.address, device.link))
        return events

    def let_pass(self, address: str, host: str, now: float) -> list[DeviceEvent]:
        """TLS of a client to a host passes unread."""
        device, events = self._device(address, now)
        if len(device.passed) < MAX_HOSTS:
            device.passed[host] = None
        return events

    def exchanged(self, address: str, key: str | None, now: float) -> list[DeviceEvent]:
        """A client has called the API; ``key`` is its device key, by which one that comes with another address is
        known again."""
        device, events = self._device(address, now)
        device.last_exchange = now
        if device.link != "api":
            device.link, device.changed = "api", now
            before = self._keys.get(key) if key is not None else None
            events.append(DeviceEvent("api", now, device.address, device.link, before=before))
        if key is not None and (key in self._keys or len(self._keys) < 4 * MAX_DEVICES):
            self._keys[key] = device.address
        return events

    def idle(self, now: float) -> list[DeviceEvent]:
        """What is missing where nothing has happened for half a minute; to be asked every now and then."""
        events = list(self._waiting(now))
        if self._started is not None and now - self._started >= PATIENCE:
            self._started = None
            if not self._devices:
                events.append(DeviceEvent("nobody", now))
        return events

    def _waiting(self, now: float) -> Iterator[DeviceEvent]:
        for device in self._devices.values():
            if device.link != "api" and device.told != device.link and now - device.changed >= PATIENCE:
                device.told = device.link
                passed = tuple(device.passed)
                yield DeviceEvent(
                    "waiting", now, device.address, device.link, device.refused, device.alert, passed=passed
                )

    def _device(self, address: str, now: float) -> tuple[DeviceLink, list[DeviceEvent]]:
        address = plain_address(address)
        device = self._devices.get(address)
        if device is not None:
            device.last = now
            return device, []
        if len(self._devices) >= MAX_DEVICES:
            oldest = min(self._devices.values(), key=lambda one: (one.link == "api", one.last))
            del self._devices[oldest.address]
        device = self._devices[address] = DeviceLink(address, now, now, changed=now)
        return device, [DeviceEvent("seen", now, address)]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
