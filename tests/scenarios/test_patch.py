"""JSON patch: the examples of RFC 6902, Appendix A, in other words."""

import copy
from typing import Any

import pytest

from passlens.errors import EditError
from passlens.scenarios.changes import PatchStep
from passlens.scenarios.patch import apply, parsed

DONE = [
    ({"a": 1}, [{"op": "add", "path": "/b", "value": [2]}], {"a": 1, "b": [2]}),
    ({"a": [1, 3]}, [{"op": "add", "path": "/a/1", "value": 2}], {"a": [1, 2, 3]}),
    ({"a": [1]}, [{"op": "add", "path": "/a/-", "value": [2]}], {"a": [1, [2]]}),
    ({"a": 1, "b": 2}, [{"op": "remove", "path": "/b"}], {"a": 1}),
    ({"a": [1, 2, 3]}, [{"op": "remove", "path": "/a/1"}], {"a": [1, 3]}),
    ({"a": 1}, [{"op": "replace", "path": "/a", "value": None}], {"a": None}),
    ({"a": {"b": 1}, "c": {}}, [{"op": "move", "from": "/a/b", "path": "/c/d"}], {"a": {}, "c": {"d": 1}}),
    ({"a": [1, 2, 3]}, [{"op": "move", "from": "/a/0", "path": "/a/2"}], {"a": [2, 3, 1]}),
    ({"a": 1}, [{"op": "move", "from": "/a", "path": "/a"}], {"a": 1}),
    ({"a": [1]}, [{"op": "add", "path": "/a/1", "value": 2}], {"a": [1, 2]}),
    ({"a": [1]}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": [1], "b": [1]}),
    (
        {"a/b": 1, "m~n": 2},
        [{"op": "test", "path": "/a~1b", "value": 1}, {"op": "remove", "path": "/m~0n"}],
        {"a/b": 1},
    ),
    ({"a": 1}, [{"op": "replace", "path": "", "value": [1]}], [1]),
    ({"": 1}, [{"op": "remove", "path": "/"}], {}),
]

REFUSED = [
    [{"op": "remove", "path": "/x"}],
    [{"op": "replace", "path": "/x", "value": 1}],
    [{"op": "add", "path": "/x/y", "value": 1}],
    [{"op": "add", "path": "/a/9", "value": 1}],
    [{"op": "test", "path": "/b", "value": True}],
    [{"op": "move", "from": "/c", "path": "/c/d"}],
    [{"op": "move", "from": "/d/0", "path": "/d/0/x"}],  # what comes after it would move up and take it in
    [{"op": "add", "path": "/a/2", "value": 1}],
    [{"op": "copy", "from": "/x", "path": "/y"}],
    [{"op": "add", "path": "/b/c", "value": 1}],
]


def steps(written: list[dict[str, Any]]) -> list[PatchStep]:
    return [PatchStep.model_validate(step) for step in written]


@pytest.mark.parametrize(("value", "patch", "expected"), DONE)
def test_done(value: Any, patch: list[dict[str, Any]], expected: Any) -> None:
    before = copy.deepcopy(value)
    assert apply(value, steps(patch)) == expected
    assert value == before


@pytest.mark.parametrize("patch", REFUSED)
def test_refused(patch: list[dict[str, Any]]) -> None:
    with pytest.raises(EditError):
        apply({"a": [1], "b": 1, "c": {}, "d": [{}, {}]}, steps(patch))


def test_parsed() -> None:
    assert parsed("[1]") == [1]
    with pytest.raises(EditError, match="no JSON"):
        parsed("{")
