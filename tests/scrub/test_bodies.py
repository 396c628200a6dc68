"""Bodies are scrubbed by what they are, and encoded again; what cannot be read stays unreadable in the same way."""

import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import case
from passlens.exchange.content import decode_content, encode_content
from passlens.exchange.model import MAX_BODY
from passlens.recordings.convert import convert
from passlens.redaction.policy import BODIES, hidden
from passlens.scrub.bodies import FORM, content, text, to_bytes
from passlens.scrub.values import Scrubber
from redaction.test_redactor import flow_of
from support.planted import as_mitm, scrubbed


def one(body: str, media_type: str = "") -> str:
    return text(Scrubber(b"tests"), body, media_type)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"access_token": "planted-token"}', "application/json"),
        ('{"userID": "planted-name', "application/json"),
        ("device_id=planted-device&mvpd=x", FORM),
        ("device_id=planted-device&mvpd=x", ""),
        ('--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nplanted\r\n--b--', "multipart/form-data"),
        ('<html><a href="/x?ticket=planted-ticket">planted@mail.example</a>', "text/html"),
    ],
)
def test_each_kind_of_body(body: str, media_type: str) -> None:
    made = one(body, media_type)
    assert "planted" not in made
    assert made != body


@pytest.mark.parametrize("operation", BODIES)
def test_members_that_an_operation_never_shows_are_replaced(operation: str) -> None:
    for name, kind in BODIES[operation].items():
        body = json.dumps({name: f"planted {name}", "filling": "word " * 1000})
        made = text(Scrubber(b"tests"), body, "application/json", hidden(BODIES[operation]))
        assert ("planted" in made) is (kind in ("public", "nested")), name


@pytest.mark.parametrize("har", [True, False])
def test_the_id_of_a_token_is_in_no_copy(har: bool) -> None:
    flow = flow_of(case("dcr-token").named("x", response_body=b'{"id": "planted-id-1", "token_type": "bearer"}'))
    data, file = as_mitm([flow]), io.BytesIO()
    if har:
        convert(io.BytesIO(data), file, har=True)
        data = file.getvalue()
    assert b"planted-id-1" in data
    assert b"planted-id-1" not in scrubbed(data)[0]


@pytest.mark.parametrize("name", ["", "gzip", "deflate", "br", "zstd", "gzip, br", "identity"])
def test_encodings_are_put_on_again(name: str) -> None:
    raw = encode_content(b'{"userID": "planted"}', name)
    made, why = content(Scrubber(b"tests"), raw, name, "")
    assert why is None
    body, _ = decode_content(made, name, MAX_BODY)
    assert body is not None
    assert body.startswith(b'{"userID": "')
    assert b"planted" not in body
    assert content(Scrubber(b"tests"), encode_content(b"{}", name), name, "") == (encode_content(b"{}", name), None)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"planted", "gzip"),
        (b"planted", "br"),
        (b"planted", "foo"),
        (b"p" * (MAX_BODY + 1), ""),
        (gzip.compress(b"p" * (MAX_BODY + 1), mtime=0), "gzip"),
        (gzip.compress(b"planted", mtime=0)[:-5], "gzip"),
    ],
    ids=("no gzip", "no brotli", "unknown", "too large", "bomb", "cut off"),
)
def test_what_cannot_be_read_stays_so(raw: bytes, name: str) -> None:
    made, why = content(Scrubber(b"tests"), raw, name, "")
    assert why
    assert b"planted" not in made
    gaps = [decode_content(data, name, MAX_BODY)[1] for data in (raw, made)]
    assert gaps[0] is not None
    assert gaps[1] is not None
    assert gaps[0].kind == gaps[1].kind


@given(st.binary(max_size=60), st.sampled_from(["", FORM, "application/json", "text/html", "multipart/form-data"]))
def test_any_body_is_taken(raw: bytes, media_type: str) -> None:
    content(Scrubber(b"tests"), raw, "", media_type)


def test_surrogates_become_bytes() -> None:
    assert to_bytes("a\udcff") == b"a\xff"
    assert to_bytes("\ud800") == b"\xed\xa0\x80"


def test_a_script_is_no_form_however_it_begins() -> None:
    script = "window.player=" + "function(a){return a.b(1)}\n" * 200
    assert one(script, "application/javascript") == script
    short = "access_token=planted&name=of (somebody)"
    assert "planted" not in one(short, "text/plain")


def test_what_can_be_read_in_a_picture_is_scrubbed_and_the_rest_stays() -> None:
    noise = bytes(range(128, 256)) * 40
    raw = noise + b"owner=planted@mail.example;" + noise
    made, why = content(Scrubber(b"tests"), raw, "", "image/jpeg")
    assert why is None
    assert b"planted" not in made
    assert made.startswith(noise + b"owner=")
    assert made.endswith(b";" + noise)
