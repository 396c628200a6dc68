"""What docs/control.md says of the control API: its calls, what they take, and its numbers."""

import re
from typing import get_args

from passlens.control import journal
from passlens.control.calls import CALLS
from passlens.control.connection import HOST, PORT, TOKEN
from passlens.control.control import MIN_TOKEN
from passlens.control.events import MAX_READERS, Events
from passlens.control.query import MAX_WAIT
from passlens.control.service import MAX_LISTED
from passlens.control.timelines import MAX_EXCHANGES
from passlens.proxy.link_state import MAX_DEVICES
from passlens.proxy.sinks import Sink
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "control.md").read_text("utf-8")
ROWS = dict(line.strip("| ").split(" | ", 1) for line in PAGE.splitlines() if line.startswith("| `"))


def named(cell: str) -> list[tuple[str, str]]:
    """Methods and paths of a row: several methods may share a path."""
    found: list[tuple[str, str]] = []
    waiting: list[str] = []
    for words in re.findall(r"`([^`]+)`", cell):
        method, _, path = words.partition(" ")
        waiting.append(method)
        if path:
            found += [(one, path.replace("CODE", "{code}")) for one in waiting]
            waiting = []
    return found


def test_every_call_has_its_row() -> None:
    told = [call for cell in ROWS for call in named(cell)]
    assert sorted(told) == sorted((call.method, call.path) for call in CALLS)


def test_what_a_call_takes_stands_in_its_row() -> None:
    for cell, words in ROWS.items():
        for call in CALLS:
            if call.method != "GET" or (call.method, call.path) not in named(cell) or call.name == "scenario":
                continue
            for parameter, field in (call.query.model_fields if call.query is not None else {}).items():
                assert re.search(rf"`{parameter}(=\w+)?`", words), (call.name, parameter)
                for value in get_args(field.annotation):
                    if isinstance(value, str):
                        assert f"`{value}`" in words or f"={value}`" in words, (call.name, value)


def test_every_event_is_named() -> None:
    told = re.findall(r"`(\w+)`", ROWS["`GET /api/v1/events`"])
    sends = {name for name in vars(Events) if name in vars(Sink) and not name.startswith("_")} - {"closed"}
    assert set(told) == sends


def test_numbers() -> None:
    for words in (
        f"on `{HOST}`, port {PORT} or, where that is taken, a free one",
        f"`{TOKEN}` sets one of at least {MIN_TOKEN} characters",
        f"A list of exchanges or findings has {MAX_LISTED:,} members at most",
        f"at most {MAX_WAIT} seconds",
        f"the last {MAX_EXCHANGES} exchanges by device",
        f"The last {journal.MAX_ENTRIES:,} entries are kept, in {journal.MAX_BYTES // 10**6} MB, flows for",
        f"flows for a recording in {journal.MAX_FLOW_BYTES // 10**6} MB, {MAX_DEVICES} devices (",
        f"and {journal.MAX_JOURNEYS:,} journeys that have ended",
        f"Up to {journal.MAX_WAITS} calls wait and {MAX_READERS} readers of events are served at a time",
    ):
        assert words in PAGE, words
    assert journal.MAX_JOURNEYS == journal.MAX_EXPECTATIONS
