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
