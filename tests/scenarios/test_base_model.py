"""What all parts share: closed and strict models, short forms, names that fit into headers."""

import pytest
from pydantic import TypeAdapter, ValidationError

from passlens.scenarios.base_model import HeaderName, HeaderValue, OneOrMore, Word
from passlens.scenarios.delay import Delay
from passlens.scenarios.then import Respond
from passlens.scenarios.when import Comparison


def accepts(kind: object, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def test_bare_values_are_a_short_form() -> None:
    assert Comparison.model_validate("a") == Comparison.model_validate({"equal_to": "a"})
    assert Comparison.model_validate(False).equal_to is False
    assert Delay.model_validate(20) == Delay.model_validate({"milliseconds": 20})


@pytest.mark.parametrize("value", [None, [], {}, {"equal_to": None}, {"equal_to": []}, {"equals": "a"}])
def test_what_is_no_comparison(value: object) -> None:
    assert not accepts(Comparison, value)


def test_null_counts_only_where_it_can_be_meant() -> None:
    assert Respond.model_validate({"json": None}).has_json
    assert not accepts(Respond, {"body": None})


def test_one_or_more() -> None:
    assert TypeAdapter(OneOrMore).validate_python("a") == ["a"]
    assert not accepts(OneOrMore, [])


def test_names_and_values_of_headers() -> None:
    assert accepts(HeaderName, "X-Device-Info")
    assert not any(accepts(HeaderName, name) for name in ("", "a b", "a:", "é", "a\n"))
    assert accepts(HeaderValue, "a\tb")
    assert not any(accepts(HeaderValue, value) for value in ("a\r\nb", "a\0", "\x7f"))


def test_words_fit_into_a_header() -> None:
    assert all(accepts(Word, word) for word in ("a", "fall back", "x" * 80))
    assert not any(accepts(Word, word) for word in ("", " a", "a ", "a\nb", "a\n", "é", "x" * 81))
