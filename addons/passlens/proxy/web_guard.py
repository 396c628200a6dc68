"""Keeps what comes through the proxy away from mitmweb's own interface, where mitmproxy does not do so itself.
Before 11.1.2 that interface knows no password, and trusts whoever connects from this machine, as the proxy does."""

from typing import Any, Final

from mitmproxy.proxy.server_hooks import ServerConnectionHookData

_PASSWORD: Final = "web_password"
_PORT: Final = "web_port"


def refuse(data: ServerConnectionHookData, options: Any) -> None:
    """Let a connection to the port of mitmweb's interface fail, whatever name leads there: names can be made to lead to
    this machine. mitmproxy with a password for the interface needs no help."""
    if _PORT not in options or _PASSWORD in options or data.server.address is None:
        return
    if data.server.address[1] == getattr(options, _PORT):
        data.server.error = (
            "passlens lets nothing through the proxy to the port of mitmweb's interface; move that with --web-port."
        )
