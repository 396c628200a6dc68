"""What is wrong with a JSON text is said in words that are the same in every Python, and nothing unknown is quoted."""

import json

import pytest

from passlens.rest_v2.json_problem import describe, excerpt


@pytest.mark.parametrize(
    ("text", "words", "offset"),
    [
        ('{"a": 1 "b": 2}', "a comma is missing", 8),
        ('{"a" 1}', "a colon is missing", 5),
        ("{a: 1}", "a name in double quotes is missing", 1),
        ("{'a': 1}", "a name in double quotes is missing", 1),
        ('{"a": }', "a value is missing", 6),
        ("", "a value is missing", 0),
        ('{"a": 1}}', "something follows the end of the JSON", 8),
        ('{"a": "b', "a text has no closing quote", 6),
        ('{"a": "\x01"}', "a control character stands in a text", 7),
        ('{"a": "\\q"}', "an escape is none of JSON's", 7),
        ('{"a": "\\u12"}', "an escape is none of JSON's", None),
        ('{"a": 1, }', "a comma stands before a closing bracket", 7),
        ("[1, 2,]", "a comma stands before a closing bracket", 5),
        ("[1, 2,x]", "a value is missing", 6),
    ],
)
def test_every_mistake_has_words(text: str, words: str, offset: int | None) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    said, at = describe(caught.value)
    assert said == words
    assert offset is None or at == offset


def test_an_excerpt_shows_signs_and_known_names_only() -> None:
    text = '{"osName": "secret" "mine": 12345, "x": [true, null]}'
    assert excerpt(text, text.index('"mine"'), {"osName"}) == '"osName": "…" <here> "…": …'
    assert excerpt(text, 0, {"osName"}) == '<here> {"osName":'
    assert excerpt(text, len(text), ()) == "null]} <here>"
    assert "secret" not in "".join(excerpt(text, at, {"osName"}) for at in range(len(text)))


def test_a_place_too_far_in_has_no_excerpt() -> None:
    limit = 1 << 14
    assert excerpt(" " * limit + "}", limit, ()) == "<here> }"
    assert excerpt(" " * limit + " }", limit + 1, ()) == ""
