"""``passlens device``: makes a profile, hands it to the device, and goes with the person through the menus."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from passlens.device.certificate import authority, authority_file
from passlens.device.doctor.probe import ask
from passlens.device.guide import Guide, candidates
from passlens.device.link import Find, LinkedDevice, RunningProxy
from passlens.device.profile import DeviceKind, Wifi, mobileconfig
from passlens.device.qr_code import qr_lines
from passlens.device.serve import LIFETIME, ProfileServer
from passlens.errors import NoProxyError, ProfileError
from passlens.proxy.log_filter import shown_address
from passlens.util.atomic import PRIVATE, cannot_write, replacing
from passlens.util.local_address import default_address, is_local, local_addresses, named
from passlens.util.text import escape_controls

DEFAULT_PORT: Final = 8080
_INTERVAL: Final = 0.5
"""Seconds between two looks at the running proxy."""


@dataclass(frozen=True)
class ProfileSettings:
    """What the user asked for; ``ssid`` is None for a profile with the certificate only."""

    kind: DeviceKind
    ssid: str | None
    address: str | None
    port: int | None
    folder: Path
    removal_days: int | None = None


@dataclass(frozen=True)
class MadeProfile:
    """A profile, and what it was made of."""

    profile: bytes
    address: str
    port: int
    settings: ProfileSettings


def make(settings: ProfileSettings, password: Callable[[], str | None], find: Find) -> MadeProfile:
    """Make the profile; ``password`` is asked only for a network. Raises ProfileError."""
    address = settings.address or default_address()
    if address is None:
        raise ProfileError("this machine has no network that a device could reach it in; join one, or give --address.")
    port = settings.port if settings.port is not None else running_port(find()) or DEFAULT_PORT
    wifi = None
    if settings.ssid is not None:
        # What needs no password is checked first, so that nobody types it in vain.
        mobileconfig(settings.kind, b"", Wifi(settings.ssid, None, address, port))
        wifi = Wifi(settings.ssid, password(), address, port)
    days = settings.removal_days
    until = None if days is None else datetime.now(UTC) + timedelta(days=days)
    profile = mobileconfig(settings.kind, authority(settings.folder), wifi, until)
    return MadeProfile(profile, address, port, settings)


def write(made: MadeProfile, path: Path) -> None:
    """Write the profile to a file that only the user can read, for it may hold the password. Raises ProfileError."""
    try:
        with replacing(path, PRIVATE) as stream:
            stream.write(made.profile)
    except (OSError, ValueError) as error:
        raise ProfileError(cannot_write(f"the profile {escape_controls(str(path))}", error)) from None


def serve(made: MadeProfile, find: Find, out: TextIO, lifetime: float = LIFETIME) -> int:
    """Serve the profile and guide until the device calls the API; returns the exit status: 0 if the profile was
    fetched and, where a proxy runs, used; 1 if nobody came. Raises ProfileError."""
    here = made.address if is_local(made.address) else default_address()
    if here is None:
        raise ProfileError("this machine has no address to serve the profile from; write it with --output FILE.")
    with ExitStack() as stack:
        try:
            television = made.settings.kind == "apple-tv"
            server = stack.enter_context(ProfileServer(made.profile, here, for_television=television))
        except OSError as error:
            raise ProfileError(f"cannot serve the profile at {here}: {error.strerror}; see --output FILE.") from None
        return _Session(made, server, find, out).run(lifetime)


class _Session:
    """One set-up, from the first line on the screen to the last."""

    def __init__(self, made: MadeProfile, server: ProfileServer, find: Find, out: TextIO) -> None:
        self.made, self.server, self.find, self.out = made, server, find, out
        self.guide = Guide(made.settings.kind, server.url, made.settings.ssid, made.address, made.port)
        self.proxy = find()
        self.known = {one.address for one in _devices(self.proxy)}

    def run(self, lifetime: float) -> int:
        self._write(*introduction(self.made, self.proxy is not None))
        # The code comes last, so that it is on the screen of a small terminal while the device is waited for.
        self._write("", *self.guide.overview(), "", *_shown(self.server.url, self.out), "")
        self._write(f"The profile can be fetched once, within {lifetime / 60:.0f} minutes. Ctrl-C ends.", "")
        deadline = time.monotonic() + lifetime
        while not self.guide.finished:
            if self.server.ended:
                self.server.close()
                if self.server.fetched_by is None:
                    self._write("Too many requests for other addresses: somebody guesses. Start again.")
                    return 1
            if self._look():
                deadline = time.monotonic() + lifetime
            if time.monotonic() > deadline:
                return self._late()
            self.server.wait(_INTERVAL)
        return 0

    def _look(self) -> bool:
        """Say what is new; whether there was something."""
        # As the proxy tells of it: an address outside of private networks by its pseudonym.
        fetched_by = shown_address(self.server.fetched_by) if self.server.fetched_by is not None else None
        lines = [] if fetched_by is None else self.guide.fetched(fetched_by)
        if self.proxy is None and (found := self.find()) is not None:
            self.proxy = found
            lines.append("    the proxy runs now")
        devices = _devices(self.proxy)
        lines += self.guide.news(candidates(devices, self.known, fetched_by))
        self._write(*(f"{time.strftime('%H:%M:%S')}  {line}" for line in lines))
        return bool(lines)

    def _late(self) -> int:
        if self.server.fetched_by is None:
            self._write("Nobody fetched the profile in time; start again when the device is at hand.")
            return 1
        self._write(f"Still to do: {self.guide.missing()}. passlens doctor finds out what is in the way.")
        return 1 if self.proxy is not None else 0

    def _write(self, *lines: str) -> None:
        for line in lines:
            self.out.write(f"{line}\n")
        self.out.flush()


def introduction(made: MadeProfile, running: bool) -> list[str]:
    """What the profile holds, and whether the proxy runs."""
    settings = made.settings
    others = [one for one in local_addresses() if one.address != made.address]
    lines = [f"profile      certificate {authority_file(settings.folder)}"]
    if settings.ssid is not None:
        lines.append(f"             Wi-Fi {escape_controls(settings.ssid)}, proxy {made.address} port {made.port}")
    if others and settings.address is None:
        lines.append(f"             this machine is also {named(others)}: --address takes another")
    lines.append(f"proxy        {_proxy_state(made, running)}")
    return lines


def _proxy_state(made: MadeProfile, running: bool) -> str:
    """Whether the proxy runs, and what it means for the guide."""
    if running:
        return "runs"
    if ask(made.address, made.port).kind == "mitmproxy":
        return "runs, but tells nothing of devices: only the first step is ticked off"
    start = "passlens proxy" if made.port == DEFAULT_PORT else f"passlens proxy --port {made.port}"
    return f"not found: start it in another terminal: {start}"


def _shown(url: str, out: TextIO) -> list[str]:
    """The address as a QR code and large."""
    frame = "=" * (len(url) + 8)
    large = f"    {url}    "
    return [*qr_lines(url, out), "", frame, f"\x1b[1m{large}\x1b[0m" if out.isatty() else large, frame]


def _devices(proxy: RunningProxy | None) -> list[LinkedDevice]:
    """The devices; none where the proxy does not answer, for a moment or for good."""
    try:
        return [] if proxy is None else list(proxy.devices())
    except NoProxyError:
        return []


def running_port(proxy: RunningProxy | None) -> int | None:
    """The port of the running proxy; None if none runs, or it has just ended."""
    try:
        return None if proxy is None else proxy.status().port
    except NoProxyError:
        return None
