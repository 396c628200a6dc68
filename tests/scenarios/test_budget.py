"""The time of a template: steps are taken while there is some left, and not after."""

import time

import pytest
from jinja2.exceptions import SecurityError

from passlens.scenarios.budget import limited, look, timed


def spend(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(1000))


def test_without_a_limit_every_step_is_taken() -> None:
    look()
    assert timed(len)("abc") == 3


def test_no_step_is_taken_once_the_time_is_over() -> None:
    with limited(0.02):
        assert timed(len)("abc") == 3
        spend(0.03)
        with pytest.raises(SecurityError, match="it takes more than"):
            timed(len)("abc")
    look()


def test_a_limit_inside_another_ends_with_it() -> None:
    with limited(10):
        with limited(0.0):
            spend(0.005)
            with pytest.raises(SecurityError):
                look()
        look()


def test_waiting_does_not_count() -> None:
    with limited(0.05):
        time.sleep(0.08)  # another thread, or another process on a busy machine, has the processor meanwhile
        look()
