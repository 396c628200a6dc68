"""A running proxy, as guide and doctor see it by the control API: set by a test, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.errors import NoProxyError


@dataclass
class Running:
    """What it would tell. ``ended`` makes it answer no longer."""

    told: list[LinkedDevice] = field(default_factory=list)
    says: ProxyStatus = field(default_factory=lambda: ProxyStatus(8080))
    ended: bool = False
    codes: frozenset[str] = frozenset()

    def status(self) -> ProxyStatus:
        """What it says of itself."""
        if self.ended:
            raise NoProxyError("it has ended")
        return self.says

    def devices(self) -> Sequence[LinkedDevice]:
        """The devices that it knows."""
        if self.ended:
            raise NoProxyError("it has ended")
        return self.told

    def finding_codes(self) -> frozenset[str]:
        """The codes of its findings."""
        if self.ended:
            raise NoProxyError("it has ended")
        return self.codes
