"""Finds what is to be examined: what the user named, else what the running proxy says, else the usual."""

import socket
from pathlib import Path
from typing import Final

from passlens.device.doctor.diagnosis import Examined
from passlens.device.link import Find
from passlens.device.profile import check_port
from passlens.device.set_up import DEFAULT_PORT, running_port
from passlens.errors import ProfileError
from passlens.util.local_address import default_address

_NO_NETWORK: Final = "127.0.0.1"


def locate(address: str | None, port: int | None, folder: Path, host: str, find: Find) -> Examined:
    """What the checks are given; raises ProfileError for an address or a port that is none."""
    if port is not None:
        check_port(port)
    proxy = find()
    found = _resolved(address) if address is not None else default_address() or _NO_NETWORK
    return Examined(found, port or running_port(proxy) or DEFAULT_PORT, folder, host, proxy)


def _resolved(address: str) -> str:
    """The IP address of a name; an IP address stays as it is."""
    try:
        return str(socket.getaddrinfo(address, None, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        raise ProfileError(f"{address[:80]!r} is no address that this machine can find; see --address.") from None
