"""Recordings in, judged exchanges out: entries, troubles and flows that only count, in file order."""

from pathlib import Path

import pytest

from passlens.offline import judging
from passlens.offline.judging import Worded, judged, worded
from passlens.offline.settings import Settings
from passlens.recording import Other, Trouble
from passlens.reports.tally import Tally

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


def test_in_words_everything_is_told_and_counted_and_troubles_stay_in_their_places(tmp_path: Path) -> None:
    items = list(judged([STORY, str(tmp_path / "missing.har"), STORY], Settings()))
    first, trouble, second = worded(items, lambda entry: f"{entry['index']} ")
    assert isinstance(first, Worded)
    assert isinstance(trouble, Trouble)
    assert isinstance(second, Worded)
    assert first.text == second.text == "0 1 3 4 5 6 7 8 9 10 "
    assert (first.tally.exchanges, first.tally.other_flows) == (10, 1)
    tally = Tally()
    for item in judged([STORY], Settings()):
        if isinstance(item, dict):
            tally.add(item)
    assert (first.tally.outcomes, first.tally.codes, first.tally.severities) == (
        tally.outcomes,
        tally.codes,
        tally.severities,
    )
