"""Recordings in, judged exchanges out: entries, troubles and flows that only count, in file order."""

import json
import os
import threading
from pathlib import Path

import pytest

from passlens.analysis.entry import Entry, Journey
from passlens.analysis.summary import RunSummary
from passlens.analysis.tracker import Tracker
from passlens.errors import ReadError
from passlens.exchange.decoded import Decoded
from passlens.recordings.convert import convert
from passlens.recordings.reader import Other
from passlens.runner import analyze
from passlens.runner.analyze import Apart, Ended, Worded, analyzed, worded
from passlens.runner.settings import CheckSettings
from support.expecting import recorded
from support.sequence import NONE, call, session

STORY = str((Path(__file__).parents[1] / "recordings") / "apple-tv.mitm")


def test_everything_comes_in_file_order_and_is_of_one_of_three_kinds(tmp_path: Path) -> None:
    items = list(analyzed([STORY, str(tmp_path / "missing.har")], CheckSettings()))
    assert [item["index"] for item in items if isinstance(item, dict)] == [0, 1, *range(3, 14)]
    assert [item.index for item in items if isinstance(item, Other)] == [2]
    assert isinstance(items[-1], ReadError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_comes_through_a_pipe_is_judged_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mitm"
    os.mkfifo(pipe)
    first: list[object] = []

    def judge() -> None:
        first.append(next(analyzed([str(pipe)], CheckSettings())))

    reader = threading.Thread(target=judge)
    reader.start()
    with pipe.open("wb", buffering=0) as writer:
        writer.write(Path(STORY).read_bytes())
        reader.join(30)  # the pipe is still open
        assert first


def test_findings_that_do_not_count_are_left_out() -> None:
    found = [item["findings"] for item in analyzed([STORY], CheckSettings(select=("PL244",))) if isinstance(item, dict)]
    assert {finding["code"] for findings in found for finding in findings} == {"PL244"}


@pytest.mark.parametrize("window", [0, analyze.WINDOW])
def test_an_interruption_costs_one_exchange_at_most(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it comes while some wait to be followed, or while they wait to be put in order."""
    feed, fed = Tracker.feed, 0
    told: list[int] = []

    def interrupted(self: Tracker, ex: Decoded, entry: Entry) -> list[Journey]:
        nonlocal fed
        fed += 1
        if fed == 3:
            raise KeyboardInterrupt
        return feed(self, ex, entry)

    def read() -> None:
        for item in analyzed([STORY], CheckSettings()):
            told.extend([item["index"]] if isinstance(item, dict) else [])

    monkeypatch.setattr(analyze, "WINDOW", window)
    monkeypatch.setattr(Tracker, "feed", interrupted)
    everything = [0, 1, *range(3, 14)]
    with pytest.raises(KeyboardInterrupt):
        read()
    assert told == sorted(told)
    assert len(told) >= len(everything) - 1


def test_entries_have_messages_only_for_a_report_that_shows_them() -> None:
    for settings, wanted in ((CheckSettings(), False), (CheckSettings(outputs=(("html", "x"),)), True)):
        assert all(("messages" in item) is wanted for item in analyzed([STORY], settings) if isinstance(item, dict))


def test_a_fault_of_passlens_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyze, "analyze", lambda exchange, **options: 1 // 0)
    read_errors = [item for item in analyzed([STORY], CheckSettings()) if isinstance(item, ReadError)]
    assert len(read_errors) == 13
    assert "flow 0 could not be judged (ZeroDivisionError in test_analyze.py" in read_errors[0].sentence


def test_what_was_recorded_elsewhere_is_put_in_order_whatever_the_file_is_called(tmp_path: Path) -> None:
    made = json.loads(Path(STORY).with_suffix(".har").read_text("utf-8"))
    made["log"]["entries"].reverse()
    for name in ("tv.har", "tv.json"):
        (tmp_path / name).write_text(json.dumps(made), "utf-8")
    with (tmp_path / "tv.har").open("rb") as source, (tmp_path / "tv.mitm").open("wb") as target:
        convert(source, target, har=False)
    codes = [
        [finding["code"] for item in analyzed([str(tmp_path / name)], CheckSettings()) if isinstance(item, dict)
         for finding in item["findings"]]
        for name in ("tv.har", "tv.json", "tv.mitm")
    ]  # fmt: skip
    assert "PL680" in codes[0]
    assert codes[0] == codes[1] == codes[2]


@pytest.mark.parametrize("after", [0, 120])
def test_a_recording_saved_from_the_list_is_judged_as_one_written_at_once(after: int, tmp_path: Path) -> None:
    before = [call("configuration", -600.0 + number, device="other", sub="other") for number in range(after)]
    slow = call("configuration", 0.5, took=30)
    polls = [call("poll", 1.0 + number, NONE) for number in range(7)]
    found = []
    for name, rest in (("shown", [slow, *polls]), ("written", [*polls, slow]), ("backwards", [*polls[::-1], slow])):
        path = recorded(tmp_path / f"{name}.mitm", [*before, call("create-session", 0, session()), *rest])
        items = list(analyzed([str(path)], CheckSettings()))
        assert not [one for one in items if isinstance(one, Apart) and one.late]
        entries = [one for one in items if isinstance(one, dict)]
        found.append(sorted(finding["code"] for one in entries for finding in one["findings"]))
    assert "PL632" in found[0]
    assert found[0] == found[1] == found[2]


class Indexes:
    """Words that tell the index of each entry, and where they end."""

    def __init__(self) -> None:
        self.said = False

    def __call__(self, entry: Entry) -> str:
        """The index."""
        self.said = True
        return f"{entry['index']} "

    def rest(self) -> str:
        """A stroke."""
        said, self.said = self.said, False
        return "| " if said else ""


def test_in_words_everything_is_told_and_counted_and_troubles_stay_in_their_places(tmp_path: Path) -> None:
    items = list(analyzed([STORY, str(tmp_path / "missing.har"), STORY], CheckSettings()))
    told = worded(items, Indexes(), last=True)
    kept = [item for item in told if not isinstance(item, Ended) and not (isinstance(item, Worded) and not item.text)]
    first, read_error, second = kept
    assert isinstance(first, Worded)
    assert isinstance(read_error, ReadError)
    assert isinstance(second, Worded)
    assert first.text == second.text == "0 1 3 4 5 6 7 8 9 10 11 12 13 | "
    assert (first.summary.exchanges, first.summary.other_flows) == (13, 1)
    summary = RunSummary()
    for item in analyzed([STORY], CheckSettings()):
        if isinstance(item, dict):
            summary.add(item)
    assert (first.summary.outcomes, first.summary.codes, first.summary.severities) == (
        summary.outcomes,
        summary.codes,
        summary.severities,
    )
