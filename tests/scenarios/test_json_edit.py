"""Changes to JSON text leave everything that is not named as it stands, character by character."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import limits
from passlens.errors import EditError
from passlens.scenarios.json_edit import dump_like, merge, remove, same, set_value

SPACED = '{"a": 1, "b": {"c": [true, null]}, "\\u00e9": 1.50}'
PRETTY = '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n'


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ('{"a":1,"b":2}', ("a",), 3, '{"a":3,"b":2}'),
        ('{"a":1,"b":2}', ("c",), "x", '{"a":1,"b":2,"c":"x"}'),
        (SPACED, ("b", "c", "1"), 5, '{"a": 1, "b": {"c": [true, 5]}, "\\u00e9": 1.50}'),
        (SPACED, ("b", "c", "2"), 5, '{"a": 1, "b": {"c": [true, null, 5]}, "\\u00e9": 1.50}'),
        (SPACED, ("d", "e"), "f", '{"a": 1, "b": {"c": [true, null]}, "\\u00e9": 1.50, "d": {"e": "f"}}'),
        (SPACED, ("\u00e9",), 1.5, SPACED),
        (PRETTY, ("d",), 1, '{\n  "a": 1,\n  "b": {\n    "c": 2\n  },\n  "d": 1\n}\n'),
        (PRETTY, ("b", "d"), 1, '{\n  "a": 1,\n  "b": {\n    "c": 2,\n    "d": 1\n  }\n}\n'),
        ("{ }", ("a",), 1, '{"a":1 }'),
        ('{"a":1,"a":2}', ("a",), 3, '{"a":1,"a":3}'),
        (' {"a" :1}', ("b",), 2, ' {"a" :1,"b" :2}'),
        ('{"a":1}', (), [1], "[1]"),
    ],
)
def test_set_value(text: str, path: tuple[str, ...], value: Any, expected: str) -> None:
    assert set_value(text, path, value) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (SPACED, ("a",), '{"b": {"c": [true, null]}, "\\u00e9": 1.50}'),
        (SPACED, ("b", "c", "0"), '{"a": 1, "b": {"c": [null]}, "\\u00e9": 1.50}'),
        (SPACED, ("\u00e9",), '{"a": 1, "b": {"c": [true, null]}}'),
        (SPACED, ("x", "y"), SPACED),
        (PRETTY, ("b",), '{\n  "a": 1\n}\n'),
        ('{"a":1,"b":2,"a":3}', ("a",), '{"b":2}'),
    ],
)
def test_remove(text: str, path: tuple[str, ...], expected: str) -> None:
    assert remove(text, path) == expected


# RFC 7396, Appendix A
MERGES = [
    ('{"a":"b"}', {"a": "c"}, {"a": "c"}),
    ('{"a":"b"}', {"b": "c"}, {"a": "b", "b": "c"}),
    ('{"a":"b"}', {"a": None}, {}),
    ('{"a":"b","b":"c"}', {"a": None}, {"b": "c"}),
    ('{"a":["b"]}', {"a": "c"}, {"a": "c"}),
    ('{"a":"c"}', {"a": ["b"]}, {"a": ["b"]}),
    ('{"a":{"b":"c"}}', {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ('{"a":[{"b":"c"}]}', {"a": [1]}, {"a": [1]}),
    ('["a","b"]', ["c", "d"], ["c", "d"]),
    ('{"a":"b"}', ["c"], ["c"]),
    ('{"a":"foo"}', None, None),
    ('{"a":"foo"}', "bar", "bar"),
    ('{"e":null}', {"a": 1}, {"e": None, "a": 1}),
    ("[1,2]", {"a": "b", "c": None}, {"a": "b"}),
    ("{}", {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("text", "patch", "expected"), MERGES)
def test_merge(text: str, patch: Any, expected: Any) -> None:
    assert json.loads(merge(text, patch)) == expected


def test_nesting_is_bounded() -> None:
    assert remove("[" * 100 + "1,2" + "]" * 100, (*("0",) * 99, "1")) == "[" * 100 + "1" + "]" * 100
    with pytest.raises(EditError, match="nested too deep"):
        remove("[" * 101 + "1,2" + "]" * 101, ("0",))


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', '{"a":1} x', "[" * 200 + "]" * 200, '{"a":tru}'])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(EditError):
        set_value(text, ("a",), 1)


def test_what_is_in_the_way() -> None:
    with pytest.raises(EditError, match="a is no object"):
        set_value('{"a":1}', ("a", "b"), 1)
    with pytest.raises(EditError, match="no item 5"):
        set_value("[1]", ("5",), 1)


def test_same() -> None:
    assert same({"a": [1.0]}, {"a": [1]})
    assert not same(1, True)
    assert not same([True], [1])
    assert not same({"a": 1}, {"b": 1})


@pytest.mark.parametrize("text", ['{"a":1,"b":"c"}', '{"a": 1, "b": "c"}', '{\n\t"a": 1,\n\t"b": "c"\n}'])
def test_written_the_way_it_is(text: str) -> None:
    assert dump_like(text, json.loads(text)) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(min_size=1, max_size=3), JSON, min_size=1, max_size=4)
STYLES = st.sampled_from([(None, (",", ":")), (None, (", ", ": ")), (2, (",", ": ")), ("\t", (" , ", " :"))])


@given(OBJECTS, STYLES, st.booleans(), JSON, st.data())
def test_there_and_back_is_the_identity(
    value: dict[str, Any], style: Any, ascii_only: bool, new: Any, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=style[0], separators=style[1], ensure_ascii=ascii_only)
    key = data.draw(st.sampled_from(sorted(value)))
    changed = set_value(text, (key,), new)
    assert same(json.loads(changed), {**value, key: new})
    back = set_value(changed, (key,), value[key])
    before, _, _ = text.partition(json.dumps(key, ensure_ascii=ascii_only))
    assert back.startswith(before)
    assert same(json.loads(back), value)
    if not isinstance(value[key], (dict, list, str, float)):
        assert back == text


@given(OBJECTS, STYLES, JSON)
def test_adding_and_removing_is_the_identity(value: dict[str, Any], style: Any, new: Any) -> None:
    text = json.dumps(value, indent=style[0], separators=style[1])
    added = set_value(text, ("a new key",), new)
    assert same(json.loads(added), {**value, "a new key": new})
    assert remove(added, ("a new key",)) == text


@pytest.mark.parametrize(
    ("text", "path", "left"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "a", '{"b": 2}'),
        ('{"b": 1, "a": 2, "a": 3}', "a", '{"b": 1}'),
        ('{"a": 1,  "a": 2 , "b": 3, "c": 4}', "a", '{"b": 3, "c": 4}'),
        ('{ "a": 1, "a": 2 }', "a", "{  }"),
        ('{"b": 1, "a": 2, "c": 3, "a": 4 }', "a", '{"b": 1, "c": 3 }'),
        ("[1, 1, 1]", "1", "[1, 1]"),
        ("[1]", "0", "[]"),
    ],
)
def test_all_of_a_repeated_member_go_and_one_item(text: str, path: str, left: str) -> None:
    assert remove(text, (path,)) == left


def test_thousands_of_repeats_go_at_once() -> None:
    """As a device may send them in a header that a rule takes a member from."""
    data = b'{"model":1' + b',"model":1' * 6_000 + b"}"
    limits.within_time(lambda text: remove(text.decode(), ("model",)), data, 0.4)
