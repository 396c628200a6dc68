"""The comparison words: does what an exchange has fit what a rule asks for.
A field may have several values (repeated headers and parameters) or none."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from passlens.rest_v2.wire import listed
from passlens.scenarios import patterns, times
from passlens.scenarios.when import Comparison

MAX_SHOWN_CHARS: Final = 120


def text_of(value: Any) -> str:
    """A value as text: texts as they are, everything else as JSON writes it."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, TypeError, RecursionError):
        return "unreadable"


def fits_alone(comparison: Comparison) -> "Test":
    """What tells of a single value whether it fits; made once for many values."""
    words = ("does_not_contain", "does_not_match", *POSITIVE)
    tests = [test for word in words if (test := _word(comparison, word)) is not None]
    return lambda value, now: all(test(value, now) for test in tests)


def holds(comparison: Comparison, values: Sequence[Any], now: float) -> bool:
    """True if all words of the comparison hold: the positive ones for one of the values, does_not_* for each."""
    if comparison.absent is not None and comparison.absent != (not values):
        return False
    negatives = (_word(comparison, word) for word in ("does_not_contain", "does_not_match"))
    if not all(test(value, now) for test in negatives if test is not None for value in values):
        return False
    wanted = [test for word in POSITIVE if (test := _word(comparison, word)) is not None]
    return not wanted or any(all(test(value, now) for test in wanted) for value in values)


POSITIVE: Final = ("equal_to", "one_of", "contains", "matches", "before", "after")

Test = Callable[[Any, float], bool]


def _word(comparison: Comparison, word: str) -> Test | None:
    """The test that a word stands for, or None where it is not written."""
    if word not in comparison.model_fields_set:
        return None
    operand = getattr(comparison, word)

    def fold(text: str) -> str:
        return text.casefold() if comparison.case_insensitive else text

    match word:
        case "equal_to":
            return lambda value, now: fold(text_of(value)) == fold(text_of(operand))
        case "one_of":
            known = {fold(text_of(item)) for item in operand}
            return lambda value, now: fold(text_of(value)) in known
        case "contains":
            return lambda value, now: fold(operand) in fold(text_of(value))
        case "does_not_contain":
            return lambda value, now: fold(operand) not in fold(text_of(value))
        case "matches":
            return lambda value, now: patterns.fits(operand, text_of(value)) is True
        case "does_not_match":
            return lambda value, now: patterns.fits(operand, text_of(value)) is False
        case "before":
            return lambda value, now: (moment := times.read(value)) is not None and moment < times.resolve(operand, now)
        case _:
            return lambda value, now: (moment := times.read(value)) is not None and moment > times.resolve(operand, now)


def in_words(comparison: Comparison) -> str:
    """What a comparison asks for, as a clause: ``equal to granted``, ``absent``."""
    words = []
    for name in comparison.given:
        operand = getattr(comparison, name)
        match name:
            case "absent":
                words.append("absent" if operand else "present")
            case "one_of":
                words.append(f"one of {listed(tuple(text_of(item) for item in operand))}")
            case "case_insensitive":
                continue
            case _:
                words.append(f"{name.replace('_', ' ')} {text_of(operand)}")
    return " and ".join(words) + (" in any case" if comparison.case_insensitive else "")


def shown(values: Sequence[Any]) -> str:
    """What an exchange has, as a clause: the value or values, made short, or ``absent``."""
    text = " and ".join(text_of(value) for value in values) if values else "absent"
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[: MAX_SHOWN_CHARS - 3]}..."
