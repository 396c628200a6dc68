"""The last of mitmproxy's addons is there while there is something to act for."""

import asyncio

from mitmproxy import http
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import taddons, tflow

from passlens.proxy.late_hook import LateHook


class Other:
    """An addon that was added before, and answers."""

    def request(self, flow: http.HTTPFlow) -> None:
        flow.response = http.Response.make(204)


def test_it_stands_last_while_it_is_wanted_and_sees_what_others_answered() -> None:
    seen = []

    async def act(flow: http.HTTPFlow) -> None:
        seen.append(flow.response.status_code if flow.response is not None else None)

    late = LateHook(act)

    async def pass_on() -> None:
        with taddons.context(Other()) as context:
            addons = context.master.addons
            for wanted in (True, True, False, False, True):
                late.place(wanted)
                assert (addons.get(LateHook.name) is late) is wanted
                assert (addons.chain[-1] is late) is wanted
                await addons.trigger_event(HttpRequestHook(tflow.tflow()))

    asyncio.run(pass_on())
    assert seen == [204, 204, 204]
