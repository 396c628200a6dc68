"""The window that puts exchanges in the order of their ends and hands them on in that of the file."""

import random

from passlens.runner.order import Window


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


def test_nothing_waits_in_a_window_of_no_size() -> None:
    told = Told(0)
    assert [list(told.window.add(end, end)) for end in (3.0, 1.0)] == [[3.0], [1.0]]
    assert told.order == [3.0, 1.0]
