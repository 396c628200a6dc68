"""Paired runs: A B, B A, A B …, each pair giving one ratio, so that what else the machine does falls on both."""

import statistics
from collections.abc import Callable
from typing import NamedTuple


class Ratio(NamedTuple):
    """The median of the pairs' ratios, and the quartiles between which half of them lie."""

    median: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f}, {self.pairs} pairs)"


def of(ratios: list[float]) -> Ratio:
    """The ratio of some pairs."""
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return Ratio(statistics.median(ratios), low, high, len(ratios))


def paired(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> list[tuple[float, float]]:
    """Measure both by turns, each going first every other time; a first run of each does not count."""
    ours(), theirs()
    found = []
    for number in range(pairs):
        if number % 2:
            second = theirs()
            found.append((ours(), second))
        else:
            first = ours()
            found.append((first, theirs()))
    return found


def times_faster(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> Ratio:
    """How many times what they do fits into their time at our speed: their seconds by ours."""
    return of([second / first for first, second in paired(ours, theirs, pairs)])
