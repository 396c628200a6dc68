"""Which clock a request is held to."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange.clock import sent_at
from support.examples import codes, exchange

HERE, THERE = forge.CLOCK, "Fri, 02 Jan 2026 12:04:05 GMT"
NINE_HOURS = 9 * forge.HOUR


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"Date": THERE}, 9),
        ({"Date": "Fri, 02 Jan 2026 03:05:05 GMT"}, 0),
        ({"Date": "Fri, 02 Jan 2015 03:04:05 GMT"}, -24 * 4018),
        ({"Date": THERE, "Age": "3"}, 0),
        ({"Date": "yesterday"}, 0),
        ({"Date": ""}, 0),
        ({"Date": "Fri, 02 Jan 99999 03:04:05 GMT"}, 0),
        ({}, 0),
    ],
)
def test_the_server_s_clock_counts_where_two_are_apart(headers: dict[str, str], hours: float) -> None:
    ex = replace(exchange("C1", answer_headers=headers), duration_ms=0.0)
    assert sent_at(ex) == pytest.approx(HERE + hours * forge.HOUR)


def test_the_date_tells_when_the_answer_came() -> None:
    ex = replace(exchange("C1", answer_headers={"Date": THERE}), duration_ms=5000.0)
    assert sent_at(ex) == HERE + NINE_HOURS - 5


def test_without_a_start_or_an_answer_there_is_no_other_clock() -> None:
    dated = exchange("C1", answer_headers={"Date": THERE})
    assert sent_at(replace(dated, started=None)) is None
    assert sent_at(replace(dated, cached=True)) == HERE
    assert sent_at(exchange("C1", no_answer=True)) == HERE


@pytest.mark.parametrize("hours", [9, -8, 24 * 400, -24 * 4018])
@pytest.mark.parametrize("name", ["retrieve-profiles", "P1", "authorize"])
def test_nothing_is_over_because_a_recorder_has_another_clock(name: str, hours: float) -> None:
    """Some write local time as UTC."""
    dated = exchange(name, answer_headers={"Date": "Fri, 02 Jan 2026 03:04:05 GMT"})
    moved = replace(dated, started=HERE + hours * forge.HOUR)
    # PL431 says that the two clocks are apart.
    assert [*codes(moved)] == [*codes(dated)] or {*codes(moved)} == {"PL431"}
