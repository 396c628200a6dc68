"""The soak, cut down to seconds; and its books and limits, which have to notice what they are kept for."""

import json
from pathlib import Path
from typing import Any

import pytest

from soak.fleet import Outcome
from soak.ledger import Ledger
from soak.report import page
from soak.server import Record, SoakServer
from soak.soak import MORE, MORE_MEMORY, Soak, growth, listen, run

QUIET: dict[str, Any] = dict.fromkeys((*MORE, "memory", "objects", "remembered", "sessions"), 3)


def test_for_some_seconds_nothing_is_lost_mixed_up_or_left_over(tmp_path: Path) -> None:
    soak = run(minutes=0.1, devices=24, pause=0.15, folder=tmp_path, patience=2.0)
    assert soak.faults == []
    assert soak.books["answered"] > 50
    assert soak.books["compared byte by byte"] > 50
    assert soak.books["of other traffic"] > 20
    assert soak.disturbed["scenarios switched on"] > 2
    assert len(soak.quiet) == 2
    text = page(soak, growth_limits={**MORE, "memory": MORE_MEMORY})
    assert "**Nothing was wrong.**" in text
    assert str(tmp_path) not in text


class Server(SoakServer):
    """A server that says what a test wants."""

    def __init__(self, **records: Record) -> None:
        self._records = records

    def take(self, marker: str) -> Record | None:
        return self._records.pop(marker, None)


def line(marker: str, **members: Any) -> str:
    about = {"path": f"/x?{marker}=", "injected": None, "service_provider": "SOAKTV001", "status": 200}
    return json.dumps({"kind": "exchange"} | about | members) + "\n"


def outcome(**members: Any) -> Outcome:
    values: dict[str, Any] = {
        "marker": "m1x1", "provider": "SOAKTV001", "api": True, "status": 200, "mark": None, "sent": b"1", "got": b"2",
        "wrong": None,
    }  # fmt: skip
    return Outcome(**(values | members))


BY = {"scenario": "degraded", "rule": "new session"}
WRONG = {
    "two lines": (outcome(), line("m1x1") * 2, "2 lines in the log"),
    "no line": (outcome(), "", "0 lines in the log"),
    "no line, no answer": (outcome(status=None, got=None), "", "0 lines in the log"),
    "a cut line": (outcome(), line("m1x1") + '{"path"', "ends within a line"),
    "another status": (outcome(), line("m1x1", status=400), "answered with 200, in the log 400"),
    "another device": (outcome(), line("m1x1", service_provider="SOAKTV002"), "the log names SOAKTV002"),
    "another rule": (outcome(mark="degraded/x"), line("m1x1", injected=BY), "the log degraded/new session"),
    "nobody's": (outcome(), line("m1x1") + line("m9x9"), "that no device began"),
    "other traffic": (outcome(api=False), line("m1x1"), "other traffic is in the log"),
    "other request": (outcome(sent=b"x"), line("m1x1"), "received another request"),
    "other answer": (outcome(got=b"x"), line("m1x1"), "got another answer"),
    "a mix-up": (outcome(wrong="m1x1 got the answer to m2x2"), line("m1x1"), "m1x1 got the answer to m2x2"),
}


def settled(tmp_path: Path, found: Outcome, text: str) -> list[str]:
    """What the books say about one exchange."""
    ledger = Ledger(tmp_path / "log.jsonl", Server(m1x1=Record(b"1", b"2")))
    ledger.log.write_text(text)
    ledger.settle([found])
    return ledger.faults


@pytest.mark.parametrize("name", WRONG)
def test_the_books_notice(tmp_path: Path, name: str) -> None:
    found, text, words = WRONG[name]
    assert any(words in fault for fault in settled(tmp_path, found, text)), settled(tmp_path, found, text)


def test_the_books_are_content_with_what_is_right(tmp_path: Path) -> None:
    assert settled(tmp_path, outcome(), line("m1x1")) == []
    assert settled(tmp_path, outcome(mark="degraded/new session"), line("m1x1", injected=BY)) == []
    assert settled(tmp_path, outcome(status=None, got=None), line("m1x1", status=None)) == []


@pytest.mark.parametrize("name", [*MORE, "memory"])
def test_growth_beyond_its_limit_is_noticed(name: str) -> None:
    limit = {**MORE, "memory": MORE_MEMORY}[name]
    assert growth([QUIET, QUIET | {name: 3 + limit}]) == []
    (words,) = growth([QUIET, QUIET | {name: 4 + limit}])
    assert words.startswith(f"{name}: ")


class Saying:
    """A proxy that said this."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def take_output(self) -> list[str]:
        """What it said."""
        return self.lines


def test_what_the_proxy_should_not_say_is_noticed() -> None:
    soak = Soak(1, 1, 1)
    listen(soak, Saying("passlens: scenario mine was read again.", "Traceback (most recent call last):"))  # type: ignore[arg-type]
    assert soak.said == {"was read again": 1}
    assert soak.faults == ["the proxy said: Traceback (most recent call last):"]
    assert growth([]) == []
