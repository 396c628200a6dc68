"""When the proxy can be reached, and where."""

import asyncio
from types import SimpleNamespace

import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.test import taddons

from passlens.proxy import listening

PATIENCE = 20.0


def test_a_mode_without_a_port_is_waited_for_until_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    mode = SimpleNamespace(is_running=False, listen_addrs=())

    async def wait() -> None:
        server = Proxyserver()
        with taddons.context(server):
            monkeypatch.setattr(server.servers, "_instances", {"local": mode})
            waiting = asyncio.create_task(listening.begun())
            await asyncio.sleep(0)
            await server.servers.changed.send()
            await asyncio.sleep(0)
            assert not waiting.done()
            mode.is_running = True
            await server.servers.changed.send()
            assert await asyncio.wait_for(waiting, PATIENCE)
            assert listening.addresses() == []

    asyncio.run(wait())


def test_addresses_have_host_and_port_alone() -> None:
    async def ask() -> list[tuple[str, int]]:
        server = Proxyserver()
        with taddons.context(server):
            server.servers._instances = {"regular": SimpleNamespace(listen_addrs=(("::1", 8080, 0, 0),))}  # type: ignore[dict-item]
            return listening.addresses()

    assert asyncio.run(ask()) == [("::1", 8080)]


@pytest.mark.parametrize("addons", [(), (Proxyserver,)])
def test_where_it_is_not_to_listen_there_is_nothing_to_wait_for(addons: tuple[type[Proxyserver], ...]) -> None:
    async def ask() -> tuple[bool, list[tuple[str, int]]]:
        with taddons.context(*(one() for one in addons)) as context:
            context.options.update(server=False)
            return await listening.begun(), listening.addresses()

    assert asyncio.run(ask()) == (False, [])
