"""The rows about the control API: what it costs the traffic, and how soon a wait returns."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import load
from live import bench
from processes import PASSLENS, TOKEN, Process, Upstream, free_port, proxy
from ratios import Ratio, of
from size import Size
from traffic import Sent, requests

BURSTS = 5
"""Bursts a run: CPU is counted in hundredths of a second, and a cost of a hundredth is looked for."""

SOON = 0.1
"""Seconds after the exchange within which a wait is to return."""

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def off(folder: Path) -> Process:
    """passlens proxy without a control API; all checks, log on."""
    return proxy((*PASSLENS, "proxy", "--no-control", "--log", str(folder / "off.jsonl")), folder, dashes=True)


def on(folder: Path, port: int) -> Process:
    """The same with one."""
    words = ("proxy", "--control", str(port), "--log", str(folder / "on.jsonl"))
    return proxy((*PASSLENS, *words), folder, dashes=True)


@contextmanager
def reader(port: int) -> Iterator[None]:
    """Somebody who reads events and does nothing with them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/events", headers=HEADERS)
    response = connection.getresponse()

    def read() -> None:
        while response.read1(1 << 16):
            pass

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    yield
    # The proxy ends next, and the stream with it.


def cost(*, reading: bool) -> Callable[[Path, Size], Ratio]:
    """A row: CPU of the proxy for an exchange with the control API, by that without."""

    def measure(folder: Path, size: Size) -> Ratio:
        port = free_port()
        with bench(folder, size, lambda place: on(place, port), off) as made:
            if not reading:
                return of(made.cpu(BURSTS))
            with reader(port):
                return of(made.cpu(BURSTS))

    return measure


def wait(folder: Path, size: Size) -> Ratio:
    """A row: time from the end of an exchange until a wait for it has returned, by 100 ms."""
    port, found = free_port(), []
    with Upstream() as upstream, on(folder, port) as process:
        wanted = requests("core")
        for _ in range(size.pairs):
            last = _ask(port, "status")["kept"]["last"]
            returned: list[float] = []
            thread = threading.Thread(target=_held, args=(port, last, returned))
            thread.start()
            time.sleep(0.05)  # until the wait stands; one that comes late returns at once, which is no harm
            ended = asyncio.run(_exchange(process.port, upstream.port, next(wanted)))
            thread.join()
            found.append(max(0.0, returned[0] - ended) / SOON)
    return of(found)


async def _exchange(proxy_port: int, upstream: int, sent: Sent) -> float:
    """One exchange; when its answer was there."""
    line = await load.Line.open(proxy_port, upstream, tls=False)
    await line.send(sent)
    ended = time.monotonic()
    line.close()
    return ended


def _held(port: int, since: int, returned: list[float]) -> None:
    _ask(port, f"exchanges?wait=20&since={since}")
    returned.append(time.monotonic())


def _ask(port: int, call: str) -> dict[str, dict[str, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/api/v1/{call}", headers=HEADERS)
    answer: dict[str, dict[str, int]] = json.loads(connection.getresponse().read())
    connection.close()
    return answer
