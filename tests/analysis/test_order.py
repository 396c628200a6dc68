"""The window that puts exchanges in the order of their ends and hands them on in that of the file."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from passlens.analysis.order import SETTLED, Window


class Told:
    """What a window did."""

    def __init__(self, size: int) -> None:
        self.order: list[float] = []
        self.alone: list[float] = []
        self.window: Window[float] = Window(self.order.append, self.alone.append, size)

    def run(self, ends: list[float]) -> list[float]:
        out = [one for end in ends for one in self.window.add(end, end)]
        return [*out, *self.window.flush()]


def test_items_are_taken_by_their_ends_and_handed_on_as_they_came() -> None:
    ends = [float(number) for number in range(300)]
    random.Random(1).shuffle(ends)
    told = Told(300)
    assert told.run(ends) == ends
    assert told.order == sorted(ends)
    assert told.alone == []


def test_the_window_reaches_as_far_as_its_size() -> None:
    ends = [float(number) for number in range(10, 30)]
    within, beyond = Told(10), Told(10)
    within.run([*ends[:10], 1.0, *ends[10:]])
    assert within.order == [1.0, *ends]
    beyond.run([*ends[:11], 1.0, *ends[11:]])
    assert beyond.order == [10.0, 1.0, *ends[1:]]
    assert within.alone == beyond.alone == []


def test_one_that_ends_long_after_all_others_holds_up_nobody_for_ever() -> None:
    told = Told(5)
    out = [one for end in [9000.0, *map(float, range(10))] for one in told.window.add(end, end)]
    assert out[0] == 9000
    assert told.alone == [9000]
    assert told.run([10.0])[-1] == 10
    assert told.order == [float(number) for number in range(11)]


def test_without_an_end_an_item_waits_only_for_those_before_it() -> None:
    told = Told(5)
    assert list(told.window.add(1.0, None)) == [1.0]
    assert list(told.window.add(2.0, 2.0)) == []
    assert list(told.window.add(3.0, None)) == []
    assert list(told.window.flush()) == [2.0, 3.0]
    assert told.order == [2.0]


def waiting(window: Window[float], calls: list[tuple[float, float]]) -> tuple[list[float], int]:
    """What is taken of calls with these starts and ends, and how many wait at most once the order has settled."""
    out, most = 0, 0
    for number, (start, end) in enumerate(calls):
        out += len(list(window.add(end, end, start)))
        most = max(most, number + 1 - out) if number > SETTLED else most
    return list(window.flush()), most


LONG = [(float(at), at + (35.5 if at % 50 == 25 else 0.25)) for at in range(400)]
"""A call a second; some take long."""


@pytest.mark.parametrize(("key", "most"), [(lambda one: one[1], 3), (lambda one: one[0], 40)])
def test_of_a_recording_that_is_sorted_next_to_nothing_waits(key: Callable[[Any], Any], most: int) -> None:
    told = Told(5000)
    assert waiting(told.window, sorted(LONG, key=key))[1] <= most
    assert told.order == sorted(end for _, end in LONG)


@pytest.mark.parametrize("order", ["backwards", "shuffled", "two saved one after the other"])
def test_of_a_recording_that_is_not_sorted_all_wait(order: str) -> None:
    calls = sorted(LONG, reverse=order == "backwards")
    if order == "shuffled":
        random.Random(1).shuffle(calls)
    elif order != "backwards":
        calls = calls[1::2][:90] + calls[::2] + calls[1::2][90:]
    told = Told(5000)
    waiting(told.window, calls)
    assert told.order == sorted(end for _, end in LONG)


def test_nothing_waits_in_a_window_of_no_size() -> None:
    told = Told(0)
    assert [list(told.window.add(end, end)) for end in (3.0, 1.0)] == [[3.0], [1.0]]
    assert told.order == [3.0, 1.0]
