"""The comparison words on values, none and several."""

import pytest

from passlens.scenarios.compare import holds, in_words, shown
from passlens.scenarios.when import Comparison

NOW = 1767323045.0


@pytest.mark.parametrize(
    ("comparison", "values", "expected"),
    [
        ("a", ["a"], True),
        ("a", ["A"], False),
        ("a", [], False),
        ("a", ["b", "a"], True),
        (1920, [1920], True),
        (1920, ["1920"], True),
        (True, [True], True),
        (True, ["true"], True),
        ({"equal_to": "a", "case_insensitive": True}, ["A"], True),
        ({"contains": "ell"}, ["hello"], True),
        ({"contains": '"a":1'}, [{"a": 1}], True),
        ({"does_not_contain": "ell"}, ["hello"], False),
        ({"does_not_contain": "ell"}, [], True),
        ({"does_not_contain": "ell"}, ["hello", "x"], False),
        ({"matches": "h.*o"}, ["hello"], True),
        ({"matches": "h"}, ["hello"], False),
        ({"does_not_match": "h.*"}, ["hello"], False),
        ({"does_not_match": "h.*"}, [], True),
        ({"matches": "a*"}, ["a" * 5000], False),
        ({"does_not_match": "a*"}, ["a" * 5000], False),
        ({"absent": True}, [], True),
        ({"absent": True}, [None], False),
        ({"absent": False}, [None], True),
        ({"one_of": ["a", 2]}, ["2"], True),
        ({"one_of": ["a", 2]}, ["b"], False),
        ({"before": "now"}, [str(int(NOW * 1000) - 1)], True),
        ({"before": "now"}, [str(int(NOW * 1000) + 1)], False),
        ({"after": "now -1 minute"}, [NOW], True),
        ({"after": "now"}, ["soon"], False),
        ({"contains": "a", "matches": ".b"}, ["ab"], True),
        ({"contains": "a", "matches": ".b"}, ["ac", "xb"], False),
    ],
)
def test_holds(comparison: object, values: list[object], expected: bool) -> None:
    assert holds(Comparison.model_validate(comparison), values, NOW) is expected


def test_in_words() -> None:
    assert in_words(Comparison.model_validate("a")) == "equal to a"
    assert in_words(Comparison.model_validate({"absent": False})) == "present"
    words = in_words(Comparison.model_validate({"one_of": ["a", 2], "case_insensitive": True}))
    assert words == "one of a or 2 in any case"


def test_shown() -> None:
    assert shown([]) == "absent"
    assert shown(["a", {"b": 1}]) == 'a and {"b":1}'
    assert shown(["x" * 120]) == "x" * 120
    assert shown(["x" * 121]) == "x" * 117 + "..."
