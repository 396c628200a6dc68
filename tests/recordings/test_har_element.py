"""One element of a HAR file: whole, cut, or with what is wrong with it."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.recordings import har_element, har_feed
from passlens.recordings.har_element import element, parse
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


@given(st.text('{}[]":,\\ a1\n', max_size=60).map(lambda text: b"{" + text.encode()), st.integers(1, 8))
def test_it_does_not_matter_where_chunks_end(data: bytes, chunk: int) -> None:
    whole = Feed(io.BytesIO(data))
    whole.peek()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(har_feed, "CHUNK", chunk)
        pieces = Feed(io.BytesIO(data))
        pieces.peek()
        assert element(pieces) == element(whole)
    assert pieces.buffer[pieces.at :] + pieces.stream.read(-1) == whole.buffer[whole.at :]


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_a_long_string_is_cut_and_what_follows_is_kept(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_feed, "CHUNK", chunk)
    monkeypatch.setattr(har_element, "MAX_STRING", 4)
    text, problem = read(b'{"a": "' + b"x" * 200 + b'", "b": 1}')
    assert problem is None
    cut, rest = parse(text)[0].values()
    assert set(cut) == {"x"}
    assert len(cut) < 200
    assert rest == 1
