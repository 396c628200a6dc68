"""A recording is told by its first bytes and read to where it can be read."""

import io

import pytest
from mitmproxy.test import tflow

from passlens.conversion.inputs import Mistake, flows, har_entries, is_har
from support.planted import as_mitm


def test_formats_are_told_by_their_first_bytes() -> None:
    assert is_har(io.BytesIO(b'\xef\xbb\xbf \n{"log": 1}'))
    assert not is_har(io.BytesIO(as_mitm([tflow.tflow()])))
    for bad, words in ((b"", "is empty"), (b"PK\x03\x04", "neither")):
        with pytest.raises(Mistake, match=words):
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
    with pytest.raises(Mistake, match="starts with a digit"):
        list(flows(io.BytesIO(b"5x"), said.append))


def test_entries_with_their_places() -> None:
    said: list[str] = []
    text = b'{"log": {"entries": [{"request": 1}, {"request" 2}, {"request": 3}]}}'
    found = list(har_entries(io.BytesIO(text), said.append))
    assert found == [(0, {"request": 1}), (1, None), (2, {"request": 3})]
    assert "entry 1 cannot be read" in said[0]
    assert [index for index, _ in har_entries(io.BytesIO(text[:50]), said.append)][:1] == [0]
    assert "the reading ended there" in said[-1]
    with pytest.raises(Mistake, match="no 'log'"):
        list(har_entries(io.BytesIO(b"{}"), said.append))
