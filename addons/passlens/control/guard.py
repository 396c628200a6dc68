"""What the control API takes: who may ask it, and from where. Pure, but for the connection that is refused."""

import hmac
from ipaddress import IPv6Address, ip_address
from typing import Final

from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from passlens.util.address import is_ip_address

_SCHEME: Final = "bearer "


def has_token(header: str | None, token: str) -> bool:
    """Whether an Authorization header carries the token; takes the same time for every wrong one."""
    if header is None or header[: len(_SCHEME)].lower() != _SCHEME:
        return False
    given = header[len(_SCHEME) :].strip()
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def is_own_host(header: str | None, port: int) -> bool:
    """Whether a Host header names an address itself, or localhost, with this port. A name can be made to lead to this
    machine by whoever owns it (DNS rebinding), an address cannot."""
    if not header:
        return False
    host, _, tail = header.rpartition("]") if header.startswith("[") else header.partition(":")
    if header.startswith("["):
        host, tail = host[1:], tail.removeprefix(":")
    if tail != str(port) and not (tail == "" and port == 80):
        return False
    return host.lower() == "localhost" or is_ip_address(host)


def is_own_origin(origin: str | None, host: str) -> bool:
    """Whether a request comes from no page at all, or from a page of the control API itself."""
    return origin is None or origin.lower() == f"http://{host.lower()}"


def refuse(data: ServerConnectionHookData, address: str, port: int) -> None:
    """Let a connection that the proxy is about to open fail where it would lead to the control API at this address, by
    whatever name: names, and addresses in unusual spellings, can be made to lead to this machine."""
    target = data.server.address
    if target is None or target[1] != port:
        return
    if _may_be_own(str(target[0]), address):
        data.server.error = (
            "passlens lets nothing through the proxy to the port of its control API; move that with --control."
        )


def _may_be_own(host: str, bound: str) -> bool:
    if not ip_address(bound).is_loopback:
        return True  # it may listen on every address of this machine
    return not is_ip_address(host) or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    """Whether it leads to this machine alone; the unspecified address does, too, where something connects to it."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified
