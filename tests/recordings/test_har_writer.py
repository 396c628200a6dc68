"""HAR is written entry by entry, as JSON that every reader takes."""

import io
import json

from passlens.recordings.har_writer import UNREADABLE, write_har
from support.har_rules import complaints


def test_entries_are_written_one_by_one() -> None:
    target = io.BytesIO()
    dated = {"startedDateTime": "2026-01-02T03:04:05Z"}
    second = dated | {"b": [float("nan"), float("inf"), 1.5]}
    assert write_har(target, iter([dated | {"a": "\udcff"}, None, second])) == 3
    log = json.loads(target.getvalue())["log"]
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "passlens"
    unknown = dated | {"_passlens": {"started": ""}}
    assert log["entries"] == [dated | {"a": "\udcff"}, UNREADABLE | unknown, dated | {"b": [None, None, 1.5]}]
    assert target.getvalue().isascii()


def test_a_start_that_is_not_known_is_that_of_the_entry_before_and_never_1970() -> None:
    target = io.BytesIO()
    entries = [None, {"startedDateTime": "2026-01-02T03:04:05Z"}, {"startedDateTime": None, "_passlens": {"a": 1}}]
    write_har(target, iter(entries))
    first, _, last = json.loads(target.getvalue())["log"]["entries"]
    assert first["startedDateTime"] > "2026"
    assert last == {"startedDateTime": "2026-01-02T03:04:05Z", "_passlens": {"started": "", "a": 1}}


def test_an_entry_that_could_not_be_read_leaves_no_gap() -> None:
    target = io.BytesIO()
    assert write_har(target, [None, None]) == 2
    assert complaints(target.getvalue()) == []


def test_a_file_may_have_no_entries() -> None:
    target = io.BytesIO()
    assert write_har(target, []) == 0
    assert json.loads(target.getvalue())["log"]["entries"] == []


def test_nothing_is_claimed_of_an_entry_that_could_not_be_read() -> None:
    request, response = UNREADABLE["request"], UNREADABLE["response"]
    # HAR 1.2: -1 says of a size that it is not known.
    assert [half[name] for half in (request, response) for name in ("headersSize", "bodySize")] == [-1] * 4
    assert (UNREADABLE["time"], response["status"], response["content"]["size"]) == (0, 0, 0)
    assert set(UNREADABLE["timings"].values()) == {0}
