"""The protocol of sequence checks: what every check has, and how spans of time read."""

import pytest

from passlens.checks.sequence.check import seconds
from passlens.checks.sequence.history import History
from passlens.checks.table import SEQUENCES
from passlens.rest_v2.operations import BY_ID


def test_every_check_is_one_and_is_fed_with_operations() -> None:
    for row in SEQUENCES:
        made = row.find(History())
        assert callable(made.feed)
        assert made.operations is None or made.operations <= set(BY_ID)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (119.4, "119 s"), (120, "2 min"), (1860, "31 min")],
)
def test_spans_read_in_the_unit_that_fits(value: float, text: str) -> None:
    assert seconds(value) == text


def test_what_begins_something_is_fed_and_memories_are_those_of_the_check() -> None:
    history = History()
    for row in SEQUENCES:
        made = row.find(history)
        assert made.begins is None or made.begins <= (made.operations or set(BY_ID))
        owned = [memory for memory in [*vars(made).values(), *vars(history).values()] if memory is made.memory]
        assert owned
        assert all(made.awake(operation) is True for operation in (made.begins if made.begins is not None else BY_ID))
