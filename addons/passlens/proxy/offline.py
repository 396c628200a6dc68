"""mitmproxy without a server: it would connect to one at once and copy its certificate, and the sandbox has none."""

from typing import Final

from mitmproxy import ctx

_OFFLINE: Final = {"connection_strategy": "lazy", "upstream_cert": False}
"""Options of mitmproxy under which nothing connects to a server before it has to."""


class Offline:
    """Turns the options on, and back to what they were."""

    def __init__(self) -> None:
        self._online: dict[str, object] = {}

    def turn(self, on: bool) -> None:
        """On or off; what stands so already stays."""
        if on and not self._online:
            self._online = {name: getattr(ctx.options, name) for name in _OFFLINE}
            ctx.options.update(**_OFFLINE)
        elif not on and self._online:
            ctx.options.update(**self._online)
            self._online = {}
