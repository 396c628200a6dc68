"""Headers of a HAR, in the forms that tools write."""

from typing import Any

import pytest

from passlens.exchange.recorders import NOT_RECORDED
from passlens.recordings.har_headers import header_pairs


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        ([], ()),
        ([{"name": "A", "value": "1"}, {"name": ":path", "value": "/"}], (("A", "1"),)),
        ([["A", "1"], ("a", 2)], (("A", "1"), ("a", "2"))),
        ({"A": "1", "B": ["2", "3"], ":path": "/"}, (("A", "1"), ("B", "2"), ("B", "3"))),
        ([{"A": "1"}, {"B": True}], (("A", "1"), ("B", "true"))),
        ([{"key": "A", "value": "1"}], (("A", "1"),)),
        ([{"Name": "A", "Value": "1"}], (("A", "1"),)),
        (["A: 1", "B:2"], (("A", "1"), ("B", "2"))),
        ([{"name": "A ", "value": "1"}, {"name": " B", "value": "2"}], (("A", "1"), ("B", "2"))),
        ("POST /x:y HTTP/1.1\r\nA: 1\r\n\r\n", (("A", "1"),)),
        (["HTTP/1.1 200 OK: fine", "A: 1"], (("A", "1"),)),
        ("A: 1\r\nB: 2:3\r\n", (("A", "1"), ("B", "2:3"))),
        (
            [{"name": "Set-Cookie", "value": "a=1\nb=2\r\nc=3"}],
            tuple(("Set-Cookie", one) for one in ("a=1", "b=2", "c=3")),
        ),
        ([{"name": "A", "value": "1\r\n  2"}], (("A", "1 2"),)),
        ([{"name": "A", "value": "1\n"}], (("A", "1"),)),
        ([{"name": "A", "value": [1, False, "x"]}], (("A", "1"), ("A", "false"), ("A", "x"))),
        ([{"name": "A", "value": None}], (("A", NOT_RECORDED),)),
        ([{"name": "A"}], (("A", NOT_RECORDED),)),
        ([{"name": "A", "value": {"x": 1}}], (("A", NOT_RECORDED),)),
        ({"A": []}, (("A", NOT_RECORDED),)),
        ([{"name": "A", "value": ""}], (("A", ""),)),
        ([{"name": 5, "value": "x"}], (("5", "x"),)),
    ],
)
def test_every_dialect(value: Any, expected: Any) -> None:
    assert header_pairs(value) == expected


@pytest.mark.parametrize(
    "value", [5, True, [5], [None], [["A"]], [{"value": "x", "n": 1}], [{"name": None, "value": ""}], ["A"]]
)
def test_a_header_without_a_name_is_none(value: Any) -> None:
    with pytest.raises(ValueError, match=r"no name|not a list"):
        header_pairs(value)
