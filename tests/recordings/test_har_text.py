"""What a text in the place of a body stands for: compressed bodies that were taken for text, and texts that look so."""

import base64
import gzip
import zlib

import brotli  # type: ignore[import-untyped, unused-ignore]
import pytest
import zstandard

from passlens.recordings.har_text import is_plain, text_body

BODY = b'{"profiles": {}, "a": "' + b"b" * 200 + b'"}'
PACKED = {
    "gzip": gzip.compress(BODY),
    "br": brotli.compress(BODY),
    "deflate": zlib.compress(BODY),
    "zstd": zstandard.compress(BODY),
    "gzip, gzip": gzip.compress(gzip.compress(BODY)),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_compressed_body_that_was_read_as_latin1_or_lost_its_flag_is_unpacked(encoding: str) -> None:
    headers = (("Content-Encoding", encoding),)
    for text in (PACKED[encoding].decode("latin-1"), base64.b64encode(PACKED[encoding]).decode()):
        assert text_body(text, None, headers) == (BODY, None)
        assert not is_plain(text, None, headers)


@pytest.mark.parametrize("encoding", PACKED)
def test_a_compressed_body_that_was_read_as_utf8_was_not_recorded(encoding: str) -> None:
    text = PACKED[encoding].decode("utf-8", "replace")
    body, gap = text_body(text, None, (("Content-Encoding", encoding),))
    assert body is None
    assert gap is not None
    assert "which cannot be undone" in gap.detail


@pytest.mark.parametrize(
    "text", ["no packed é body", "plain text", '{"a": "\ufffd"}', "<p>\ufffd</p>", "a=\ufffd", "12345678"]
)
def test_other_text_stays_what_it_is(text: str) -> None:
    headers = (("Content-Encoding", "br"), ("Content-Type", "text/plain; charset=utf-8"))
    assert text_body(text, None, headers) == (text.encode(), None)
    assert is_plain(text, None, headers)


def test_the_magic_bytes_count_where_the_header_names_another_encoding() -> None:
    text = base64.b64encode(PACKED["gzip"]).decode()
    assert text_body(text, "base64", (("Content-Encoding", "br"),)) == (BODY, None)


@pytest.mark.parametrize(("text", "kept"), [("no such host: caf\ufffd", True), ("\x1f\ufffd\b\x00" + "a" * 20, False)])
def test_words_with_a_sign_that_could_not_be_read_are_words(text: str, kept: bool) -> None:
    assert (text_body(text, None, ())[0] is not None) is kept


@pytest.mark.parametrize("sent", [b'{"resources": ["news"]}', b'{"resources":["a"]}', b"mvpd=HarbourCab", b"mvpd=Cox"])
def test_base64_without_its_flag_is_read_whatever_its_padding(sent: bytes) -> None:
    text = base64.b64encode(sent).decode()
    assert text_body(text, None, ()) == (sent, None)
    assert not is_plain(text, None, ())


@pytest.mark.parametrize("text", ["redirectUrl=", "domainName=", "mvpd=Cox&redirectUrl="])
def test_a_form_whose_value_is_empty_is_no_base64(text: str) -> None:
    assert text_body(text, None, ()) == (text.encode(), None)
