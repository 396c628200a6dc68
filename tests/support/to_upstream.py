"""A mitmproxy script that sends every connection to the local upstream, whatever host it was meant for.
The flow keeps the host it asked for; nothing leaves loopback."""

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.proxy.server_hooks import ServerConnectionHookData


class ToUpstream:
    """Options ``upstream_tls`` and ``upstream_plain`` are ports on loopback."""

    def __init__(self) -> None:
        self.meant: dict[str, tuple[str, int]] = {}

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        loader.add_option("upstream_tls", int, 0, "Port for connections meant for port 443.")
        loader.add_option("upstream_plain", int, 0, "Port for all other connections.")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Connect to the upstream instead."""
        if data.server.address is None:
            return
        self.meant[data.server.id] = data.server.address
        port = ctx.options.upstream_tls if data.server.address[1] == 443 else ctx.options.upstream_plain
        data.server.address = ("127.0.0.1", port)

    def server_connected(self, data: ServerConnectionHookData) -> None:
        """Put the address back, so that the connection is found again for the next request to its host."""
        meant = self.meant.pop(data.server.id, None)
        if meant is not None:
            # An open connection refuses a new address; this one only gets its old one back.
            object.__setattr__(data.server, "address", meant)

    def server_connect_error(self, data: ServerConnectionHookData) -> None:
        """Forget a connection that came to nothing."""
        self.meant.pop(data.server.id, None)


addons = [ToUpstream()]
