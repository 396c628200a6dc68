"""Flows become entries that say the same, also where HAR has no place for it."""

import base64
import gzip
import json
import os
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.test import tflow

from passlens.exchange.model import MAX_BODY
from passlens.recordings.flow_to_exchange import from_flow
from passlens.recordings.flow_to_har import entry_of
from passlens.recordings.har_reader import from_entry
from passlens.recordings.har_to_flow import flow_of

PATH = "/api/v2/DEMOTV/sessions"


def flow(**response: Any) -> http.HTTPFlow:
    made = tflow.tflow(resp=True)
    assert made.response is not None
    made.request.path, made.request.method, made.request.host = PATH, "POST", "sp.auth.adobe.com"
    made.response.headers = http.Headers([(b"Content-Type", b"application/json")])
    for name, value in response.items():
        setattr(made.response.data, name, value)
    return made


@pytest.mark.parametrize(
    "body", [b"", b"{}", '{"a": "ü"}'.encode(), b"\xef\xbb\xbf{}", b"\xff\xfe", b"\xc3\xa9", b"\x00"]
)
@pytest.mark.parametrize("media_type", [b"application/json", b"text/plain", b"text/plain; charset=utf-8", b""])
def test_bodies_are_read_as_the_same_bytes(body: bytes, media_type: bytes) -> None:
    made = flow(content=body, headers=http.Headers([(b"Content-Type", media_type)]))
    made.request.data.content = body
    made.request.data.headers = http.Headers([(b"Content-Type", media_type)])
    before, after = from_flow(made), from_entry(entry_of(made))
    assert before.response is not None
    assert after.response is not None
    assert after.response.body == before.response.body == body
    assert after.request.body == before.request.body == body


def test_encoded_bodies_are_written_decoded_with_their_sizes() -> None:
    raw = gzip.compress(b"{}" + b" " * 500)
    entry = entry_of(flow(content=raw, headers=http.Headers([(b"Content-Encoding", b"gzip")])))
    content = entry["response"]["content"]
    assert content["text"].startswith("{}")
    assert (content["size"], content["compression"]) == (502, 502 - len(raw))
    assert entry["response"]["bodySize"] == len(raw)


@pytest.mark.parametrize("content", [None, b"no gzip"])
def test_bodies_that_are_not_there_leave_a_gap(content: bytes | None) -> None:
    made = flow(content=content, headers=http.Headers([(b"Content-Encoding", b"gzip")]))
    after = from_entry(entry_of(made)).response
    assert after is not None
    assert after.gap is not None
    assert after.gap.kind == ("not-recorded" if content is None else "encoding")
    made.request.data.content = None
    assert from_entry(entry_of(made)).request.gap is not None


def test_a_failure_is_written_and_read() -> None:
    made = tflow.tflow(err=True)
    made.request.path = PATH
    assert from_entry(entry_of(made)).failure == "error"


def test_what_har_has_no_place_for_stands_beside() -> None:
    made = flow()
    made.comment, made.marked = "seen", ":red_circle:"
    made.metadata = {"passlens.injected": {"scenario": "x"}, "own": {1, 2}}
    made.request.trailers = http.Headers([(b"T", b"1")])
    entry = entry_of(made)
    assert entry["comment"] == "seen"
    more = entry["_passlens"]
    assert more["marked"] == ":red_circle:"
    assert more["injected"] == {"scenario": "x"}
    assert more["requestTrailers"] == [{"name": "T", "value": "1"}]
    assert more["client"] == "127.0.0.1"
    assert entry_of(tflow.twebsocketflow())["_webSocketMessages"][0]["type"] == "send"


def test_odd_times_and_hosts() -> None:
    made = flow(timestamp_end=None)
    made.request.data.timestamp_start = 1e300
    assert entry_of(made)["startedDateTime"] is None
    made.request.data.host = "2001:db8::1"
    made.request.data.headers = http.Headers()
    made.request.data.authority = b""
    assert entry_of(made)["request"]["url"].startswith("http://[2001:db8::1]:22/")


GUESSED = [
    b"***", b"[redacted]", b"Bearer ***", b'{"a": 1...', b'{"a": 1 [truncated]', b"eyJhIjoxfQ==", b"none",
    b"\x9e\x89\xde", b"data:text/plain;base64,aGVsbG8=",
    b"Content-Type: x\r\n\r\n", b"Content-Type: x\r\n\r\na=b", gzip.compress(b"{}"),
    b"\x1f\x8b\x08 no gzip", b"\x28\xb5\x2f\xfd", zlib.compress(b"{}" * 20), b"<html>", b"code=A&b=%20", b"\xe9t\xe9",
]  # fmt: skip
"""Bodies that a recording tool could have put in the place of others, as passlens guesses when it reads a .har."""
ENCODINGS = {"": bytes, "identity": bytes, "gzip": gzip.compress, "deflate": zlib.compress, "br": bytes}


@given(
    body=st.sampled_from(GUESSED) | st.sampled_from(GUESSED).map(base64.b64encode) | st.binary(max_size=12),
    sent=st.sampled_from(GUESSED) | st.binary(max_size=12),
    media_type=st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded", ""]),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    length=st.sampled_from([None, "0", "9"]),
    status=st.sampled_from([200, 204, 302, 403]),
)
def test_bodies_are_the_same_there_and_back(
    body: bytes, sent: bytes, media_type: str, encoding: str, length: str | None, status: int
) -> None:
    fields = {"Content-Type": media_type, "Content-Encoding": encoding, "Content-Length": length}
    headers = http.Headers([(name.encode(), value.encode()) for name, value in fields.items() if value])
    made = flow(content=ENCODINGS[encoding](body), headers=headers, status_code=status)
    made.request.data.content, made.request.data.headers = ENCODINGS[encoding](sent), headers.copy()
    entry = json.loads(json.dumps(entry_of(made)))
    before = from_flow(made)
    assert before.response is not None
    for after in (from_entry(entry), from_flow(flow_of(entry, 0)[0])):
        assert after.response is not None
        assert (after.request.body, after.response.body) == (before.request.body, before.response.body)


def test_what_is_longer_than_what_is_looked_into_comes_back_whole() -> None:
    for body in (b"x" * (MAX_BODY + 1), b"\xff" * (MAX_BODY + 1), gzip.compress(os.urandom(MAX_BODY))):
        made = flow(content=body)
        back = flow_of(json.loads(json.dumps(entry_of(made))), 0)[0]
        assert back.response is not None
        assert back.response.raw_content == body
