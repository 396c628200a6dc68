"""The way through the menus of Apple's devices: one table a kind of device, in the order in which it is walked."""

from typing import Final, Literal, NamedTuple

from passlens.device.profile import DeviceKind

Mark = Literal["fetched", "connected", "trusts", "api"]
"""How far a device has come: it fetched the profile, uses the proxy, trusts the certificate, called the API."""


class MenuStep(NamedTuple):
    """What a person does on the device, a line each, and the mark that shows that it is done. Some lines hold only for
    a profile with a Wi-Fi network, others only for one without."""

    mark: Mark
    title: str
    lines: tuple[str, ...]
    with_wifi: tuple[str, ...] = ()
    without_wifi: tuple[str, ...] = ()


_OTHER_WAY: Final = "confirm Install; for the proxy see docs/apple-tv.md, By Ethernet"


MENUS: Final[dict[DeviceKind, tuple[MenuStep, ...]]] = {
    "apple-tv": (
        MenuStep(
            "fetched",
            "Add the profile",
            (
                "Settings, General, Privacy & Security (tvOS 15 and earlier: Privacy)",
                "move to Share Apple TV Analytics, do not open it, press play/pause",
                "Add Profile: type {url}",
            ),
        ),
        MenuStep(
            "connected",
            "Install it",
            (),
            (
                "confirm Install; the television joins Wi-Fi {ssid}",
                "not joined: unplug Ethernet, forget the network in Settings, Network,",
                "and add the profile again",
                "then open any app, so that something is sent",
            ),
            (_OTHER_WAY,),
        ),
        MenuStep(
            "trusts",
            "Trust the certificate",
            ("Settings, General, About, Certificate Trust Settings (last in the list)", "turn mitmproxy on"),
        ),
        MenuStep("api", "Open your app", ("the first block appears with its first call to the API",)),
    ),
    "iphone": (
        MenuStep(
            "fetched",
            "Download the profile",
            ("scan the code, or type in Safari {url}", "allow the download"),
        ),
        MenuStep(
            "connected",
            "Install it",
            ("Settings, Profile Downloaded (or General, VPN & Device Management), Install",),
            ("the phone joins Wi-Fi {ssid}", "if it does not: Settings, Wi-Fi, forget it, and install again"),
            (
                "set the proxy by hand: Settings, Wi-Fi, the i, Configure Proxy, Manual,",
                "server {address}, port {port}",
            ),
        ),
        MenuStep(
            "trusts",
            "Trust the certificate",
            ("Settings, General, About, Certificate Trust Settings", "turn mitmproxy on"),
        ),
        MenuStep("api", "Open your app", ("the first block appears with its first call to the API",)),
    ),
}

REMOVAL: Final[dict[DeviceKind, str]] = {
    "apple-tv": "Settings, General, Profiles (or VPN & Device Management), passlens",
    "iphone": "Settings, General, VPN & Device Management, passlens",
}
"""Where the profile is removed."""
