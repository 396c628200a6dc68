"""Requests of the control API that take a while, in this process: traffic waits for none of them.
tests/control/test_server.py has all calls, over HTTP."""

import asyncio
import http.client
import threading
from types import SimpleNamespace
from typing import Any

from passlens.control.events import Events
from passlens.control.journal import Journal
from passlens.control.server import ControlServer
from passlens.proxy.entry_texts import EntryTexts

TOKEN = "a-token-for-the-tests"


def ask(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_rule_files_are_read_beside_the_traffic() -> None:
    readers: list[threading.Thread] = []

    def scenarios() -> dict[str, Any]:
        readers.append(threading.current_thread())
        return {"scenarios": []}

    async def play() -> int:
        service: Any = SimpleNamespace(scenarios=scenarios)
        server = ControlServer(service, Events(Journal(EntryTexts()), str), TOKEN)
        server.bind("127.0.0.1", 0)
        server.start()
        try:
            return await asyncio.to_thread(ask, server.port, "/api/v1/scenarios")
        finally:
            server.stop()

    assert asyncio.run(play()) == 200
    assert readers != [threading.main_thread()]
    assert len(readers) == 1
