"""Records of a .mitm file: cut by their lengths, and refused before mitmproxy trusts them."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.io import tnetstring

from passlens.errors import CutOffError, NotRecordsError
from passlens.recordings.mitm_records import MAX_DEPTH, records, well_formed
from passlens.recordings.source import Source

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


def cut(data: bytes) -> list[bytes | None]:
    return [record if well_formed(record) else None for record in records(Source(io.BytesIO(data)))]


@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=3), max_size=3))
def test_what_mitmproxy_writes_is_cut_into_its_records(values: list[dict[str, object]]) -> None:
    written = [tnetstring.dumps(value) for value in values]
    assert cut(b"".join(written)) == written


@pytest.mark.parametrize(
    "data",
    [
        b"3:-1:}",
        b"6:1:a,-1:}",
        b"4:1:a,}}",
        b"5:9:ab,}",
        b"1:a}",
        b"3::a,}",
        b"4:+1:a,}",
        b"2:1:}",
        b"5:99999:}",
        b"1:a",
        b"2:0:}",
    ],
)
def test_lengths_that_do_not_fit_are_refused(data: bytes) -> None:
    assert not well_formed(data)


def test_negative_lengths_cannot_keep_mitmproxy_busy_for_ever() -> None:
    inner = b"-1:" * 60 + b"]" * 60
    assert cut(b"%d:%s}" % (len(inner), inner)) == [None]


def test_deep_nesting_is_refused() -> None:
    def nested(depth: int) -> bytes:
        data = b""
        for _ in range(depth - 1):
            data = b"%d:%s]" % (len(data), data)
        data = b"1:a," + data if data else data
        return b"%d:%s}" % (len(data), data)

    assert cut(nested(MAX_DEPTH)) == [nested(MAX_DEPTH)]
    assert cut(nested(MAX_DEPTH + 1)) == [None]
    assert cut(nested(20_000)) == [None]


@pytest.mark.parametrize("data", [b"5", b"5:", b"5:abc", b"5:abcde", b"999999999999:", b"999999999999:{"])
def test_a_record_that_the_file_does_not_hold_is_cut_off(data: bytes) -> None:
    with pytest.raises(CutOffError):
        cut(data)


@pytest.mark.parametrize("data", [b":", b"x", b"5x", b"9999999999999:", b"1:a,", b"2024-01-01", b"\xb2:"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(NotRecordsError):
        cut(data)


@given(st.binary(max_size=60) | st.text("0123456789:,]}a-", max_size=30).map(str.encode))
def test_arbitrary_bytes_end_in_one_of_three_ways(data: bytes) -> None:
    with suppress(CutOffError, NotRecordsError):
        cut(data)
    well_formed(data)
