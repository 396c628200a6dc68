"""The page about a soak: what ran, what was counted, what grew, what was wrong."""

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from passlens import __version__

if TYPE_CHECKING:
    from soak.soak import Soak

HELD = {
    "memory": "resident memory, MiB", "files": "open files", "tasks": "asyncio tasks", "connections": "connections",
    "flows": "flows alive", "pending": "exchanges that wait for their answer", "objects": "Python objects",
    "remembered": "devices and codes with a state", "sessions": "virtual sessions",
}  # fmt: skip

PAGE = """# A soak

{devices} devices worked behind one `passlens proxy` for {minutes:.1f} minutes, with {rate:.0f} exchanges a second: \
journeys of the API against a server that answers by the truth table, other operations, and other traffic of up to \
2 MB, in the clear, in intercepted TLS and over HTTP/2. Meanwhile scenarios were switched, rules edited well and \
badly, server and clients broke off in every phase, and the log was rotated. \
`uv run python tests/soak/run.py --minutes 30 --output docs/soak.md` writes this page; a test runs the same for seconds.

{versions}

**{verdict}**
{faults}
## What was done

| | count |
| --- | ---: |
{done}

Each exchange has a marker. Of each that was answered, or that reached the server, the log must have exactly one line, \
with the same status and the same scenario and rule as the answer; of other traffic none. No answer may go to another \
device. Where no scenario had a hand in it, request and answer must be the same bytes on both sides.

## What it held

Counted in moments at which nothing was under way, after a garbage collection; the first one ends the warm-up. The \
connection that asks is among the counts. The limit is what may be added to the first.

{held}

Resident memory under load, MiB: {memory}. \
The longest that the proxy took for an order (switch, reset) was {slowest:.1f} seconds, beside all other work.
"""


def page(soak: "Soak", growth_limits: Mapping[str, float]) -> str:
    """The page as Markdown, without anything about the machine but its kind and versions."""
    memory = soak.memory
    counted = [*soak.books.items(), *soak.disturbed.items()]
    counted += [(f"the proxy said: {words}", count) for words, count in sorted(soak.said.items())]
    return PAGE.format(
        devices=soak.devices,
        minutes=soak.seconds / 60,
        rate=soak.books.get("exchanges", 0) / max(soak.seconds, 1),
        versions=f"passlens {__version__}, mitmproxy {version('mitmproxy')}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}.",
        verdict=f"{len(soak.faults)} things were wrong:" if soak.faults else "Nothing was wrong.",
        faults="".join(f"\n- {fault}" for fault in soak.faults) + "\n" * bool(soak.faults),
        done="\n".join(_row(name, [f"{count:,}"]) for name, count in counted),
        held="\n".join(_held(soak.quiet, growth_limits)),
        slowest=soak.slowest,
        memory=f"{memory[0]:.0f} at the beginning, {max(memory):.0f} at most, {memory[-1]:.0f} at the end",
    )


def _held(quiet: list[dict[str, Any]], limits: Mapping[str, float]) -> Iterable[str]:
    yield _row("moment", [str(number) for number in range(1, len(quiet) + 1)] + ["limit"])
    yield _row("---", ["---:"] * (len(quiet) + 1))
    for key, words in HELD.items():
        limit = f"+{limits[key]:g}" if key in limits else ""
        yield _row(words, [f"{moment[key]:,}" for moment in quiet] + [limit])


def _row(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"
