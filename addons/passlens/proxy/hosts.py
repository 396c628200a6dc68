"""Which hosts' TLS is looked into: those of the API and those a user names. TLS to all others passes unread, with the
origin's own certificate, so that apps and system services that pin keep working."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mitmproxy.proxy.mode_specs import ReverseMode
from mitmproxy.tls import ClientHelloData

from passlens.rest_v2.operations import HOST_DOMAINS, HOSTS
from passlens.util.address import is_ip_address

API_HOSTS: Final = tuple(f"*{domain}" for domain in HOST_DOMAINS)
"""What ``passlens proxy`` looks into on its own, as its option says it."""

_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")


@dataclass(frozen=True)
class HostNames:
    """Names of hosts: whole ones, and the ends of those that stand for a domain (``.auth.adobe.com``)."""

    names: frozenset[str]
    ends: tuple[str, ...]

    def __contains__(self, host: object) -> bool:
        name = str(host).lower().removesuffix(".")
        return name in self.names or name.endswith(self.ends)


def is_host_name(text: str) -> bool:
    """Whether a text in lower case is the name of a host, or an IPv4 address.

    >>> is_host_name("sp.auth.adobe.com"), is_host_name("*.auth.adobe.com"), is_host_name("localhost:8080")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def parse_hosts(text: str) -> tuple[str, ...]:
    """The names and ``*.domain`` patterns of ``passlens_hosts``, in lower case, each once; none means every host.
    Raises ValueError with a sentence.

    >>> parse_hosts("*.auth.adobe.com, api.example.com")
    ('*.auth.adobe.com', 'api.example.com')
    """
    found = tuple(dict.fromkeys(name.lower().removesuffix(".") for name in text.replace(",", " ").split()))
    for name in found:
        if not is_host_name(name.removeprefix("*.")) and not is_ip_address(name):
            words = "expected host names or *.domain, without scheme, port or path"
            raise ValueError(f"passlens_hosts names {name!r}; {words}.")
    return found


def host_names(patterns: Iterable[str]) -> HostNames:
    """The names that some patterns stand for.

    >>> "sp.auth.adobe.com" in host_names(["*.auth.adobe.com"]), "auth.adobe.com" in host_names(["*.auth.adobe.com"])
    (True, False)
    """
    given = tuple(patterns)
    ends = tuple(name[1:] for name in given if name.startswith("*."))
    return HostNames(frozenset(name for name in given if not name.startswith("*.")), ends)


class Hosts:
    """Decides for each TLS connection of a client whether it is looked into. At first all are."""

    def __init__(self) -> None:
        self.patterns: tuple[str, ...] = ()
        self._names: HostNames | None = None

    def look_into(self, patterns: Sequence[str], more: Iterable[str] = ()) -> None:
        """Look into these hosts and ``more`` from now on; without patterns into all."""
        self.patterns = tuple(dict.fromkeys((*patterns, *_beyond(patterns, more)))) if patterns else ()
        self._names = host_names(self.patterns) if patterns else None

    def passed(self, data: ClientHelloData, allow_hosts: Sequence[str]) -> str | None:
        """The host whose TLS is to pass unread, None where it is looked into.

        As mitmproxy does for its own lists, the address asked for, the server's and the name in the ClientHello all
        count. What a user's own ``allow_hosts`` let through to here is looked into, as is a reverse proxy's upstream.
        """
        address, peer = data.context.server.address, data.context.server.peername
        if self._names is None or allow_hosts or address is None:
            return None
        if isinstance(data.context.client.proxy_mode, ReverseMode):
            return None
        name = data.client_hello.sni
        for host in (name, address[0], peer[0] if peer else None):
            if host is not None and host in self._names:
                return None
        return name or address[0]


def hidden(ignore_hosts: Sequence[str], allow_hosts: Sequence[str]) -> str | None:
    """A sentence about hosts of the API that a user's own lists keep from passlens, or None."""

    def is_in(patterns: Sequence[str], host: str) -> bool:
        return any(re.search(pattern, f"{host}:443", re.IGNORECASE) for pattern in patterns)

    by_ignoring = [host for host in HOSTS if is_in(ignore_hosts, host)]
    if by_ignoring:
        return f"ignore_hosts hides {', '.join(by_ignoring)} from passlens; its exchanges are not seen."
    by_allowing = [host for host in HOSTS if allow_hosts and not is_in(allow_hosts, host)]
    if by_allowing:
        return f"allow_hosts does not name {', '.join(by_allowing)}; what goes there passes unread."
    return None


def options_hide(options: Any) -> str | None:
    """The same for the options of a mitmproxy."""
    return hidden(options.ignore_hosts, options.allow_hosts)


def _beyond(patterns: Iterable[str], more: Iterable[str]) -> list[str]:
    """Those names that no pattern holds."""
    known = host_names(patterns)
    return sorted(name for name in more if name not in known)
