"""What is remembered: short arguments often, long ones for a moment, failures never."""

import gc
import tracemalloc

import pytest

from passlens.remembered import LONGEST, remembered


def counted(most: int) -> tuple[list[object], object]:
    calls: list[object] = []

    @remembered(most)
    def upper(text: str, more: tuple[tuple[str, str], ...] = ()) -> str:
        """Upper case."""
        calls.append(text[:4])
        return text.upper()

    return calls, upper


def test_a_result_is_remembered_until_others_push_it_out() -> None:
    calls, upper = counted(2)
    assert [upper(text) for text in "aabba"] == list("AABBA")  # type: ignore[operator]
    assert calls == ["a", "b"]
    upper("c"), upper("a"), upper("b")  # type: ignore[operator]
    assert calls == ["a", "b", "c", "b"]
    upper.cache_clear()  # type: ignore[attr-defined]
    upper("b")  # type: ignore[operator]
    assert calls[-1] == "b"
    assert upper.__doc__ == "Upper case."


@pytest.mark.parametrize("more", [(), (("x" * LONGEST, "y"),)])
def test_long_arguments_do_not_fill_the_memory(more: tuple[tuple[str, str], ...]) -> None:
    calls, upper = counted(1000)
    gc.collect()
    tracemalloc.start()
    for number in range(200):
        text = f"{number}{'' if more else 'x' * 100_000}"
        for _ in range(3):
            upper(text, tuple((f"{name}{number}", value * 100) for name, value in more))  # type: ignore[operator]
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(calls) == 200
    assert held < 4_000_000


def test_a_failure_is_not_remembered() -> None:
    tries = []

    @remembered(10)
    def fails(text: str) -> None:
        tries.append(text)
        raise ValueError(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            fails("a")
    assert tries == ["a", "a"]
