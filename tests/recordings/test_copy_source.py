"""A recording is told by its first bytes and read to where it can be read."""

import io

import pytest
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow

from passlens.errors import RecordingError
from passlens.recordings.copy_source import flows, har_entries, is_har
from support.planted import as_mitm


def test_formats_are_told_by_their_first_bytes() -> None:
    assert is_har(io.BytesIO(b'\xef\xbb\xbf \n{"log": 1}'))
    assert not is_har(io.BytesIO(as_mitm([tflow.tflow()])))
    for bad, words in ((b"", "is empty"), (b"PK\x03\x04", "ZIP"), (b"hello", "neither")):
        with pytest.raises(RecordingError, match=words):
            is_har(io.BytesIO(bad))


def test_flows_up_to_the_damage() -> None:
    data = as_mitm([tflow.tflow(), tflow.ttcpflow()])
    first = as_mitm([tflow.tflow()])
    for bad, count, words in (
        (data[:-3], 1, "cut off"),
        (data + b"x", 2, "damaged after flow 1"),
        (first + b"4:1:a,}" + first, 2, "flow 1 cannot be read"),
    ):
        said: list[str] = []
        assert len(list(flows(io.BytesIO(bad), said.append))) == count
        assert words in said[0]
    with pytest.raises(RecordingError, match="starts with a digit"):
        list(flows(io.BytesIO(b"5x"), said.append))


def test_flows_that_cannot_be_read_for_one_reason_are_told_in_one_sentence() -> None:
    newer = tnetstring.dumps(tflow.tflow().get_state() | {"version": 9999})
    damaged = b"4:1:a,}"
    said: list[str] = []
    data = newer * 3 + as_mitm([tflow.tflow()]) + newer + damaged + b"x"
    assert [index for index, _ in flows(io.BytesIO(data), said.append)] == [3]
    assert "flows 0 to 2 cannot be read because mitmproxy" in said[0]
    assert "please update mitmproxy, and are not in the copy" in said[0]
    assert "flow 4 cannot be read because mitmproxy" in said[1]
    assert said[2].startswith("flow 5 cannot be read because it ")
    assert said[3].startswith("the file is damaged after flow 5")
    assert len(said) == 4


def test_entries_with_their_places() -> None:
    said: list[str] = []
    text = b'{"log": {"entries": [{"request": 1}, {"request" 2}, {"request": 3}]}}'
    found = list(har_entries(io.BytesIO(text), said.append, said.append))
    by = {"_passlens": {"recorder": "unknown"}}
    assert found == [(0, {"request": 1} | by), (1, None), (2, {"request": 3} | by)]
    assert "entry 1 cannot be read" in said[0]
    assert [index for index, _ in har_entries(io.BytesIO(text[:50]), said.append, said.append)][:1] == [0]
    assert "the reading ended there" in said[-1]
    with pytest.raises(RecordingError, match="no 'log'"):
        list(har_entries(io.BytesIO(b"{}"), said.append, said.append))
