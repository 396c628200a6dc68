"""The addresses under which devices reach this machine."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Final, NamedTuple

import ifaddr

_PROBES: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses for documentation: to connect a datagram socket asks for the way there and sends nothing."""


class Local(NamedTuple):
    """One address of this machine. ``default`` marks that of the interface of the default route."""

    address: str
    interface: str
    default: bool = False


def default_address() -> str | None:
    """This machine's address on the interface of the default route, IPv4 first; None without a route."""
    for family, probe in _PROBES:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asking:
                asking.connect((probe, 9))
                found = str(asking.getsockname()[0])
        except OSError:
            continue
        if usable(found):
            return found
    return None


def local_addresses() -> list[Local]:
    """All addresses that a device may reach, that of the default route first, IPv4 before IPv6."""
    default = default_address()
    found = [
        Local(text, adapter.nice_name, text == default)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if usable(text := ip.ip if isinstance(ip.ip, str) else ip.ip[0])
    ]
    if default is not None and not any(one.default for one in found):
        found.append(Local(default, "", True))
    return sorted(found, key=lambda one: (not one.default, ":" in one.address, one.interface, one.address))


def usable(address: str) -> bool:
    """Whether another machine can reach ``address`` as it is written, without the name of an interface."""
    ip = ip_address(address.split("%", 1)[0])
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)


def is_local(text: str) -> bool:
    """Whether an address is one of this machine. A host name, or a pseudonym of an address, is none."""
    try:
        loopback = ip_address(text.split("%", 1)[0]).is_loopback
    except ValueError:
        return False
    return loopback or any(one.address == text for one in local_addresses())


def named(addresses: Sequence[Local]) -> str:
    """The addresses in one line, with their interfaces.

    >>> named([Local("192.168.1.20", "en0", True), Local("10.8.0.2", "utun3")])
    '192.168.1.20 (en0, default route), 10.8.0.2 (utun3)'
    """
    return ", ".join(
        f"{one.address} ({', '.join(filter(None, (one.interface, 'default route' * one.default)))})"
        if one.interface or one.default
        else one.address
        for one in addresses
    )
