"""JSON is changed value by value, and everything around the values stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.scrub.json_text import rewrite


def upper(value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
    return value if key else "7" * len(value) if number else value.upper()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ "a" : "x",\n "b": [ 1, "y" ] }', '{ "a" : "X",\n "b": [ 7, "Y" ] }'),
        ('{"a": "x" "b": "y"', '{"a": "X" "b": "Y"'),
        ('{"a": "cut', '{"a": "CUT'),
        ('{"a": "\\u00fc/\\/"}', '{"a": "\\u00dc\\/\\/"}'),
        ('{"a": "ü"}', '{"a": "Ü"}'),
        ('{"a": "bad \\x"}', '{"a": "BAD \\X"}'),
        ('{"a": tru, null: -12.5e3}', '{"a": tru, null: 7777777}'),
        ('"x"', '"X"'),
        ("]}x", "]}x"),
        ("", ""),
    ],
)
def test_values_change_in_their_places(text: str, expected: str) -> None:
    assert rewrite(text, upper) == expected


def test_paths_are_told() -> None:
    seen: list[tuple[tuple[str, ...], str]] = []

    def note(value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
        if not key:
            seen.append((path, value))
        return value

    rewrite('{"a": {"b": [1, {"c": "x"}], "d": "y"}, "e": "z"}', note)
    assert seen == [(("a", "b"), "1"), (("a", "b", "c"), "x"), (("a", "d"), "y"), (("e",), "z")]


def test_what_stands_too_deep_is_a_secret() -> None:
    paths: set[tuple[str, ...]] = set()

    def note(value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
        paths.add(path)
        return value

    text = '{"a":[' * 50_000 + '"x"'
    assert rewrite(text, note) == text
    assert ("secret",) in paths
    assert max(map(len, paths)) < 70


@pytest.mark.parametrize(("depth", "last"), [(63, "a"), (64, "secret"), (65, "secret")])
def test_names_are_told_to_a_depth_of_64_brackets(depth: int, last: str) -> None:
    seen: list[tuple[str, ...]] = []

    def note(value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
        seen.append(path)
        return value

    rewrite('{"a":' * depth + '"x"' + "}" * depth, note)
    assert seen[-1][-1] == last
    assert len(seen[-1]) == (depth if last == "a" else 1)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(VALUES, st.booleans())
def test_a_change_of_nothing_changes_nothing(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert rewrite(text, lambda value, path, key=False, number=False: value) == text
    json.loads(rewrite(text, lambda value, path, key=False, number=False: value if number else value + '"\\'))


@given(st.text(max_size=40))
def test_any_text_is_taken(text: str) -> None:
    rewrite(text, upper)
