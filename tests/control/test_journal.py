"""The store: numbers, marks, bounds, waits."""

import asyncio
import json
import time
from typing import Any, cast

import pytest
from mitmproxy.test import tflow

from cases import Case, as_exchange, cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Journey
from passlens.control import journal as module
from passlens.control.journal import FLOW_OVERHEAD, Journal
from passlens.control.query import ExchangesQuery
from passlens.proxy.entry_texts import EntryTexts

ENTRY: Any = {
    "operation": "authorize", "started": None, "path": "/", "outcome": None, "status": 200, "error": None,
    "device": None, "injected": None, "results": [], "findings": [],
}  # fmt: skip


def add(journal: Journal, count: int = 1, **entry: Any) -> None:
    for _ in range(count):
        journal.exchange(tflow.tflow(resp=True), ENTRY | entry)


def test_numbers_grow_over_a_reset() -> None:
    journal = Journal(EntryTexts())
    add(journal, 2)
    journal.mark = "m"
    journal.reset()
    add(journal)
    (record,) = journal.after(0)
    assert (record.number, record.mark, len(journal)) == (3, None, 1)


@pytest.mark.parametrize(("count", "numbers"), [(0, []), (1, [5]), (2, [4, 5]), (3, [3, 4, 5]), (9, [3, 4, 5])])
def test_the_last_entries_are_the_oldest_first(count: int, numbers: list[int]) -> None:
    journal = Journal(EntryTexts(), max_entries=3)
    add(journal, 5)
    assert [record.number for record in journal.last(count)] == numbers


@pytest.mark.parametrize(
    ("since", "numbers"), [(0, [3, 4, 5]), (2, [3, 4, 5]), (3, [4, 5]), (5, []), (9, []), (10**30, [])]
)
def test_entries_after_a_number_where_the_first_are_dropped(since: int, numbers: list[int]) -> None:
    journal = Journal(EntryTexts(), max_entries=3)
    add(journal, 5)
    assert [record.number for record in journal.after(since)] == numbers
    assert journal.dropped == 2


def test_bytes_are_bounded() -> None:
    journal = Journal(EntryTexts(), max_bytes=10_000)
    add(journal, 5, path="x" * 2000)
    assert 0 < len(journal) < 5
    assert len(journal) + journal.dropped == 5
    add(journal, 1, path="x" * 10_000)
    assert [record.number for record in journal.after(0)] == [6]  # readers of events are told the newest one


@pytest.mark.parametrize("made", cases(), ids=lambda made: made.name)
def test_an_entry_is_told_as_it_was(made: Case) -> None:
    journal, entry = Journal(EntryTexts()), analyze(as_exchange(made))
    journal.mark = 'a "mark" \ud800'
    journal.exchange(tflow.tflow(), entry)
    (record,) = journal.after(0)
    assert record.entry == entry
    assert json.loads(record.json()) == {"number": 1, "mark": journal.mark, **entry}
    assert record.json().isascii()


def test_flows_are_bounded() -> None:
    journal = Journal(EntryTexts(), max_flow_bytes=3 * FLOW_OVERHEAD)
    add(journal, 5)
    assert len(journal.flows()) == 2


def test_keys_of_an_address_and_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(EntryTexts())
    for number in range(module.MAX_KEYS + 1):
        add(journal, device={"key": f"k{number}"})
    (seen,) = journal.devices()
    assert (len(seen.keys), seen.keys[0], seen.exchanges) == (module.MAX_KEYS, "k1", module.MAX_KEYS + 1)
    monkeypatch.setattr(module, "MAX_DEVICES", 1)
    flow = tflow.tflow(resp=True)
    flow.client_conn.peername = ("10.0.0.9", 1)
    journal.exchange(flow, ENTRY)
    assert [seen.address for seen in journal.devices()] == ["10.0.0.9"]


def test_a_wait_ends_with_the_entry_that_fits() -> None:
    async def run() -> float:
        journal = Journal(EntryTexts())
        waiting = asyncio.create_task(journal.wait(ExchangesQuery(operation="logout", wait=10)))
        await asyncio.sleep(0)
        add(journal)
        await asyncio.sleep(0.01)
        assert not waiting.done()
        started = time.monotonic()
        add(journal, operation="logout")
        await waiting
        return time.monotonic() - started

    assert asyncio.run(run()) < 5


def test_waits_are_bounded_and_let_go_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAITS", 2)

    async def run() -> None:
        journal = Journal(EntryTexts())
        query = ExchangesQuery(wait=10)
        waiting = [asyncio.create_task(journal.wait(query)) for _ in range(2)]
        await asyncio.sleep(0)
        assert not await journal.wait(query)
        journal.closed()
        await asyncio.wait_for(asyncio.gather(*waiting), 5)
        await journal.wait(ExchangesQuery(wait=0.01))

    asyncio.run(run())


def test_a_verdict_replaces_the_one_before_it_and_all_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    made, verdict = Journal(EntryTexts()), {"scenario": "a", "name": "x", "device": "tv", "verdict": "met"}
    for changes in ({}, {"name": "y"}, {"device": "phone"}, {"verdict": "not-met"}):
        made.expectation(verdict | changes)  # type: ignore[arg-type]
    assert [(one["name"], one["device"], one["verdict"]) for one in made.expectations] == [
        ("y", "tv", "met"), ("x", "phone", "met"), ("x", "tv", "not-met"),
    ]  # fmt: skip
    monkeypatch.setattr(module, "MAX_EXPECTATIONS", 3)
    made.expectation(verdict | {"name": "z"})  # type: ignore[arg-type]
    assert [one["name"] for one in made.expectations] == ["x", "x", "z"]
    made.reset()
    assert made.expectations == []


def test_a_journey_that_has_ended_stands_at_the_exchange_that_ended_it() -> None:
    journal, journey = Journal(EntryTexts()), cast(Journey, {"id": 1})
    add(journal, 2)
    journal.journey(journey)
    add(journal)
    assert (list(journal.ended), journal.journeys, journal.number) == ([(3, journey)], [journey], 3)
    journal.reset()
    assert journal.journeys == []
