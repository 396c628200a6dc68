"""A property is worked out once, for each instance by itself, and a failure is not kept."""

import pytest

from passlens.util.cached_property import cached_property


class Counted:
    """Counts how often it was asked."""

    def __init__(self, fails: int = 0) -> None:
        self.asked, self._fails = 0, fails

    @cached_property
    def value(self) -> int:
        """What was asked for."""
        self.asked += 1
        if self.asked <= self._fails:
            raise ValueError(self.asked)
        return 7


def test_a_value_is_worked_out_once() -> None:
    one, other = Counted(), Counted()
    assert (one.value, one.value, one.asked) == (7, 7, 1)
    assert other.asked == 0
    assert vars(one)["value"] == 7


def test_a_failure_is_not_kept() -> None:
    one = Counted(fails=1)
    with pytest.raises(ValueError, match="1"):
        _ = one.value
    assert one.value == 7


def test_the_class_shows_the_property_itself() -> None:
    assert Counted.value.__doc__ == "What was asked for."
