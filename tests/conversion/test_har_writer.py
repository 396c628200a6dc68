"""HAR is written entry by entry, as JSON that every reader takes."""

import io
import json

from passlens.conversion.har_writer import UNREADABLE, write_har
from support.har_rules import complaints


def test_entries_are_written_one_by_one() -> None:
    target = io.BytesIO()
    assert write_har(target, iter([{"a": "\udcff"}, None, {"b": [float("nan"), float("inf"), 1.5]}])) == 3
    log = json.loads(target.getvalue())["log"]
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "passlens"
    assert log["entries"] == [{"a": "\udcff"}, UNREADABLE, {"b": [None, None, 1.5]}]
    assert target.getvalue().isascii()


def test_an_entry_that_could_not_be_read_leaves_no_gap() -> None:
    target = io.BytesIO()
    assert write_har(target, [None, None]) == 2
    assert complaints(target.getvalue()) == []


def test_a_file_may_have_no_entries() -> None:
    target = io.BytesIO()
    assert write_har(target, []) == 0
    assert json.loads(target.getvalue())["log"]["entries"] == []
