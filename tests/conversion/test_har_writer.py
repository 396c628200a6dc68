"""HAR is written entry by entry, as JSON that every reader takes."""

import io
import json

from passlens.conversion.har_writer import write_har


def test_entries_are_written_one_by_one() -> None:
    target = io.BytesIO()
    assert write_har(target, iter([{"a": "\udcff"}, None, {"b": [float("nan"), float("inf"), 1.5]}])) == 3
    log = json.loads(target.getvalue())["log"]
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "passlens"
    assert log["entries"] == [{"a": "\udcff"}, None, {"b": [None, None, 1.5]}]
    assert target.getvalue().isascii()


def test_a_file_may_have_no_entries() -> None:
    target = io.BytesIO()
    assert write_har(target, []) == 0
    assert json.loads(target.getvalue())["log"]["entries"] == []
