"""Measures passlens against mitmproxy on this machine, as ratios of paired runs, and prints a table.

uv run python bench/run.py [--small | --full] [ROW ...]
"""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import control
import live
import offline
import processes
from ratios import Ratio
from size import DEFAULT, FULL, SMALL, Size


class Row(NamedTuple):
    """One line of the table; ``goal`` is the least ratio, or the most where it is negative. Rows without one are there
    to compare with."""

    name: str
    what: str
    against: str
    goal: float | None
    measure: Callable[[Path, Size], Ratio]

    @property
    def wanted(self) -> str:
        """The goal in words."""
        if self.goal is None:
            return "none"
        return f"at least {self.goal}" if self.goal > 0 else f"at most {-self.goal}"

    def met(self, ratio: Ratio) -> str:
        """Whether the median reaches the goal."""
        if self.goal is None:
            return ""
        return "yes" if (ratio.median >= self.goal if self.goal > 0 else ratio.median <= -self.goal) else "no"


ROWS = (
    Row("proxy", "passlens proxy, core exchanges", "mitmdump", 1.0, live.faster(live.own, live.bare)),
    Row("proxy-other", "passlens proxy, other traffic", "mitmdump", 1.4, live.faster(live.own, live.bare, "other")),
    Row("script", "mitmdump -s sessions.py, core exchanges", "mitmdump", 0.75, live.faster(live.script, live.bare)),
    Row("script-other", "mitmdump -s sessions.py, other traffic", "mitmdump with two empty hooks", 0.98,
        live.faster(live.script, live.empty, "other")),
    Row("scenario", "passlens proxy, a scenario that answers", "mitmdump and a server", 1.1,
        live.faster(live.own_answering, live.bare, "partner")),
    Row("scenario-script", "mitmdump -s sessions.py, a scenario that answers", "mitmdump and a server", 1.1,
        live.faster(live.answering, live.bare, "partner")),
    Row("map-local", "mitmdump's own map_local", "mitmdump and a server", None,
        live.faster(live.map_local, live.bare, "partner")),
    Row("tls", "passlens proxy, TLS on both sides", "mitmdump", 1.25, live.faster(live.own, live.bare, tls=True)),
    Row("pass-small", "passlens proxy, TLS to other hosts, 2 KB", "mitmdump", 3.0,
        live.faster(live.own_passing, live.bare, "other", tls=True)),
    Row("pass-large", "passlens proxy, TLS to other hosts, 50 MB", "mitmdump", 1.5,
        live.faster(live.own_passing, live.bare, "large", tls=True)),
    Row("control-idle", "CPU of a core exchange, control API on", "passlens proxy --no-control", -1.03,
        control.cost(reading=False)),
    Row("control-events", "CPU of a core exchange, one reader of events", "passlens proxy --no-control", -1.03,
        control.cost(reading=True)),
    Row("wait", "a wait of the control API returns, after the exchange", "100 ms", -1.0, control.wait),
    Row("cpu", "CPU that mitmdump -s sessions.py adds to a core exchange", "mitmdump's own CPU", -0.10, live.cpu_added),
    Row("check-mitm", "passlens check, .mitm", "a bare loop over FlowReader", 1.2, offline.check("mitm")),
    Row("check-mitm-distinct", "passlens check, .mitm, each exchange of another device", "a bare loop over FlowReader",
        1.2, offline.check("mitm", "distinct")),
    Row("check-jobs", "passlens check --jobs 2", "--jobs 1", 1.7, offline.jobs),
    Row("archive-jobs", "passlens archive --jobs 2", "--jobs 1", 1.6, offline.archive),
    Row("check-har", "passlens check, .har", "a bare loop over mitmproxy's reader", 1.2, offline.check("har")),
    Row("check-har-distinct", "passlens check, .har, each exchange of another device",
        "a bare loop over mitmproxy's reader", 1.2, offline.check("har", "distinct")),
    Row("check-sequences", "passlens check with sequence checks and journeys", "each exchange judged alone", -1.15,
        offline.sequences),
    Row("start-help", "start of passlens --help", "mitmdump --version", -0.6, offline.start("--help")),
    Row("start-check", "passlens check on one exchange", "mitmdump --version", -1.2, offline.start("check", "FILE")),
    Row("memory", "memory of passlens proxy late in a run", "early in it", -1.1, live.memory),
)  # fmt: skip


def main() -> int:
    """Measure the rows that were asked for; returns 0 whether goals are met or not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"some of: {', '.join(row.name for row in ROWS)}")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--small", action="store_const", dest="size", const=SMALL, help="see that it works")
    sizes.add_argument("--full", action="store_const", dest="size", const=FULL, help="100,000 exchanges; half an hour")
    given = parser.parse_args()
    unknown = sorted(set(given.rows) - {row.name for row in ROWS})
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}")
    size = given.size or DEFAULT
    print(f"Python {platform.python_version()}, mitmproxy {version('mitmproxy')}, {platform.system()}, {size}\n")
    print("| what | against | goal | median (quartiles) | met |\n| --- | --- | --- | --- | --- |", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="passlens-bench-") as compiled:
        processes.keep_compiled(compiled)
        _measure([row for row in ROWS if not given.rows or row.name in given.rows], size)
    print(f"\n{time.monotonic() - began:.0f} seconds in all.")
    return 0


def _measure(rows: list[Row], size: Size) -> None:
    for row in rows:
        with tempfile.TemporaryDirectory(prefix="passlens-bench-") as folder:
            ratio = row.measure(Path(folder), size)
        print(f"| {row.what} | {row.against} | {row.wanted} | {ratio} | {row.met(ratio)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
