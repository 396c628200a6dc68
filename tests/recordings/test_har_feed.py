"""The window on the bytes of a HAR file: what comes next, what is put back, and how often."""

import io
from typing import Any

import pytest

from passlens.recordings import har_feed
from passlens.recordings.har_feed import DOCUMENT, ENTRY, RESUME_REACH, Feed


def feed(data: bytes) -> Feed:
    return Feed(io.BytesIO(data))


def test_white_space_and_commas_are_skipped_over_the_end_of_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_feed, "CHUNK", 2)
    found = feed(b" ,\n \t,{")
    assert found.peek() == b"{"
    found.at += 1
    assert found.peek() == b""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("chunk", [1, 2, 100])
def test_the_first_object_is_at_hand_behind_a_mark(mark: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_feed, "CHUNK", chunk)
    found = feed(mark + b'{"a": 1}')
    found.begin()
    assert found.peek() == b"{"
    assert found.object() == ({"a": 1} if chunk == 100 else None)


def test_an_object_at_hand_is_taken_at_once_and_a_cut_one_stays() -> None:
    found = feed(b'{"a": 1}{"b": ')
    found.peek()
    assert found.object() == {"a": 1}
    assert found.object() is None
    assert found.peek() == b"{"


@pytest.mark.parametrize(
    ("pattern", "data"),
    [(DOCUMENT, b'{ "log" : {"version"'), (ENTRY, b'{"startedDateTime" :'), (ENTRY, b'{"_passlens":')],
)
def test_what_comes_is_seen_over_the_end_of_a_chunk(pattern: Any, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_feed, "CHUNK", 3)
    found = feed(data + b" " * RESUME_REACH)
    assert found.sees(pattern)
    assert found.buffer[found.at :].startswith(data)


def test_the_reading_resumes_at_the_next_entry() -> None:
    found = feed(b'"]}}}, {"request": 1}')
    assert found.resume()
    assert found.buffer[found.at :] == b'{"request": 1}'
    found.at += 1
    assert not found.resume()


@pytest.mark.parametrize(
    ("taken", "allowed"),
    [(0, 1 << 18), (1000, (1 << 18) + 8000), ((16 << 20) - (1 << 15), 128 << 20), (1 << 30, 128 << 20)],
)
def test_what_is_read_again_is_bounded_by_what_was_read_and_in_all(taken: int, allowed: int) -> None:
    feed = Feed(io.BytesIO())
    feed.taken, feed.again_taken = taken, allowed - 1
    assert feed.again(b"x")
    assert not feed.again(b"x")
