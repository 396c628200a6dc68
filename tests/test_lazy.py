"""An attribute that is worked out once, and not before it is asked for."""

from dataclasses import dataclass

from passlens.lazy import lazy


@dataclass(frozen=True)
class Sum:
    """Counts how often it was asked to work."""

    numbers: tuple[int, ...]
    asked: list[int]

    @lazy
    def total(self) -> int:
        """The sum."""
        self.asked.append(1)
        return sum(self.numbers)


def test_it_is_worked_out_once_and_for_each_instance_apart() -> None:
    one, two = Sum((1, 2), []), Sum((3,), [])
    assert one.asked == []
    assert (one.total, one.total, two.total) == (3, 3, 3)
    assert (one.asked, two.asked) == ([1], [1])


def test_it_takes_no_part_in_comparison_and_keeps_its_words() -> None:
    one = Sum((1, 2), [])
    assert one.total == 3
    assert one == Sum((1, 2), [1])
    assert Sum.total.__doc__ == "The sum."
