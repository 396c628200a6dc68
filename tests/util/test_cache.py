"""What is kept: short texts until others push them out, long ones and failures never."""

import gc
import tracemalloc

import pytest

from passlens.util.cache import MAX_CHARS, CachedByValue, cached_by_value


def counted(count: int) -> tuple[list[str], CachedByValue[str]]:
    calls: list[str] = []

    @cached_by_value(count)
    def upper(text: str, more: str = "") -> str:
        """Upper case."""
        calls.append(text[:4])
        return text.upper()

    return calls, upper


def test_a_result_is_kept_until_others_push_it_out() -> None:
    calls, upper = counted(2)
    assert [upper(text) for text in "aabba"] == list("AABBA")
    assert calls == ["a", "b"]
    upper("c"), upper("a"), upper("b")
    assert calls == ["a", "b", "c", "b"]
    upper.cache_clear()
    upper("b")
    assert calls[-1] == "b"
    assert upper.__doc__ == "Upper case."


def test_long_texts_are_worked_out_anew() -> None:
    calls, upper = counted(1000)
    upper("x", "y" * (MAX_CHARS - 1)), upper("x", "y" * (MAX_CHARS - 1))
    assert len(calls) == 1
    upper("x", "y" * MAX_CHARS), upper("x", "y" * MAX_CHARS)
    assert len(calls) == 3
    gc.collect()
    tracemalloc.start()
    for number in range(200):
        upper(f"{number}{'x' * 100_000}")
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 1_000_000


def test_a_failure_is_not_kept() -> None:
    tries = []

    @cached_by_value(10)
    def fails(text: str) -> None:
        tries.append(text)
        raise ValueError(text)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            fails("a")
    assert tries == ["a", "a"]
