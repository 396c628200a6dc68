"""Where the proxy itself listens, and when it does."""

import asyncio
from typing import TYPE_CHECKING

from mitmproxy import ctx

if TYPE_CHECKING:  # all of mitmproxy's addons come with it
    from mitmproxy.addons.proxyserver import Proxyserver, Servers


def addresses() -> list[tuple[str, int]]:
    """Addresses and ports of the proxy."""
    server = _proxyserver()
    return [(str(address[0]), int(address[1])) for address in server.listen_addrs()] if server is not None else []


async def begun() -> bool:
    """Wait until the proxy can be reached; False where it is not to listen at all."""
    server = _proxyserver()
    if not ctx.options.server or server is None:
        return False
    await _running(server.servers)
    return True


def _proxyserver() -> "Proxyserver | None":
    found: Proxyserver | None = ctx.master.addons.get("proxyserver")
    return found


async def _running(servers: "Servers") -> None:
    # Some modes listen at no address.
    changed = asyncio.Event()
    servers.changed.connect(changed.set)
    while not any(server.is_running for server in servers):
        await changed.wait()
        changed.clear()
