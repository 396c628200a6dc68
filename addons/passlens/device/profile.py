"""The configuration profile that puts an Apple device behind the proxy: mitmproxy's certificate authority, and a Wi-Fi
network with a manual proxy. Keys and values are those of Apple's Device Management schema (TopLevel,
com.apple.security.root, com.apple.wifi.managed)."""

import plistlib
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, Final, Literal

from passlens.errors import ProfileError

DeviceKind = Literal["apple-tv", "iphone"]

TARGET_DEVICE_TYPE: Final[dict[DeviceKind, int]] = {"apple-tv": 4, "iphone": 1}
"""``TargetDeviceType``: 4 is an Apple TV, 1 an iPhone, iPad or iPod touch."""

PROFILE: Final = "passlens.profile"
CERTIFICATE: Final = "passlens.certificate"
WIFI: Final = "passlens.wifi"
"""``PayloadIdentifier`` of the three parts. They never change: a device takes a profile with a known identifier as the
new version of the one it has."""

_NAMESPACE: Final = uuid.UUID("5d2f86f0-9f2f-4c0e-a6c5-6c1f0e1d7a11")

MAX_SSID_BYTES: Final = 32
"""Bytes of a network's name, by IEEE 802.11."""

PASSPHRASE_LENGTHS: Final = range(8, 64)
"""Characters of a WPA passphrase. 64 hexadecimal digits are the key itself."""


@dataclass(frozen=True)
class Wifi:
    """The network the device joins, and the proxy it uses there. ``password`` is None for an open network."""

    ssid: str
    password: str | None = field(repr=False)
    proxy_address: str
    proxy_port: int


def mobileconfig(
    kind: DeviceKind, certificate: bytes, wifi: Wifi | None = None, removal_date: datetime | None = None
) -> bytes:
    """The .mobileconfig file: an XML property list.

    ``certificate`` is the authority's certificate in DER. Without ``wifi`` the profile brings the certificate only.
    ``removal_date`` (with a time zone) is when the device removes the profile by itself. Raises ProfileError.
    """
    content = [_certificate(certificate)]
    if wifi is not None:
        content.append(_wifi(wifi))
    document: dict[str, Any] = {
        **_common("Configuration", PROFILE, "passlens: proxy and certificate" if wifi else "passlens: certificate"),
        "PayloadDescription": _description(wifi),
        "PayloadOrganization": "passlens",
        "PayloadRemovalDisallowed": False,
        "TargetDeviceType": TARGET_DEVICE_TYPE[kind],
        "PayloadContent": content,
    }
    if removal_date is not None:
        document["RemovalDate"] = removal_date.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return plistlib.dumps(document)


def _common(kind: str, identifier: str, name: str) -> dict[str, Any]:
    """The keys that every payload has."""
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid5(_NAMESPACE, identifier)).upper(),
        "PayloadDisplayName": name,
    }


def _certificate(certificate: bytes) -> dict[str, Any]:
    return {
        **_common("com.apple.security.root", CERTIFICATE, "mitmproxy certificate authority"),
        "PayloadCertificateFileName": "mitmproxy-ca-cert.cer",
        "PayloadContent": certificate,
    }


def _wifi(wifi: Wifi) -> dict[str, Any]:
    check_ssid(wifi.ssid)
    check_address(wifi.proxy_address)
    check_port(wifi.proxy_port)
    payload = {
        **_common("com.apple.wifi.managed", WIFI, f"Wi-Fi {wifi.ssid} through the proxy"),
        "SSID_STR": wifi.ssid,
        "HIDDEN_NETWORK": False,
        "AutoJoin": True,
        "ProxyType": "Manual",
        "ProxyServer": wifi.proxy_address,
        "ProxyServerPort": wifi.proxy_port,
    }
    if wifi.password is None:
        return {**payload, "EncryptionType": "None"}
    check_password(wifi.password)
    # Any joins WPA, WPA2 and WPA3; the narrower words leave one of them out since tvOS 16.
    return {**payload, "EncryptionType": "Any", "Password": wifi.password}


def _description(wifi: Wifi | None) -> str:
    """What the device shows before it installs the profile."""
    trust = "Trusts the certificate authority of mitmproxy on one computer."
    if wifi is None:
        return f"{trust} Remove it when you are done."
    proxy = f"Sends the traffic of Wi-Fi {wifi.ssid} through {wifi.proxy_address} port {wifi.proxy_port}."
    return f"{proxy} {trust} Remove it when you are done."


def check_ssid(ssid: str) -> None:
    """Raise ProfileError unless ``ssid`` can be a network's name."""
    size = len(ssid.encode("utf-8", "surrogatepass"))
    if not 1 <= size <= MAX_SSID_BYTES:
        raise ProfileError(f"a network's name has 1 to {MAX_SSID_BYTES} bytes, this one has {size}; see --ssid.")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in ssid):
        raise ProfileError("the network's name holds a control character, which no profile can carry; see --ssid.")


def check_password(password: str) -> None:
    """Raise ProfileError unless ``password`` can be one of WPA, WPA2 or WPA3."""
    length = len(password)
    if re.fullmatch(r"[0-9A-Fa-f]{64}", password):
        return
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in password):
        raise ProfileError("the Wi-Fi password holds a control character or a line break; give it as one line.")
    if length not in PASSPHRASE_LENGTHS:
        raise ProfileError(f"a Wi-Fi password has 8 to 63 characters, or 64 hexadecimal digits; this one has {length}.")


def check_address(address: str) -> None:
    """Raise ProfileError if a device could not reach a proxy at ``address``: an IP address or a host name."""
    try:
        ip = ip_address(address)
    except ValueError:
        ip = None
    if ip is None:
        labels = address.lower().split(".")
        if len(address) > 253 or not all(re.fullmatch(r"(?!-)[a-z0-9-]{1,63}(?<!-)", label) for label in labels):
            raise ProfileError(f"{address[:80]!r} is no IP address and no host name; see --address.")
        if labels[-1] == "localhost":
            raise ProfileError("localhost is the device itself there; give this computer's address with --address.")
        return
    if ip.is_loopback or ip.is_unspecified or ip.is_multicast:
        raise ProfileError(
            f"a device cannot reach {address}; give this computer's address in its network with --address."
        )


def check_port(port: int) -> None:
    """Raise ProfileError unless ``port`` is one of TCP."""
    if not 1 <= port <= 65535:
        raise ProfileError(f"a port is a number from 1 to 65535, not {port}; see --port.")
