"""JSON, read strictly: what is wrong is named, what can be read is saved, nothing is raised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.json_decoding import decode_json, salvage


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


@given(st.binary())
def test_any_bytes_are_read_or_named(data: bytes) -> None:
    decoded = decode_json(data)
    assert decoded.valid or decoded.problem
    assert salvage(decoded.text) is not None
