"""Recordings in, judged exchanges out: entries, troubles and flows that only count, in file order."""

from pathlib import Path

import pytest

from passlens.offline import judging
from passlens.offline.judging import judged
from passlens.offline.settings import Settings
from passlens.recording import Other, Trouble

STORY = str((Path(__file__).parents[1] / "recordings") / "apple-tv.mitm")


def test_everything_comes_in_file_order_and_is_of_one_of_three_kinds(tmp_path: Path) -> None:
    items = list(judged([STORY, str(tmp_path / "missing.har")], Settings()))
    assert [item["index"] for item in items if isinstance(item, dict)] == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [item.index for item in items if isinstance(item, Other)] == [2]
    assert isinstance(items[-1], Trouble)


def test_findings_that_do_not_count_are_left_out() -> None:
    found = [item["findings"] for item in judged([STORY], Settings(select=("PL244",))) if isinstance(item, dict)]
    assert {finding["code"] for findings in found for finding in findings} == {"PL244"}


def test_entries_have_messages_only_for_a_report_that_shows_them() -> None:
    for settings, wanted in ((Settings(), False), (Settings(outputs=(("html", "x"),)), True)):
        assert all(("messages" in item) is wanted for item in judged([STORY], settings) if isinstance(item, dict))


def test_a_fault_of_passlens_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "judge", lambda exchange, **options: 1 // 0)
    troubles = [item for item in judged([STORY], Settings()) if isinstance(item, Trouble)]
    assert len(troubles) == 10
    assert "flow 0 could not be judged (ZeroDivisionError in test_judging.py" in troubles[0].sentence
