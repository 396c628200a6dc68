"""Base64 and JSON, read tolerantly and exactly: every liberty named, nothing lost, nothing raised.
The properties hold for arbitrary bytes and text."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.decoding import decode_base64, decode_encoded_json, decode_json, salvage

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


@pytest.mark.parametrize("raw", ["YT-i", "YT_i", "Y-_i"])
def test_one_sign_of_the_url_safe_alphabet_is_enough(raw: str) -> None:
    decoded = decode_base64(raw)
    assert [deviation.kind for deviation in decoded.deviations] == ["url-safe-alphabet"]
    assert decoded.data == base64.urlsafe_b64decode(raw)


@pytest.mark.parametrize(
    ("raw", "data", "words"),
    [
        ("Zm8=", b"fo", None),
        ("Zm8", b"fo", "1 of 1 padding signs"),
        ("Zg=", b"f", "1 of 2 padding signs"),
        ("Zg", b"f", "2 of 2 padding signs"),
        ("Zg===", b"f", "1 padding signs (=) too many"),
        ("Zm9v=", b"foo", "1 padding signs (=) too many"),
        ("Zm9vY", None, "5 Base64 characters are no whole number"),
        ('"Zg=="', b"f", "in quotes"),
        ('"', None, "is not Base64"),
    ],
)
def test_padding_and_quotes_are_counted(raw: str, data: bytes | None, words: str | None) -> None:
    decoded = decode_base64(raw)
    assert decoded.data == data
    assert [words in deviation.detail for deviation in decoded.deviations] == ([] if words is None else [True])


def test_two_values_glued_together_yield_the_first_and_say_so() -> None:
    first, second = base64.b64encode(b'{"a":10}').decode(), base64.b64encode(b'{"b":20}').decode()
    assert first.endswith("=")
    decoded = decode_encoded_json(first + second)
    assert decoded.value == {"a": 10}
    assert [deviation.kind for deviation in decoded.deviations] == ["data-after-padding"]
    assert str(len(second)) in decoded.deviations[0].detail


@pytest.mark.parametrize("raw", ["Apple TV (tvOS)", "", "a", "abcde", "ключ", "{", "a=b=c!"])
def test_what_is_not_base64_is_not_decoded(raw: str) -> None:
    decoded = decode_base64(raw)
    assert decoded.data is None
    assert decoded.deviations[-1].kind == "not-base64"


def test_broken_json_tells_where_the_parser_stopped_and_what_could_be_salvaged() -> None:
    # The value that the documentation shows lacks a comma in the same place.
    text = '{\n\t"model": "Demo Box",\n\t"osName": "tvOS"\n\t"osVersion": "17.2"\n}'
    decoded = decode_encoded_json(base64.b64encode(text.encode()).decode())
    assert decoded.value is None
    assert decoded.json is not None
    assert str(decoded.json.position) == f"line 4 column 2 (char {text.index('osVersion') - 1})"
    assert decoded.shown == {"model": "Demo Box", "osName": "tvOS", "osVersion": "17.2"}
    assert [deviation.kind for deviation in decoded.deviations] == ["invalid-json"]


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', '{"a": -Infinity}', "[" * 100_000, "1" * 5000, "", "tru"])
def test_what_json_does_not_have_is_refused(text: str) -> None:
    decoded = decode_json(text)
    assert not decoded.valid
    assert decoded.value is None
    assert decoded.problem


def test_bytes_outside_utf8_are_replaced_and_named() -> None:
    decoded = decode_json(b'{"model": "caf\xe9"}')
    assert decoded.valid
    assert decoded.value == {"model": "caf\ufffd"}
    assert [deviation.kind for deviation in decoded.deviations] == ["invalid-utf8"]


@pytest.mark.parametrize("text", ["[1]", '"a"', "1", "true", "null"])
def test_json_that_is_no_object_is_named(text: str) -> None:
    assert kinds(base64.b64encode(text.encode()).decode()) == ["not-an-object"]


def test_salvage_reads_simple_members_only() -> None:
    assert salvage('{"a": 1, "b": {"c": "x"}, "d": [1], "e" true "f": null') == {"a": 1, "c": "x", "f": None}


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ('{"' + "k" * 64 + '": 1,}', '{"' + "k" * 65 + '": 1,}'),
        ('{"k": "' + "v" * 512 + '",}', '{"k": "' + "v" * 513 + '",}'),
        ('{"k"' + " " * 64 + ":" + " " * 64 + "1,}", '{"k"' + " " * 65 + ":1,}"),
        ('{"k":' + " " * 64 + "1,}", '{"k":' + " " * 65 + "1,}"),
        (" " * ((1 << 14) - 6) + '"k": 1', " " * ((1 << 14) - 5) + '"k": 1'),
    ],
    ids=["key", "value", "space before the colon", "space after it", "length of the text"],
)
def test_salvage_looks_so_far(within: str, beyond: str) -> None:
    assert list(salvage(within)) in (["k"], ["k" * 64])
    assert salvage(beyond) == {}


def test_salvaged_numbers_are_cut_at_twenty_digits() -> None:
    assert salvage('{"a": ' + "1" * 20 + "." + "2" * 20) == {"a": float("1" * 20 + "." + "2" * 20)}
    assert salvage('{"a": -' + "1" * 21) == {"a": -int("1" * 20)}


@given(st.text())
def test_any_text_is_decoded_or_named(raw: str) -> None:
    decoded = decode_encoded_json(raw)
    assert decoded.value is not None or decoded.deviations
    assert all(deviation.detail for deviation in decoded.deviations)


@given(st.binary())
def test_any_bytes_are_read_or_named(data: bytes) -> None:
    decoded = decode_json(data)
    assert decoded.valid or decoded.problem
    assert salvage(decoded.text) is not None


@given(st.binary(min_size=1))
def test_standard_base64_comes_back_without_a_liberty(data: bytes) -> None:
    assert decode_base64(base64.b64encode(data).decode()) == (data, ())


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
