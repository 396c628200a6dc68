"""A run waits on disk, comes back as it was and in its order, and keeps no more of messages than a page can hold."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from passlens.analysis.entry import Entry, Unreadable
from passlens.analysis.summary import RunSummary
from passlens.reports.html.report import ROOM as PAGE_ROOM
from passlens.reports.run import ROOM, Run, RunReport


@pytest.fixture
def run() -> Iterator[Run]:
    made = Run()
    yield made
    made.close()


def entry(number: int, **members: Any) -> Entry:
    return {"index": number, "findings": [], **members}


def part(number: int) -> Unreadable:
    return {"file": 'a"\udcff.mitm', "index": number, "message": "is\ndamaged"}


def test_everything_comes_back_in_its_order_as_often_as_one_likes(run: Run) -> None:
    run.add_entry(entry(1, path="/\udcff"))
    run.add("unreadable", part(2))
    run.add_entry(entry(3))
    for _ in range(2):
        assert list(run.entries()) == [entry(1, path="/\udcff"), entry(3)]
        assert list(run.unreadable()) == [part(2)]
    assert [kind for kind, _ in run.items("exchange", "unreadable")] == ["exchange", "unreadable", "exchange"]
    assert list(run.journeys()) == list(run.expectations()) == []


def test_two_readers_do_not_disturb_each_other(run: Run) -> None:
    for number in range(3):
        run.add_entry(entry(number, messages={"request": number}))
    read = [(one["index"], other["index"]) for one in run.entries() for other in run.entries() if run.messages(1)]
    assert read == [(one, other) for one in range(3) for other in range(3)]


def test_headers_and_bodies_come_back_by_the_number_of_the_exchange(run: Run) -> None:
    for number in (1, 2, 3):
        run.add_entry(entry(number, messages={"request": f"\udcff{number}"}) if number != 2 else entry(number))
    assert run.messages(3) == {"request": "\udcff3"}
    assert run.messages(1) == {"request": "\udcff1"}
    assert run.messages(2) is None
    assert (run.message_size(1), run.message_size(2)) == (len('{"request": "\\udcff1"}'), 0)
    assert not run.messages_cut
    assert all("messages" not in one for one in run.entries())


def test_messages_that_do_not_fit_are_left_out_and_so_are_all_after_them() -> None:
    run = Run(100)
    for number, size in ((1, 80), (2, 80), (3, 1)):
        run.add_entry(entry(number, messages={"a": "x" * size}))
    assert run.messages_cut
    assert [run.messages(number) is not None for number in (1, 2, 3)] == [True, False, False]
    assert len(list(run.entries())) == 3
    run.close()


def test_ten_times_what_a_page_can_show_is_kept() -> None:
    assert 10 * PAGE_ROOM < ROOM < 11 * PAGE_ROOM


@pytest.mark.parametrize(("room", "cut"), [(10, True), (11, False)])
def test_messages_may_fill_the_room(room: int, cut: bool) -> None:
    run = Run(room)
    run.add_entry(entry(1, messages={"a": "xx"}))
    assert run.messages_cut is cut
    run.close()


def test_a_report_writes_at_the_end_what_the_format_makes_of_the_run() -> None:
    out, summary = io.StringIO(), RunSummary()
    report = RunReport(out, lambda run: iter([f"{len(list(run.entries()))} of ", f"{run.summary.exchanges}"]))
    report.entry(entry(1))
    assert out.getvalue() == ""
    summary.exchanges = 7
    report.close(summary)
    assert out.getvalue() == "1 of 7"
