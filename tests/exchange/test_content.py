"""Content-encodings: what is removed, what is refused, and that neither memory nor time can be blown up."""

import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from passlens.exchange.content import MAX_ENCODINGS, decode_content

LIMIT = 1 << 20
BODY = b'{"status": "ok", "n": [' + b"1, " * 300 + b"2]}"


def bare_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


ENCODE = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("name", ENCODE)
def test_removes_an_encoding(name: str) -> None:
    assert decode_content(ENCODE[name](BODY), name, LIMIT) == (BODY, None)


def test_removes_bare_deflate_and_identity_in_any_spelling() -> None:
    assert decode_content(bare_deflate(BODY), " Deflate ", LIMIT) == (BODY, None)
    for nothing in ("", "identity", "IDENTITY, ,none"):
        assert decode_content(BODY, nothing, LIMIT) == (BODY, None)


def test_several_encodings_are_removed_in_reverse() -> None:
    raw = ENCODE["br"](ENCODE["zstd"](ENCODE["gzip"](BODY)))
    assert decode_content(raw, "gzip, zstd, br", LIMIT) == (BODY, None)
    assert decode_content(raw, "br, zstd, gzip", LIMIT)[1].kind == "encoding"


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_several_members_are_one_body_even_if_they_are_many(name: str) -> None:
    many = ENCODE[name](b"") * 20_000 + ENCODE[name](b"a") + ENCODE[name](b"b")
    assert decode_content(many, name, LIMIT) == (b"ab", None)


def test_what_follows_a_gzip_member_is_ignored() -> None:
    assert decode_content(gzip.compress(b"a") + b"\0\0junk", "gzip", LIMIT) == (b"a", None)


@pytest.mark.parametrize("name", ENCODE)
def test_an_empty_body_needs_no_decoding(name: str) -> None:
    assert decode_content(b"", name, LIMIT) == (b"", None)


@pytest.mark.parametrize("name", ENCODE)
def test_a_body_that_is_not_encoded_as_claimed_is_a_gap(name: str) -> None:
    body, gap = decode_content(BODY, name, LIMIT)
    assert body is None
    assert gap.kind == "encoding"
    assert name in gap.detail


@pytest.mark.parametrize("name", ENCODE)
def test_a_truncated_body_is_a_gap_at_every_length(name: str) -> None:
    raw = ENCODE[name](BODY)
    for length in range(1, len(raw)):
        body, gap = decode_content(raw[:length], name, LIMIT)
        assert body is None, length
        assert gap.kind == "encoding"


@pytest.mark.parametrize("name", ["utf-8", "compress", "aws-chunked", "x" * 100_000])
def test_an_unknown_encoding_is_a_gap_with_a_short_clause(name: str) -> None:
    body, gap = decode_content(BODY, name, LIMIT)
    assert body is None
    assert gap.kind == "encoding"
    assert len(gap.detail) < 200


def test_too_many_encodings_are_a_gap() -> None:
    raw = BODY
    for _ in range(4):
        raw = gzip.compress(raw)
    assert decode_content(raw, "gzip, gzip, gzip, gzip", LIMIT) == (BODY, None)
    gap = decode_content(gzip.compress(raw), "gzip, gzip, gzip, gzip, gzip", LIMIT)[1]
    assert gap.kind == "encoding"
    assert "5 content-encodings" in gap.detail


@pytest.mark.parametrize(("window_log", "decoded"), [(23, True), (24, False)])
def test_a_zstd_window_of_eight_mebibytes_is_the_largest(window_log: int, decoded: bool) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=window_log, write_content_size=False)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body, gap = decode_content(stream.compress(BODY) + stream.flush(), "zstd", LIMIT)
    assert (body == BODY, gap is None) == (decoded, decoded)


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 40 + "…")])
def test_the_name_of_an_unknown_encoding_is_shown_up_to_forty_characters(length: int, shown: str) -> None:
    gap = decode_content(BODY, "x" * length, LIMIT)[1]
    assert gap.detail == f"the content-encoding {shown!r} is not known"


def test_limits_count_the_raw_and_the_decoded_body() -> None:
    assert decode_content(b"a" * 10, "", 10) == (b"a" * 10, None)
    assert decode_content(b"a" * 11, "", 10)[1].kind == "too-large"
    for name, encode in ENCODE.items():
        assert decode_content(encode(b"a" * 1000), name, 1000) == (b"a" * 1000, None)
        assert decode_content(encode(b"a" * 1001), name, 1000)[1].kind == "expansion"


@pytest.mark.parametrize("name", ENCODE)
def test_a_bomb_is_stopped_at_the_limit(name: str) -> None:
    bomb = ENCODE[name](bytes(200 << 20) if name != "br" else bytes(100 << 20))
    tracemalloc.start()
    body, gap = decode_content(bomb, name, LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert body is None
    assert gap.kind == "expansion"
    # Brotli 1.1 cannot be told to stop; a copy inside it may reach 16 MiB at a time.
    assert peak < (64 << 20 if name == "br" else 8 << 20)


@given(st.binary(max_size=2000), st.sampled_from([*ENCODE, "gzip, br", "zstd, deflate", "nonsense", ""]))
def test_arbitrary_bytes_give_a_body_or_a_gap(raw: bytes, encodings: str) -> None:
    body, gap = decode_content(raw, encodings, 4000)
    assert (body is None) != (gap is None)


@given(st.binary(max_size=500), st.lists(st.sampled_from(list(ENCODE)), max_size=MAX_ENCODINGS))
def test_what_was_encoded_is_decoded(body: bytes, names: list[str]) -> None:
    raw = body
    for name in names:
        raw = ENCODE[name](raw)
    assert decode_content(raw, ",".join(names), LIMIT) == (body, None)
