"""What a running proxy tells of itself and of its devices, as far as guide and doctor need it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from passlens.device.menu import Mark
from passlens.proxy.link_state import Link

MARKS: Final[dict[Link, tuple[Mark, ...]]] = {
    "seen": ("connected",),
    "refuses": ("connected",),
    "trusts": ("connected", "trusts"),
    "api": ("connected", "trusts", "api"),
}
"""The steps of the guide that a link state ticks off."""


@dataclass(frozen=True)
class LinkedDevice:
    """One device that used the proxy. ``refused`` names the host whose certificate it refused last, ``alert`` the TLS
    alert (RFC 8446, section 6) with which it did, such as ``certificate expired``."""

    address: str
    link: Link
    refused: str | None = None
    alert: str | None = None


@dataclass(frozen=True)
class ProxyStatus:
    """What the proxy says of itself: the port that it listens on, the hosts that it looks into, the hosts whose TLS
    passed unread, and whether the sandbox answers in place of servers."""

    port: int
    hosts: Sequence[str] = ()
    passed: Sequence[str] = ()
    sandbox: bool = False


class RunningProxy(Protocol):
    """A proxy that was found by its control API. Its methods raise NoProxyError when it has ended."""

    def status(self) -> ProxyStatus: ...

    def devices(self) -> Sequence[LinkedDevice]: ...

    def finding_codes(self) -> frozenset[str]: ...


Find = Callable[[], RunningProxy | None]
"""Looks for a running proxy."""
