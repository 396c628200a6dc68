"""Strict wire types: nothing is coerced, and pydantic's errors become plain problems."""

import pytest

from passlens.rest_v2.wire import (
    Absent,
    EpochMilliseconds,
    Flag,
    NonEmpty,
    Texts,
    Whole,
    WireModel,
    kind_of,
    listed,
    moment,
    one_of,
    problems,
    show,
)


class Sample(WireModel):
    name: NonEmpty
    at: EpochMilliseconds = "1733735289035"
    tags: Texts = []
    count: Whole = 0
    on: Flag = False
    size: one_of("number", "string") = 1  # type: ignore[valid-type]
    gone: Absent = None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "a"}, []),
        ({"name": "a", "unheard": 1}, []),
        ({}, [("missing", "/name")]),
        ({"name": 1}, [("type", "/name")]),
        ({"name": ""}, [("format", "/name")]),
        ({"name": "a", "at": 1733735289035}, [("type", "/at")]),
        ({"name": "a", "at": "1733735289"}, [("format", "/at")]),
        ({"name": "a", "tags": ["a", 1]}, [("type", "/tags/1")]),
        ({"name": "a", "tags": "a"}, [("type", "/tags")]),
        ({"name": "a", "count": 1.0}, [("type", "/count")]),
        ({"name": "a", "count": True}, [("type", "/count")]),
        ({"name": "a", "on": "true"}, [("type", "/on")]),
        ({"name": "a", "size": None}, [("type", "/size")]),
        ({"name": "a", "size": "1"}, []),
        ({"name": "a", "gone": None}, [("forbidden", "/gone")]),
        ({"name": "\ud800"}, [("type", "/name")]),
    ],
)
def test_each_departure_is_one_problem(value: dict[str, object], expected: list[tuple[str, str]]) -> None:
    found = problems(Sample.model_validate, value)
    assert [(problem.kind, problem.pointer) for problem in found] == expected
    assert all(problem.actual and problem.expected for problem in found if problem.kind != "format")


def test_pointers_escape_what_json_pointers_reserve() -> None:
    class Odd(WireModel):
        inner: dict[str, NonEmpty]

    found = problems(Odd.model_validate, {"inner": {"a/b~c": 1}})
    assert found[0].pointer == "/inner/a~1b~0c"


def test_at_most_twenty_problems_are_listed() -> None:
    class Many(WireModel):
        inner: dict[str, NonEmpty]

    assert len(problems(Many.model_validate, {"inner": {str(n): n for n in range(1000)}})) == 20


def test_kinds_are_those_of_json() -> None:
    kinds = [kind_of(value) for value in (None, True, 1, 1.5, "a", [], {})]
    assert kinds == ["null", "boolean", "number", "number", "string", "array", "object"]


def test_words() -> None:
    assert listed(("a",)) == "a"
    assert listed(("a", "b", "c")) == "a, b or c"
    assert listed(("a", "b"), "and") == "a and b"
    assert (show(True), show([1]), show(10**40), show("x")) == ("true", "array", "a huge number", "x")
    assert moment(0) == "1970-01-01T00:00:00Z"
    assert "1970" in moment(1e300)
