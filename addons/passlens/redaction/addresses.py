"""IP addresses inside longer texts: Via, Server-Timing, lists of hops, messages of errors; with a port, in brackets,
with percent-escaped colons. Shared by redaction and clean copies."""

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import unquote

_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|[01]?\d?\d)"
_V4: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}(?!\d|\.\d)"
_COLON: Final = r"(?::|%3[Aa])"
# Not in the middle of a number or of an escape; after an escape anything may begin.
_BEFORE: Final = r"(?:(?<![0-9A-Za-z.%])(?<!%[0-9A-Fa-f])|(?<=%[0-9A-Fa-f]{2}))"
_V6: Final = (
    rf"{_BEFORE}(?:[0-9A-Fa-f]{{0,4}}{_COLON}){{2,7}}(?:{_OCTET}(?:\.{_OCTET}){{3}}|[0-9A-Fa-f]{{0,4}})(?![0-9A-Za-z:])"
)
_LOOSE_V4: Final = rf"(?:(?<![0-9.%vV])(?<!%[0-9A-Fa-f])|(?<=%[0-9A-Fa-f]{{2}})){_V4}"
_ADDRESS: Final = re.compile(f"{_V6}|{_LOOSE_V4}")
_IPV4: Final = re.compile(_LOOSE_V4)
_HINT: Final = re.compile(r"\d\.\d{1,3}\.\d|[0-9A-Fa-f:](?::|%3[Aa])[0-9A-Fa-f]{0,4}(?::|%3[Aa])")
"""One of these stands in every text that holds an address."""

_SYSTEM: Final = re.compile(r"(?:OS|Android|Roku|Tizen)[ /]$")
_PRODUCT: Final = re.compile(r"(?:[A-Za-z]/|[vV]ersion[ :=/\"]{0,3}|[vV]=\"?)$")
"""What stands before a version with four numbers: anywhere, and where versions stand."""

_SAYS_NOTHING: Final = tuple(map(ip_network, ("192.0.2.0/24", "2001:db8::/32")))

_PRIVATE: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
                     "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10"))
)  # fmt: skip
"""Networks whose addresses say nothing about a person: RFC 1918, 3927, 6598, 4193, 4291, and this machine."""


def is_private(text: str) -> bool:
    """True for an address of this machine or of a private network, which a live screen may show."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in _PRIVATE)


def replace_addresses(text: str, change: Callable[[str], str], *, versions: bool = False) -> str:
    """The text with each address replaced by what ``change`` makes of it. Addresses of this machine, those for
    documentation, and four numbers after the name of an operating system stay; with ``versions`` also four numbers
    that are the whole text or follow the name of a product.

    >>> replace_addresses("Via: 1.1 198.51.100.7:3128, ::1", lambda address: "ADDRESS")
    'Via: 1.1 ADDRESS:3128, ::1'
    """
    if _HINT.search(text) is None:
        return text

    def changed(match: re.Match[str]) -> str:
        found = unquote(match[0])
        if not _is_address(found):
            return _IPV4.sub(lambda inner: change(inner[0]), match[0]) if "." in found and ":" in found else match[0]
        if _says_nothing(found) or _is_version(text, match, versions):
            return match[0]
        return change(found)

    return _ADDRESS.sub(changed, text)


def is_version(text: str) -> bool:
    """True for four numbers and nothing else."""
    return _IPV4.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """True for an IPv4 or IPv6 address and nothing else; leading zeros are taken."""
    return (":" in text or _IPV4.fullmatch(text) is not None) and _is_address(text)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return ":" not in text  # numbers with leading zeros
    return True


def _says_nothing(text: str) -> bool:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified or any(address in network for network in _SAYS_NOTHING)


def _is_version(text: str, match: re.Match[str], versions: bool) -> bool:
    before = text[max(match.start() - 12, 0) : match.start()]
    if ":" in match[0] or not versions:
        return ":" not in match[0] and _SYSTEM.search(before) is not None
    return match[0] == text.strip() or (_PRODUCT.search(before) or _SYSTEM.search(before)) is not None
