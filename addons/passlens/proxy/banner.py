"""What ``passlens proxy`` says at its start: versions, address and port to type, whose TLS it looks into, the path of
the certificate, how to set up a device."""

import platform
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from mitmproxy import version

import passlens
from passlens.proxy.hosts import Hosts
from passlens.util.local_address import Local, local_addresses
from passlens.util.text import escape_controls, fold

_MARGIN: Final = 13
MAX_ADDRESSES: Final = 4
"""Other addresses that are named."""


def lines(
    options: Any,
    ports: Sequence[tuple[str, int]],
    hosts: Hosts,
    *,
    width: int | None = None,
    panel: Sequence[str] = (),
    sandbox: str | None = None,
) -> list[str]:
    """The banner of a proxy that listens on ``ports`` (address and port, as mitmproxy has them). ``panel`` is what is
    said of the panel; its lines are never cut, for an address has to stay whole. ``sandbox`` is what the sandbox
    plays, where it is on."""
    named = f"passlens {passlens.__version__}, {version.MITMPROXY}, Python {platform.python_version()}"
    certificate = Path(options.confdir).expanduser() / "mitmproxy-ca-cert.pem"
    before = [
        ("proxy", _where(options.mode, ports, _addresses(ports))),
        ("looks into", _looks_into(options, hosts)),
        *([("sandbox", f"answers in the API's place, no server is asked; {sandbox}")] if sandbox is not None else []),
    ]
    after = [
        ("certificate", _short(certificate)),
        ("set up", "passlens device apple-tv --ssid YOUR-WIFI   (passlens device --help names other devices)"),
    ]
    shown = [f"{'' if place else 'panel':<{_MARGIN}}{line}" for place, line in enumerate(panel)]
    return [named, *_rows(before, width), *shown, *_rows(after, width)]


def _rows(rows: Sequence[tuple[str, str]], width: int | None) -> list[str]:
    return [
        line
        for label, said in rows
        for line in fold(escape_controls(said), width, first=f"{label:<{_MARGIN}}", rest=" " * _MARGIN)
    ]


def _where(modes: Sequence[str], ports: Sequence[tuple[str, int]], local: Sequence[Local]) -> str:
    """The address and port that a device is to be given, of the families that the proxy listens on.

    >>> _where(["regular"], [("0.0.0.0", 8080)], [Local("192.168.1.20", "en0", True), Local("fd00::2", "en0")])
    '192.168.1.20 port 8080'
    """
    found = []
    for host, port in dict.fromkeys((address[0], address[1]) for address in ports):
        if not _is_everywhere(host):
            here = ", this machine only" if ip_address(host.partition("%")[0]).is_loopback else ""
            found.append(f"{host} port {port}{here}")
        elif not any(f" port {port}" in one for one in found):
            families = {":" in address[0] for address in ports if _is_everywhere(address[0]) and address[1] == port}
            reached = [one.address for one in local if (":" in one.address) in families]
            first, *others = reached or ["127.0.0.1" if False in families else "::1"]
            also = f"   (also {', '.join(others[:MAX_ADDRESSES])})" if others else ""
            found.append(f"{first} port {port}{also}")
    named = ", ".join(modes)
    if not found:
        return named  # traffic that comes without a port, such as that of local programs
    return ", ".join(found) + ("" if named == "regular" else f"   ({named})")


def _addresses(ports: Sequence[tuple[str, int]]) -> list[Local]:
    """This machine's addresses, asked for only where the proxy listens at them."""
    return local_addresses() if any(_is_everywhere(address[0]) for address in ports) else []


def _looks_into(options: Any, hosts: Hosts) -> str:
    if any(mode.startswith("reverse:") for mode in options.mode):
        return "its upstream"
    if options.allow_hosts:
        return f"what allow_hosts names: {', '.join(options.allow_hosts)}"
    if not hosts.patterns:
        return "TLS to every host; apps that pin do not connect"
    return f"{', '.join(hosts.patterns)}; all else passes unread (--host adds one)"


def _is_everywhere(host: str) -> bool:
    return not host or ip_address(host.partition("%")[0]).is_unspecified


def _short(path: Path) -> str:
    """A path below the home folder by ``~``."""
    try:
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    except ValueError:
        return str(path)
