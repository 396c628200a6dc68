"""One element of a HAR file: whole, cut, or with what is wrong with it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.recordings import har_element
from passlens.recordings.har_element import balanced, element, parse
from passlens.recordings.har_feed import Feed


def read(data: bytes) -> tuple[bytes, str | None]:
    feed = Feed(io.BytesIO(data))
    feed.peek()
    return element(feed)


@pytest.mark.parametrize(
    ("data", "text", "problem"),
    [
        (b'{"a": "}"} ,', b'{"a": "}"}', None),
        (b'"a \\" b", 1', b'"a \\" b"', None),
        (b"12.5]", b"12.5", None),
        (b'{"a": [1}', b'{"a": [1}', "its brackets do not match"),
        (b'{"a": [1', b'{"a": [1', "the file ends inside it"),
        (b"}", b"", "a bracket or colon stands where an entry should be"),
    ],
)
def test_an_element_ends_where_its_brackets_do(data: bytes, text: bytes, problem: str | None) -> None:
    assert read(data) == (text, problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b'{"a": "\xff"}', None),
        (b'{"a" 1}', "it is not valid JSON (Expecting ':' delimiter at its character 5)"),
        (b"[" * 100_000, "it is nested too deep to be read"),
    ],
)
def test_what_is_no_json_is_told_in_a_clause(text: bytes, problem: str | None) -> None:
    assert parse(text)[1] == problem


@given(st.text('{}[]":,\\ a1\n', max_size=60).map(lambda text: b"{" + text.encode()))
def test_the_short_way_to_the_closing_bracket_is_the_long_one(data: bytes) -> None:
    short, long = Feed(io.BytesIO()), Feed(io.BytesIO())
    short.buffer, long.buffer = data, data
    end = har_element.closed(data, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(har_element, "closed", lambda buffer, at: None)
        text, problem = balanced(long, True)
    assert (end is not None) == (problem is None)
    if end is not None:
        assert balanced(short, True) == (text, None)
        assert short.at == long.at == end
