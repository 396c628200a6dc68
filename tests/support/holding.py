"""A mitmproxy script that holds each request with the header ``X-Hold`` back for so many seconds, as an interception
by hand or another addon does."""

import asyncio

from mitmproxy import http


class Holding:
    """Waits in the request hook."""

    async def request(self, flow: http.HTTPFlow) -> None:
        """Wait."""
        await asyncio.sleep(float(flow.request.headers.get("X-Hold", "0")))


addons = [Holding()]
