"""JSON in Base64 as headers have it: every liberty named, nothing lost, nothing raised."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.encoded_json import decode_encoded_json

PLAIN = '{"osName": "tvOS", "model": "AppleTV"}'
ENCODED = base64.b64encode(PLAIN.encode()).decode()


def kinds(raw: str) -> list[str]:
    return [deviation.kind for deviation in decode_encoded_json(raw).deviations]


def test_a_plain_value_takes_no_liberty() -> None:
    decoded = decode_encoded_json(ENCODED)
    assert decoded.value == {"osName": "tvOS", "model": "AppleTV"}
    assert decoded.deviations == ()


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("quotes", f'"{ENCODED}"'),
        ("quotes", f"'{ENCODED}'"),
        ("white-space", f"{ENCODED[:8]} {ENCODED[8:]}"),
        ("white-space", f" {ENCODED}"),
        ("line-wrap", f"{ENCODED[:8]}\r\n {ENCODED[8:]}"),
        (
            "percent-encoding",
            ENCODED.replace("=", "%3D") if "=" in ENCODED else ENCODED[:-1] + f"%{ord(ENCODED[-1]):X}",
        ),
        ("data-after-padding", base64.b64encode(b'{"a":10}').decode() + ENCODED),
        ("utf8-mark", base64.b64encode(b"\xef\xbb\xbf" + PLAIN.encode()).decode()),
        ("duplicate-key", base64.b64encode(b'{"osName": "iOS", "osName": "tvOS"}').decode()),
        ("not-encoded", PLAIN),
    ],
)
def test_each_liberty_is_taken_and_named(kind: str, raw: str) -> None:
    decoded = decode_encoded_json(raw)
    assert kind in kinds(raw)
    assert decoded.value is not None


@pytest.mark.parametrize("text", ['{"a":1}', '{"a":12}', '{"a":123}'])
def test_padding_is_missed_exactly_where_it_is_missing(text: str) -> None:
    full = base64.b64encode(text.encode()).decode()
    bare = full.rstrip("=")
    assert kinds(full) == []
    assert kinds(bare) == (["missing-padding"] if bare != full else [])
    assert decode_encoded_json(bare).value == json.loads(text)


def test_the_url_safe_alphabet_is_named_and_read() -> None:
    data = json.dumps({"model": "ÿþÿ>>>???"}, ensure_ascii=False).encode()
    raw = base64.urlsafe_b64encode(data).decode()
    assert "-" in raw or "_" in raw
    assert kinds(raw) == ["url-safe-alphabet"]
    assert decode_encoded_json(raw).value == {"model": "ÿþÿ>>>???"}


def test_two_values_glued_together_yield_the_first_and_say_so() -> None:
    first, second = base64.b64encode(b'{"a":10}').decode(), base64.b64encode(b'{"b":20}').decode()
    assert first.endswith("=")
    decoded = decode_encoded_json(first + second)
    assert decoded.value == {"a": 10}
    assert [deviation.kind for deviation in decoded.deviations] == ["data-after-padding"]
    assert str(len(second)) in decoded.deviations[0].detail


def test_broken_json_tells_where_the_parser_stopped_and_what_could_be_salvaged() -> None:
    # The value that the documentation shows lacks a comma in the same place.
    text = '{\n\t"model": "Demo Box",\n\t"osName": "tvOS"\n\t"osVersion": "17.2"\n}'
    decoded = decode_encoded_json(base64.b64encode(text.encode()).decode())
    assert decoded.value is None
    assert decoded.json is not None
    assert str(decoded.json.position) == f"line 4 column 2 (char {text.index('osVersion') - 1})"
    assert decoded.shown == {"model": "Demo Box", "osName": "tvOS", "osVersion": "17.2"}
    assert [deviation.kind for deviation in decoded.deviations] == ["invalid-json"]


@pytest.mark.parametrize("text", ["[1]", '"a"', "1", "true", "null"])
def test_json_that_is_no_object_is_named(text: str) -> None:
    assert kinds(base64.b64encode(text.encode()).decode()) == ["not-an-object"]


@given(st.text())
def test_any_text_is_decoded_or_named(raw: str) -> None:
    decoded = decode_encoded_json(raw)
    assert decoded.value is not None or decoded.deviations
    assert all(deviation.detail for deviation in decoded.deviations)


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), max_size=8))
def test_any_object_survives_any_of_the_forms(value: dict[str, object]) -> None:
    data = json.dumps(value).encode()
    for raw in (
        base64.b64encode(data).decode(),
        base64.urlsafe_b64encode(data).decode().rstrip("="),
        base64.encodebytes(data).decode(),
        f'"{base64.b64encode(data).decode()}"',
    ):
        assert decode_encoded_json(raw).value == value
