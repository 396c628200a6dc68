"""Lets two hundred devices work behind one proxy for a long time, disturbs everything, and checks that nothing is lost,
mixed up or left over. Writes what it found as Markdown."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from soak import counts
from soak.disturb import Disturber
from soak.fleet import TIMEOUT, Device, Outcome
from soak.ledger import Ledger
from soak.report import page
from soak.server import SoakServer
from support.proxy import TO_UPSTREAM, Proxy
from support.stage import REMOTE, Remote

START: Final = (sys.executable, "-u", "-c", "from passlens.cli.main import main; main()", "proxy")
SETTLING: Final = 60.0
"""Seconds for an order, and for everything to settle; machines may be busy with other things."""

MORE_MEMORY: Final = 40.0
"""MiB that may be added after the warm-up: room for the bounded stores to fill, and for the allocator."""
MORE: Final = {"files": 4, "tasks": 2, "connections": 0, "flows": 2, "pending": 0}
"""How much of each may be added between the first quiet moment and any later one."""

ODD: Final = ("Traceback", "could not be judged", "a rule could not be applied", "cannot write the log", "missing from")


@dataclass
class Soak:
    """A run and what came of it. ``quiet`` are the counts of each moment at which nothing was under way, ``slowest`` is
    how long, in seconds, the proxy took for an order at most."""

    minutes: float
    devices: int
    pause: float
    patience: float = TIMEOUT
    seconds: float = 0.0
    slowest: float = 0.0
    quiet: list[dict[str, Any]] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    disturbed: dict[str, int] = field(default_factory=dict)
    books: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def stretches(self) -> int:
        """How many times there is work and then a quiet moment."""
        return 6 if self.minutes > 1 else 2


def run(minutes: float, devices: int, pause: float, folder: Path, patience: float = TIMEOUT) -> Soak:
    """Run a soak; ``pause`` is what a device waits between two exchanges, on average, ``patience`` what it waits for an
    answer, in seconds."""
    soak = Soak(minutes, devices, pause, patience)
    (folder / "rules").mkdir()
    # Without the control API, which keeps flows for a recording: what is left in a quiet moment would be its.
    words = ("--no-control", "--rules", str(folder / "rules"), "--log", str(folder / "log.jsonl"), "--")
    scripts = [TO_UPSTREAM, REMOTE, Path(counts.__file__)]
    with SoakServer() as server:
        ports = {"upstream_tls": server.tls_port, "upstream_plain": server.plain_port, "ssl_insecure": True}
        with Proxy(folder / "conf", command=(*START, *words), scripts=scripts, **ports) as proxy:
            asyncio.run(_run(soak, proxy, server, folder))
            listen(soak, proxy)
        listen(soak, proxy)
    return soak


async def _run(soak: Soak, proxy: Proxy, server: SoakServer, folder: Path) -> None:
    remote, ledger = Remote(proxy, SETTLING), Ledger(folder / "log.jsonl", server)
    disturber = Disturber(remote, server, ledger, folder / "rules")
    outcomes: list[Outcome] = []
    owners: dict[str, str] = {}
    fleet = [Device(number, proxy.port, proxy.ca, outcomes, owners, soak.patience) for number in range(soak.devices)]
    started = time.monotonic()
    try:
        # The first stretch is the warm-up; after each there is a quiet moment.
        for _ in range(soak.stretches):
            await _stretch(soak, proxy, fleet, disturber)
            soak.quiet.append(await asyncio.to_thread(_settle, remote, server))
            ledger.settle(outcomes)
            owners.clear()
            remote.run("passlens.reset")
    except OSError as error:
        soak.faults.append(f"the run ended before its time: {error!r}")
    soak.seconds, soak.slowest = time.monotonic() - started, disturber.slowest
    soak.disturbed, soak.books = dict(disturber.counts), dict(ledger.counts)
    soak.faults += ledger.faults + growth(soak.quiet)


async def _stretch(soak: Soak, proxy: Proxy, fleet: list[Device], disturber: Disturber) -> None:
    seconds = soak.minutes * 60 / soak.stretches
    stop = asyncio.Event()
    lives = [asyncio.create_task(device.live(stop, soak.pause)) for device in fleet]
    lives.append(asyncio.create_task(disturber.go_on(stop, min(3.0, seconds / 15))))
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(5.0, left))
        soak.memory.append(counts.memory(proxy.process.pid))
        listen(soak, proxy)
    stop.set()
    await asyncio.gather(*lives)


def _settle(remote: Remote, server: SoakServer) -> dict[str, Any]:
    """Wait until the proxy has nothing to do any more but to answer this; what it holds then."""
    server.die()
    deadline = time.monotonic() + SETTLING
    while True:
        found: dict[str, Any] = json.loads(remote.run("soak.counts"))
        # A request that waits for its client to leave ends a moment after the client's connection.
        if (found["connections"] <= 1 and not found["pending"]) or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def growth(quiet: list[dict[str, Any]]) -> list[str]:
    """What has grown beyond its limit since the first quiet moment."""
    first, later = quiet[:1], quiet[1:]
    limits = {**MORE, "memory": MORE_MEMORY}
    return [
        f"{name}: {moment[name]} in quiet moment {number}, {first[0][name]} in the first"
        for number, moment in enumerate(later, 2)
        for name, limit in limits.items()
        if moment[name] > first[0][name] + limit
    ]


def listen(soak: Soak, proxy: Proxy) -> None:
    """Count what the proxy says, and keep what it should not say."""
    for line in proxy.take_output():
        for words in ("was read again", "The last good version stays"):
            if words in line:
                soak.said[words] = soak.said.get(words, 0) + 1
        if any(words in line for words in ODD):
            soak.faults.append(f"the proxy said: {line.strip()[:200]}")


def main() -> int:
    """Run as the command line says; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--pause", type=float, default=2.5, help="seconds between two exchanges of a device")
    parser.add_argument("--output", type=Path, help="write the page there instead of printing it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = run(given.minutes, given.devices, given.pause, Path(folder))
    text = page(soak, growth_limits={**MORE, "memory": MORE_MEMORY})
    if given.output is None:
        print(text)
    else:
        given.output.write_text(text, "utf-8")
    return 1 if soak.faults else 0
