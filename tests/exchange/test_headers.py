"""Headers that are sent again are one object, within limits."""

from passlens.exchange.headers import MAX_CHARS, MAX_COUNT, Headers, KnownHeaders, known, length


def headers(text: str) -> Headers:
    """Headers of their own: equal texts, other objects."""
    return (("X-Device-Info", "".join(text)), ("Accept", "a"), ("accept", "b"))


def test_equal_headers_are_one_object() -> None:
    first = known(headers("one"))
    assert first == headers("one")
    assert known(headers("one")) is first
    assert known(first) is first
    assert known(headers("two")) is not first


def test_values_stand_by_name_in_order() -> None:
    assert KnownHeaders(headers("one")).by_name == {"x-device-info": ["one"], "accept": ["a", "b"]}


def test_long_headers_are_not_remembered() -> None:
    rest = length(headers(""))
    at_the_limit, beyond = "x" * (MAX_CHARS - rest), "x" * (MAX_CHARS - rest + 1)
    assert known(headers(at_the_limit)) is known(headers(at_the_limit))
    assert known(headers(beyond)) is not known(headers(beyond))
    assert known(headers(beyond)) == headers(beyond)


def test_what_was_sent_long_ago_is_forgotten() -> None:
    first = known(headers("first"))
    for number in range(MAX_COUNT):
        known(headers(f"number {number}"))
    assert known(headers("first")) is not first


def test_the_length_counts_texts_and_bytes() -> None:
    assert length((("ab", "c"), ("d", ""))) == length(((b"ab", b"c"), (b"d", b""))) == 4
