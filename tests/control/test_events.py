"""Events on their way to readers: in order, together where many come, bounded, to the end. tests/control/test_server.py
has them over HTTP."""

import asyncio
import json
import logging
from collections.abc import Callable

import pytest
from mitmproxy.test.tflow import tflow

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.control.events import MAX_QUEUE_BYTES, MAX_READERS, EventReader, Events
from passlens.control.journal import Journal
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.link_state import DeviceEvent


def given(*calls: str) -> list[str | None]:
    """What a reader gets: ``wait`` reads, ``end`` ends, all else is put."""

    async def play() -> list[str | None]:
        reader, got = EventReader(), list[str | None]()
        for call in calls:
            if call == "wait":
                got.append(await reader.next(0.01))
            elif call == "end":
                reader.end()
            else:
                assert reader.put(call)
        return got

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("calls", "got"),
    [
        (("a", "b", "wait", "c", "wait"), ["ab", "c"]),
        (("wait",), [""]),
        (("a", "wait", "wait"), ["a", ""]),
        (("end", "wait", "wait"), [None, None]),
        # What came before the end is still told.
        (("a", "end", "wait", "wait"), ["a", None]),
    ],
)
def test_what_a_reader_gets(calls: tuple[str, ...], got: list[str | None]) -> None:
    assert given(*calls) == got


def test_an_event_of_any_size_goes_to_who_reads() -> None:
    large = "x" * (2 * MAX_QUEUE_BYTES)
    assert given("a", large, "wait", large, "wait") == ["a" + large, large]


def test_an_exchange_has_its_number_and_mark_in_front() -> None:
    journal = Journal(EntryTexts())
    journal.mark = "test_x"
    events = Events(journal, str)
    reader = events.read()
    assert reader is not None
    entry = analyze(as_exchange(case("P3")))
    for sink in (journal, events):
        sink.exchange(tflow(), entry)
    name, data = str(asyncio.run(reader.next(0))).rstrip().split("\n")
    assert name == "event: exchange"
    told = json.loads(data.removeprefix("data: "))
    assert told == {"number": journal.number, "mark": "test_x", **entry}
    assert list(told)[:2] == ["number", "mark"]


def test_one_that_does_not_read_is_dropped_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    events = Events(Journal(EntryTexts()), str)
    slow = events.read()
    assert slow is not None
    name = "x" * (MAX_QUEUE_BYTES // 2)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            events.scenario(name, None)
    assert caplog.messages == ["passlens: a reader of the control API's events was too slow and was dropped."]
    assert slow.over
    events.scenario("another", None)
    assert len(caplog.messages) == 1


def test_readers_are_bounded_and_make_room() -> None:
    events = Events(Journal(EntryTexts()), str)
    readers = [events.read() for _ in range(MAX_READERS)]
    assert None not in readers
    assert events.read() is None
    assert readers[0] is not None
    events.leave(readers[0])
    assert events.read() is not None


@pytest.mark.parametrize(("shown", "told"), [(str, "203.0.113.9"), (lambda address: "a pseudonym", "a pseudonym")])
def test_addresses_are_told_as_they_may_be_shown(shown: Callable[[str], str], told: str) -> None:
    events = Events(Journal(EntryTexts()), shown)
    reader = events.read()
    assert reader is not None
    events.device(DeviceEvent("seen", 0.0, "203.0.113.9"))
    data = str(asyncio.run(reader.next(0))).partition("data: ")[2]
    assert json.loads(data)["address"] == told
