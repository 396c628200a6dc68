"""What link states tick off."""

from typing import get_args

from passlens.device.link import MARKS
from passlens.device.menu import Mark
from passlens.proxy.link_state import Link


def test_every_link_state_ticks_off_what_lies_before_it() -> None:
    order = [mark for mark in get_args(Mark) if mark != "fetched"]
    assert set(MARKS) == set(get_args(Link))
    for marks in MARKS.values():
        assert list(marks) == order[: len(marks)]
