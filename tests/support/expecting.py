"""What came of expectations in a row of calls, without files and processes: one line for each verdict."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mitmproxy.io import FlowWriter

from passlens.analysis.analyzer import analyze
from passlens.analysis.tracker import Tracker
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.flow_to_har import entry_of
from passlens.recordings.har_writer import write_har
from passlens.scenarios.model import Scenario
from passlens.scenarios.reader import read_text

RULES = "rules:\n  - name: rule\n    then: {delay: 1}\n"
"""A rule for the marks that ``support.sequence.call`` makes."""


def expecting(*items: str) -> Scenario:
    """The scenario named ``scenario`` that expects these, each as an item of ``expect``."""
    text = RULES + "expect:\n" + "".join(f"  - {item}\n" for item in items)
    return read_text(text.encode(), Path("scenario.yaml"))


def judged(
    calls: Sequence[Exchange], *scenarios: Scenario, ran: Sequence[Scenario] = (), now: float | None = None
) -> tuple[list[Any], list[Any], list[Any]]:
    """Expectations, entries and journeys of a recording with these calls, in the order of their ends. ``now`` is the
    time (seconds since the epoch) that comes after them."""
    known = {scenario.name: scenario for scenario in scenarios}
    tracker = Tracker(find=known.get)
    for scenario in ran:
        tracker.expectations.ran(scenario)
    entries: list[Any] = []
    journeys: list[Any] = []
    for index, ex in enumerate(calls):
        ex.index = index
        decoded = Decoded(ex)
        entry = analyze(decoded)
        journeys += tracker.feed(decoded, entry)
        entries.append(entry)
    if now is not None:
        tracker.advance(now)
    journeys += tracker.finish()
    return list(tracker.decided("tv.mitm")), entries, journeys


def verdicts(calls: Sequence[Exchange], *items: str, **words: Any) -> list[str]:
    """``name verdict at`` of each expectation, as a table has it."""
    found, _, _ = judged(calls, expecting(*items), **words)
    return [f"{one['name']} {one['verdict']} {'-' if one['at'] is None else one['at']}" for one in found]


def recorded(path: Path, calls: Sequence[Exchange]) -> Path:
    """A recording with these calls, by the path's suffix, with what passlens did to each."""
    flows = [to_flow(ex) for ex in calls]
    with path.open("wb") as stream:
        if path.suffix == ".har":
            write_har(stream, map(entry_of, flows))
        else:
            writer = FlowWriter(stream)  # type: ignore[no-untyped-call]
            for flow in flows:
                writer.add(flow)  # type: ignore[no-untyped-call]
    return path
