"""Bodies out of a HAR: text, Base64, parameters, and what is missing or cut."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.recordings.har_bodies import request_body, response_body
from passlens.recordings.har_text import to_bytes
from passlens.rest_v2.forms import parse_form

JSON = (("Content-Type", "application/json"),)
MAX_BODY = 1 << 20


def respond(content: Any, headers: Any = (), method: str = "POST", status: int = 200, **more: Any) -> Any:
    body, gap = response_body({"content": content} | more, headers, method, status)
    return gap.kind if gap else body


def sent(post: Any, headers: Any = (), **more: Any) -> Any:
    body, gap = request_body({"postData": post} | more, headers)
    return gap.kind if gap else body


def test_text_and_base64() -> None:
    assert respond({"text": '{"a": "é"}'}, JSON) == '{"a": "é"}'.encode()
    assert respond({"text": "eyJhIjog\nMX0", "encoding": "base64"}) == b'{"a": 1}'
    assert respond({"text": "no Base64!", "encoding": "Base64"}) == "not-recorded"
    assert respond({"text": "a", "encoding": "base64"}) == "not-recorded"
    assert respond({"text": "plain", "encoding": "utf-8"}) == b"plain"


def test_a_missing_body_is_a_gap_where_there_was_one() -> None:
    length = (("content-length", "20"),)
    assert respond({"size": 20}) == "not-recorded"
    assert respond({"size": 20, "text": ""}) == "not-recorded"
    assert respond({"size": 0, "text": ""}, length) == "not-recorded"
    assert respond({}, length) == "not-recorded"
    assert respond(None) == "not-recorded"
    assert respond({"size": -1}) == "not-recorded"
    assert respond({"size": 0}) == "not-recorded"
    assert respond({"size": 0, "text": ""}) == b""
    assert respond({"size": -1, "text": ""}) == "not-recorded"
    assert respond({"text": ""}) == b""
    assert respond({"size": 0}, (("Content-Length", "0"),)) == b""
    assert respond({"size": 0}, status=302) == b""
    assert respond({"size": 0}, bodySize=0) == b""
    assert respond({"size": 0}, bodySize=1) == "not-recorded"
    assert respond({"size": -1, "text": ""}, bodySize=220) == "not-recorded"
    assert respond({"size": 20, "compression": -20, "text": ""}, length) == b""  # an empty gzip file, by mitmproxy
    assert respond({"size": 0}, length, method="HEAD") == b""
    assert respond({"size": 5}, length, status=304) == b""


def test_a_body_cut_short_is_a_gap_and_a_whole_one_is_not() -> None:
    assert respond({"text": '{"a": ', "size": 4000}) == "not-recorded"
    assert respond({"text": '{"a": 1}', "size": 4000}) == b'{"a": 1}'  # whole JSON: recorders count differently
    assert respond({"text": "<p>", "size": 23, "compression": -20}) == b"<p>"
    assert respond({"text": "[" * 100_000, "size": 200_000}) == "not-recorded"


def test_limits() -> None:
    assert respond({"text": "x" * MAX_BODY}) == b"x" * MAX_BODY
    assert respond({"text": "x" * (MAX_BODY + 1)}) == "too-large"
    assert respond({"text": base64.b64encode(bytes(MAX_BODY + 1)).decode(), "encoding": "base64"}) == "too-large"
    assert respond({"text": "A" * (MAX_BODY * 3), "encoding": "base64"}) == "too-large"
    assert sent({"params": [{"name": "a", "value": "x" * MAX_BODY}]}) == "too-large"


def test_text_that_was_read_as_latin1_is_put_right_except_in_json() -> None:
    shown = "mvpd=é".encode().decode("latin-1")
    assert sent({"text": shown}) == "mvpd=é".encode()
    assert sent({"text": "mvpd=é"}) == "mvpd=é".encode()
    assert sent({"text": shown}, JSON) == shown.encode()


def test_parameters_without_text_become_a_form() -> None:
    plain = [
        {"name": "redirectUrl", "value": "https://a.example/?b=c&d"},
        {"name": "mvpd", "value": "A B"},
        {"name": "e"},
    ]
    form = sent({"mimeType": "application/x-www-form-urlencoded", "params": plain})
    assert [(item.name, item.value) for item in parse_form(form)] == [
        ("redirectUrl", "https://a.example/?b=c&d"),
        ("mvpd", "A B"),
        ("e", ""),
    ]
    encoded = [{"name": "redirectUrl", "value": "https%3A%2F%2Fa.example"}, {"name": "mvpd", "value": "A+B"}]
    assert sent({"text": "", "params": encoded}) == b"redirectUrl=https%3A%2F%2Fa.example&mvpd=A+B"
    assert sent({"params": [["a", 1], 5, {"name": "b", "value": "100%"}]}) == b"a=1&b=100%25"
    assert sent({"mimeType": "multipart/form-data", "params": plain}) == "not-recorded"


def test_a_request_without_text() -> None:
    assert sent(None) == b""
    assert sent({"mimeType": "", "params": []}, bodySize=-1) == b""
    assert sent(None, bodySize=12) == "not-recorded"
    assert sent(None, (("Content-Length", "12"),)) == "not-recorded"
    assert sent({"text": None}) == "not-recorded"
    assert sent("a=b") == b"a=b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\udcff", b"a\xff"), ("\ud83d", b"\xed\xa0\xbd"), ("\udcff\ud83d", b"\xed\xb3\xbf\xed\xa0\xbd")],
)
def test_lone_surrogates(text: str, expected: bytes) -> None:
    assert to_bytes(text) == expected


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5))
def test_a_form_from_decoded_parameters_reads_back(pairs: list[tuple[str, str]]) -> None:
    pairs.append(("redirectUrl", "https://a.example/"))  # a sign that they are decoded
    form = sent({"params": [{"name": name, "value": value} for name, value in pairs]})
    assert [(item.name, item.value) for item in parse_form(form)] == pairs
