"""What the recordings of a run hold together, within bounds; tests/analysis/test_sightings.py has each sight."""

from typing import Any

import pytest

import support.sequence as s
from passlens.analysis import coverage as module
from passlens.analysis.coverage import Coverage
from support.sequence import NONE, call

GONE = call("profiles", 2, NONE)


def entry_of(file: str) -> Any:
    (entry,), _, _ = s.judged([GONE])
    return entry | {"file": file}


@pytest.mark.parametrize(("second", "twice"), [("b.mitm", True), ("a.mitm", False)])
def test_a_device_in_two_recordings_is_seen_twice(second: str, twice: bool) -> None:
    coverage = Coverage()
    for file in ("a.mitm", second):
        coverage.add(entry_of(file))
    assert coverage.seen("device seen twice") is twice


@pytest.mark.parametrize(("most", "seen"), [(1, False), (2, True)])
def test_what_is_more_of_files_is_not_seen(monkeypatch: pytest.MonkeyPatch, most: int, seen: bool) -> None:
    monkeypatch.setattr(module, "MAX_FILES", most)
    coverage = Coverage()
    for file in ("a.mitm", "b.mitm"):
        coverage.add(entry_of(file))
    assert coverage.seen("device seen twice") is seen


@pytest.mark.parametrize(
    ("starts", "seen"), [((0, 0), False), ((0, 0.001), False), ((0, 60), True), ((0, 0.001, 60), True)]
)
def test_a_call_that_was_recorded_twice_is_one(starts: tuple[float, ...], seen: bool) -> None:
    """Pulse exports each call twice."""
    coverage = Coverage()
    for entry in s.judged([s.get_token(at) for at in starts])[0]:
        coverage.add(entry)
    assert coverage.seen("two tokens") is seen


def test_a_call_without_a_time_is_no_copy() -> None:
    coverage = Coverage()
    for entry in s.judged([s.get_token(0), s.get_token(0)])[0]:
        coverage.add(entry | {"started": None})
    assert coverage.seen("two tokens")


@pytest.mark.parametrize("turn", [1, -1])
def test_entries_are_looked_at_in_the_order_of_their_ends(turn: int) -> None:
    """Pulse writes a recording by addresses, others their list as it is shown."""
    calls = [s.get_token(0), call("profiles", 1, NONE), call("profiles", 2, NONE)]
    coverage = Coverage()
    for entry in s.judged(calls)[0][::turn]:
        coverage.add(entry)
    assert coverage.seen("token and calls")
    assert not coverage.seen("device seen twice")  # as a call before the token would be


def test_a_file_is_put_in_order_for_itself() -> None:
    coverage = Coverage()
    for file in ("b.mitm", "a.mitm"):
        for entry in s.judged([GONE, s.get_token(0)])[0]:
            coverage.add(entry | {"file": file})
    assert coverage.seen("device seen twice")
    assert not coverage.seen("two tokens")
