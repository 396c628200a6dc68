"""Spellings of IP addresses."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@lru_cache(1024)
def plain_address(address: str) -> str:
    """An address in one spelling: an IPv4 address that came over IPv6 as itself, without the name of an interface. What
    is no address stays.

    >>> plain_address("::ffff:192.168.1.50"), plain_address("fe80::1%en0"), plain_address("somebody")
    ('192.168.1.50', 'fe80::1', 'somebody')
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(mapped or ip)


def is_ip_address(host: str) -> bool:
    """True for an IP address, False for the name of a host.

    >>> is_ip_address("192.168.1.50"), is_ip_address("::1"), is_ip_address("sp.auth.adobe.com")
    (True, True, False)
    """
    # Telling names apart without the costs of an exception: an address ends in a digit or has a colon.
    if not host or not (host[-1].isdigit() or ":" in host):
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def bracketed(host: str) -> str:
    """A host as it stands before a port.

    >>> bracketed("::1"), bracketed("127.0.0.1")
    ('[::1]', '127.0.0.1')
    """
    return f"[{host}]" if ":" in host else host
