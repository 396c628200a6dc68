"""The guide through the menus: printed once, then ticked off step by step as the device comes along."""

from collections.abc import Collection, Sequence
from typing import Final

from passlens.device.link import MARKS, LinkedDevice
from passlens.device.menu import MENUS, REMOVAL, Mark
from passlens.device.profile import DeviceKind
from passlens.util.text import escape_controls

DONE: Final[dict[Mark, str]] = {
    "fetched": "{who} fetched the profile",
    "connected": "{who} uses the proxy",
    "trusts": "{who} trusts the certificate",
    "api": "{who} called the API: all set",
}
"""What is said when a step is done."""

REFUSES: Final = "{who} refuses the certificate{host}: do step {step} ({title})"


class Guide:
    """The steps for one device, and which of them are done. Pure: the caller prints the lines and brings the news."""

    def __init__(self, kind: DeviceKind, url: str, ssid: str | None, address: str, port: int) -> None:
        """``address`` and ``port`` are the proxy's, as the device is to know it."""
        self.kind, self.url, self.ssid = kind, url, ssid
        self.address, self.port = address, port
        self.steps = MENUS[kind]
        self._done: set[Mark] = set()
        self._refused = False

    @property
    def finished(self) -> bool:
        """Whether the device has called the API."""
        return "api" in self._done

    def overview(self) -> list[str]:
        """All steps, to be printed at the start."""
        lines = []
        for number, step in enumerate(self.steps, 1):
            lines.append(f"  {number}  {step.title}")
            known = step.lines + (step.with_wifi if self.ssid is not None else step.without_wifi)
            lines += [f"     {self._filled(line)}" for line in known]
        lines += ["  When you are done, remove the profile", f"     {REMOVAL[self.kind]}"]
        return lines

    def _filled(self, line: str) -> str:
        ssid = escape_controls(self.ssid or "")
        return line.format(url=self.url, ssid=ssid, address=self.address, port=self.port)

    def fetched(self, by: str) -> list[str]:
        """News: the profile was fetched."""
        return self._tick(by, ("fetched",))

    def news(self, devices: Sequence[LinkedDevice]) -> list[str]:
        """What is new, from the devices that the proxy tells of; each thing is said once."""
        lines = []
        for device in devices:
            lines += self._tick(device.address, MARKS[device.link])
            if device.link == "refuses" and not self._refused:
                self._refused = True
                lines.append(self._refusal(device))
        return lines

    def missing(self) -> str:
        """The next step that is not done, in a few words."""
        step = next(step for step in self.steps if step.mark not in self._done)
        return f"step {self._number(step.mark)} ({step.title})"

    def _tick(self, who: str, marks: Sequence[Mark]) -> list[str]:
        new = [step.mark for step in self.steps if step.mark in marks and step.mark not in self._done]
        self._done |= set(new)
        return [f"[x] {self._number(mark)}  {DONE[mark].format(who=who)}" for mark in new]

    def _refusal(self, device: LinkedDevice) -> str:
        host = f" for {escape_controls(device.refused)}" if device.refused else ""
        step = next(step for step in self.steps if step.mark == "trusts")
        number = self._number("trusts")
        return f"[!] {number}  " + REFUSES.format(who=device.address, host=host, step=number, title=step.title)

    def _number(self, mark: Mark) -> int:
        return next(number for number, step in enumerate(self.steps, 1) if step.mark == mark)


def candidates(devices: Sequence[LinkedDevice], known: Collection[str], fetched_by: str | None) -> list[LinkedDevice]:
    """Those devices that may be the one that is set up: the one that fetched the profile, and those that were not there
    (``known``) when the guide began, for it may come back with another address."""
    return [one for one in devices if one.address == fetched_by or one.address not in known]
