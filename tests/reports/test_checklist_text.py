"""The checklist in words: counted, the gravest first, with what to do where something was not seen."""

from typing import Any

from passlens.analysis.checklist import Checklist
from passlens.reports.checklist_text import counted, grouped, line_text

LINE: Any = {
    "id": "CL-M3.3", "title": "Polling", "level": "mandatory", "app": "It waits.", "verdict": "not-met",
    "why": "PL632 2 times", "codes": ["PL632"], "file": "tv.mitm", "at": 4, "do": "Wait.",
}  # fmt: skip
UNSEEN: Any = LINE | {"verdict": "not-seen", "why": "it lacks polls", "codes": [], "at": None}


def test_lines_in_words() -> None:
    assert line_text(LINE) == "CL-M3.3 Polling: PL632 2 times, first in exchange 4"
    assert line_text(UNSEEN) == "CL-M3.3 Polling: it lacks polls. Wait."


def test_what_there_is_none_of_is_left_out() -> None:
    assert counted([UNSEEN, LINE, UNSEEN]) == "3 lines: 1 not met, 2 not seen in this recording"
    assert [(words, len(same)) for words, same in grouped([UNSEEN, LINE, UNSEEN])] == [
        ("not met", 1), ("not seen in this recording", 2),
    ]  # fmt: skip


def test_without_a_recording_nothing_was_seen() -> None:
    assert counted(Checklist().lines()) == "35 lines: 25 not seen in this recording, 10 not visible in traffic"
