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
