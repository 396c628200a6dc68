"""Inputs for a target without atheris: its seeds with parts cut, doubled, exchanged and put in. Also the words that a
fuzzer would take long to find by itself."""

from typing import Final

from hypothesis import strategies as st

WORDS: Final = (
    b"\x1e", b"\xff", b"\x00", b"\r\n", b"\n", b"\x1b[2J", "\u202e".encode(), "\u2028".encode(), b"\xed\xa0\x80",
    b"%", b"%FF", b"%0A", b"%25", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\ud800", b":", b",", b"&", b"=", b";", b".",
    b"NaN", b"-1", b"1e999", b"9" * 400, b"null", b"true", b"{}", b"[]", b'{"a":', b"e30=", b"eyJhIjoxfQ==", b"=" * 5,
    b"Bearer ", b"fingerprint ", b"X-Device-Info: ", b"AP-Partner-Framework-Status: ", b"Content-Encoding: gzip\n",
    b"Content-Length: 3\n", b"gzip", b"br", b"zstd", b"deflate", b"/api/v2/", b"/sessions/sso/Apple", b"/v2/",
    b"{{", b"}}", b"{%", b"%}", b"{% for a in range(9) %}", b"{% endfor %}", b"|", b"~", b"(", b")", b"a.b", b"/a/0",
    b"rules:", b"- ", b"&a ", b"*a", b"!!", b"<<: ", b"? ", b"'", b"#", b"3:a:b,", b"-1:", b"}", b"]", b"0:~",
    b'"entries":[', b'"log":{', b"(?:", b")*", b"{0,200}", b"sha256:", b"<", b"&amp;", b"]]>", b"javascript:",
)  # fmt: skip


def inputs(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Arbitrary bytes, runs of words, and changed seeds."""
    words = st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=12).map(b"".join)
    at = st.integers(0, 1 << 16)
    changed = st.builds(_changed, st.sampled_from(seeds), at, at, words, st.booleans())
    return st.binary(max_size=120) | words | changed


def _changed(seed: bytes, begin: int, length: int, new: bytes, doubled: bool) -> bytes:
    begin %= len(seed) + 1
    end = begin + length % 40
    kept = seed[begin:end] * 2 if doubled else b""
    return seed[:begin] + kept + new + seed[end:]
