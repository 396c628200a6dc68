"""Where the panel is: the address of the control API with the token in the fragment, which no browser sends."""

from ipaddress import ip_address

from passlens.control.runtime_file import Address
from passlens.util.address import bracketed
from passlens.util.local_address import default_address


def panel_url(address: Address) -> str:
    """The address to open. It holds the token: for a terminal or a browser, and for nothing that is kept.

    >>> panel_url(Address("127.0.0.1", 8084, "made-up-token"))
    'http://127.0.0.1:8084/#made-up-token'
    """
    host = address.host
    if ip_address(host).is_unspecified:
        host = default_address() or {"::": "::1"}.get(host, "127.0.0.1")
    return f"http://{bracketed(host)}:{address.port}/#{address.token}"


def is_for_others(address: Address) -> bool:
    """Whether another machine can open it."""
    return not ip_address(address.host).is_loopback
