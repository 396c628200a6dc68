"""Where scenarios and the sandbox act: behind all other addons of mitmproxy, so that answers of server replay and
map_local are known by then."""

from collections.abc import Awaitable, Callable
from typing import Final

from mitmproxy import ctx, http


class LateHook:
    """Stands last among mitmproxy's addons, and only while there is something to act for, because every addon costs at
    every event. ``act`` gets each request."""

    name: Final = "passlens-late"

    def __init__(self, act: Callable[[http.HTTPFlow], Awaitable[None]]) -> None:
        self._act = act

    async def request(self, flow: http.HTTPFlow) -> None:
        """mitmproxy's event."""
        await self._act(flow)

    def place(self, wanted: bool) -> None:
        """Stand among the addons, or aside."""
        addons = ctx.master.addons
        if wanted and addons.get(self.name) is None:
            addons.add(self)
        elif not wanted and addons.get(self.name) is not None:
            addons.remove(self)
