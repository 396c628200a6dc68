"""The rows about a running proxy: throughput against mitmdump without passlens, CPU added, memory over time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import load
from processes import MITMDUMP, PASSLENS, ROOT, Process, Upstream, certificate, proxy
from ratios import Ratio, of, paired, times_faster
from size import Size
from traffic import Kind, requests

SCRIPT = ("-s", str(ROOT / "addons" / "sessions.py"))
EMPTY = ("-s", str(Path(__file__).with_name("empty.py")))
MAP_LOCAL = "|/api/v2/DEMOTV/sessions/sso/Apple|"

HOST = "bench.example"
"""The name that the client asks for by TLS."""

LARGE = 1
"""Responses of 50 MB in a burst."""

Start = Callable[[Path], Process]


def bare(folder: Path) -> Process:
    """mitmdump as it comes."""
    return proxy(MITMDUMP, folder)


def empty(folder: Path) -> Process:
    """mitmdump with an addon of two hooks that do nothing."""
    return proxy(MITMDUMP, folder, *EMPTY)


def script(folder: Path) -> Process:
    """mitmdump with passlens as a script: all checks, log on."""
    return proxy(MITMDUMP, folder, *SCRIPT, "--set", f"passlens_log={folder / 'script.jsonl'}")


def own(folder: Path) -> Process:
    """passlens proxy: all checks, log on."""
    return proxy((*PASSLENS, "proxy", "--host", HOST, "--log", str(folder / "own.jsonl")), folder, dashes=True)


def own_passing(folder: Path) -> Process:
    """passlens proxy, to whom the client's host is none of the API."""
    return proxy((*PASSLENS, "proxy"), folder, dashes=True)


def answering(folder: Path) -> Process:
    """mitmdump with passlens as a script and a scenario that answers."""
    return proxy(MITMDUMP, folder, *SCRIPT, "--set", "passlens_scenario=pfs-fallback")


def own_answering(folder: Path) -> Process:
    """passlens proxy and a scenario that answers."""
    return proxy((*PASSLENS, "proxy", "--scenario", "pfs-fallback"), folder, dashes=True)


def map_local(folder: Path) -> Process:
    """mitmdump whose own map_local answers from a file."""
    response = folder / "answer.json"
    response.write_text("{}")
    return proxy(MITMDUMP, folder, "--map-local", f"{MAP_LOCAL}{response}")


class Bench:
    """Two proxies in front of one server, loaded by turns."""

    def __init__(self, ours: Process, theirs: Process, upstream: int, size: Size, kind: Kind, tls: bool) -> None:
        self.ours, self.theirs = ours, theirs
        self._upstream, self._size, self._tls = upstream, size, tls
        self._wanted, self._kind = requests(kind), kind
        self._connections = load.CONNECTIONS if kind != "large" else 1

    def burst(self, process: Process, count: int | None = None) -> float:
        """Seconds that a burst takes through one of them."""
        count = count or (self._size.burst if self._kind != "large" else LARGE)
        return asyncio.run(load.burst(process.port, self._upstream, self._tls, self._wanted, count, self._connections))

    def faster(self) -> Ratio:
        """Our throughput by theirs."""
        return times_faster(lambda: self.burst(self.ours), lambda: self.burst(self.theirs), self._size.pairs)

    def cpu(self, bursts: int = 1) -> list[float]:
        """CPU that ours uses for so many bursts, by what theirs uses."""

        def used(process: Process) -> float:
            before = process.cpu()
            for _ in range(bursts):
                self.burst(process)
            return process.cpu() - before

        pairs = paired(lambda: used(self.ours), lambda: used(self.theirs), self._size.pairs)
        return [first / second for first, second in pairs]


@contextmanager
def bench(
    folder: Path, size: Size, ours: Start, theirs: Start, kind: Kind = "core", *, tls: bool = False
) -> Iterator[Bench]:
    """Start everything, and stop it at the end."""
    with ExitStack() as stack:
        upstream = stack.enter_context(Upstream(certificate(folder) if tls else None))
        first, second = stack.enter_context(ours(folder)), stack.enter_context(theirs(folder))
        made = Bench(first, second, upstream.port, size, kind, tls)
        for process in (first, second):
            made.burst(process, max(load.CONNECTIONS, size.burst // 4) if kind != "large" else LARGE)
        yield made


def faster(ours: Start, theirs: Start, kind: Kind = "core", *, tls: bool = False) -> Callable[[Path, Size], Ratio]:
    """A row: throughput of the one by that of the other."""

    def measure(folder: Path, size: Size) -> Ratio:
        with bench(folder, size, ours, theirs, kind, tls=tls) as made:
            return made.faster()

    return measure


def cpu_added(folder: Path, size: Size) -> Ratio:
    """A row: CPU that passlens as a script adds to an exchange."""
    with bench(folder, size, script, bare) as made:
        return of([ratio - 1 for ratio in made.cpu()])


def memory(folder: Path, size: Size) -> Ratio:
    """A row: memory of the proxy late by memory early."""
    early, late = size.memory
    with bench(folder, size, own, empty) as made:
        made.burst(made.ours, early)
        before = made.ours.memory()
        made.burst(made.ours, late - early)
        return of([made.ours.memory() / before])
