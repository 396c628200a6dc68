"""Repeated polls: which ones are alike, how they are counted, and how a terminal and a pipe show them."""

import io
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy.test import tflow

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.proxy import terminal_sink
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.stdout_writer import StdoutWriter
from passlens.reports.poll_fold import MAX_DEVICES, Folds
from samples.case import Case
from support.clients import Http1Client
from support.proxy import Proxy, becomes
from support.upstream import Upstream

POLL = "retrieve-profile-code"


def entry(name: str, at: float = 0.0, **members: Any) -> Entry:
    made = analyze(as_exchange(case(name, 1.7e9), 1.7e9 + at))
    made.update(members)  # type: ignore[typeddict-item]
    return made


def polls(count: int, apart: float = 5.0) -> list[Entry]:
    times = [f"2026-01-02T03:{int(n * apart) // 60:02}:{int(n * apart) % 60:02}.000Z" for n in range(count)]
    return [entry(POLL, started=time) for time in times]


def test_polls_that_are_alike_fold_and_are_counted() -> None:
    folds = Folds()
    first, *rest = polls(12)
    assert folds.take("tv", first) == (None, None)
    for number, one in enumerate(rest, 2):
        fold, ended = folds.take("tv", one)
        assert fold is not None
        assert (fold.count, ended) == (number, None)
        assert fold.entry is first
    assert fold is not None
    assert fold.again() == "12 times, every 5 s"
    assert f"  retrieve-profile-code  12 times, every 5 s  200  {first['service_provider']} " in fold.line()
    assert folds.rest() == [fold]
    assert folds.rest() == []


def test_what_differs_is_shown_and_ends_the_fold() -> None:
    first, second, third = polls(3)
    for changed in (
        {"code": "OTHER12"},
        {"status": 500},
        {"outcome": "PC-0"},
        {"error": "x"},
        {"injected": {"how": "x"}},
        {"diagnosis": "another"},
        {"next": ["logout"]},
        {"dry_run": {"scenario": "x"}},
        {"results": [{"kind": "client"}]},
        {"operation": "retrieve-profiles"},
        {"method": "HEAD"},
        {"host": "other.example"},
        {"path": "/api/v2/x"},
        {"service_provider": "OTHER"},
        {"mvpd": "Other"},
    ):
        folds = Folds()
        folds.take("tv", first)
        folds.take("tv", second)
        repeats, ended = folds.take("tv", {**third, **changed})  # type: ignore[typeddict-item]
        assert repeats is None, changed
        assert ended is not None
        assert ended.count == 2
    folds = Folds()
    folds.take("tv", first)
    assert folds.take("tv", entry("P1")) == (None, None)


def test_a_finding_that_grew_worse_is_shown() -> None:
    folds = Folds()
    noted, wrong = (
        entry(POLL, findings=[{"code": "PL633", "severity": severity, "at": "path:code"}])
        for severity in ("note", "error")
    )
    folds.take("tv", noted)
    assert folds.take("tv", wrong)[0] is None


def test_devices_and_other_operations_do_not_fold_into_one_another() -> None:
    folds = Folds()
    one = polls(1)[0]
    assert folds.take("a", one)[0] is None
    assert folds.take("b", one)[0] is None
    assert folds.take("a", one)[0] is not None
    made = entry("P1")
    assert [folds.take("c", made)[0] for _ in range(3)] == [None] * 3


@pytest.mark.parametrize(("apart", "said"), [(0.0, "3 times"), (0.5, "less than 1 s apart"), (1.0, "every 1 s")])
def test_how_far_apart_they_are(apart: float, said: str) -> None:
    folds = Folds()
    for number in range(3):
        at = f"2026-01-02T03:00:{number * apart:06.3f}Z"
        fold, _ = folds.take("tv", entry(POLL, started=at))
    assert fold is not None
    assert said in fold.again()


def test_devices_are_bounded() -> None:
    folds = Folds()
    one = polls(1)[0]
    for number in range(MAX_DEVICES + 1):
        folds.take(str(number), one)
    assert folds.take(str(MAX_DEVICES - 1), one)[0] is not None
    assert folds.take(str(MAX_DEVICES), one)[0] is None


def poll(running: Proxy, upstream: Upstream, made: Case, count: int) -> None:
    with Http1Client(running.port, running.ca) as client:
        for _ in range(count):
            upstream.play(made)
            assert client.case(made).status == 200


def test_a_pipe_gets_the_first_and_one_closing_line(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy(command=becomes(), scripts=[])
    poll(running, upstream, case("RS-B", time.time()), 12)
    poll(running, upstream, case("P1", time.time()), 1)
    running.wait_for("partner-session")
    assert len(re.findall("^[0-9:.Z+]+  retrieve-session", running.stdout, re.MULTILINE)) == 2
    assert running.stdout.index("12 times") < running.stdout.index("partner-session")


def test_polls_that_are_not_over_at_the_end_are_told_before_the_summary(
    proxy: Callable[..., Proxy], upstream: Upstream
) -> None:
    running = proxy(command=becomes(), scripts=[])
    poll(running, upstream, case("RS-B", time.time()), 3)
    running.stop()
    assert running.stdout.index("3 times") < running.stdout.index("3 exchanges")


class Terminal:
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.buffer = io.BytesIO()

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        """Nothing waits."""


def test_a_terminal_counts_in_place_while_nothing_came_between(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(terminal_sink, "has_terminal", lambda: True)
    screen = StdoutWriter()
    sink = terminal_sink.TerminalSink(screen, EntryTexts(), str)
    flow = tflow.tflow(resp=True)
    flow.live = True

    def shown(one: Entry) -> str:
        terminal.buffer = io.BytesIO()
        sink.exchange(flow, one)
        return terminal.buffer.getvalue().decode()

    first, *rest = polls(5)
    assert shown(first).endswith("\n\n")
    assert shown(rest[0]) == "\x1b[1A\r\x1b[2K  again     2 times, every 5 s\n\n"
    assert shown(rest[1]) == "\x1b[2A\r\x1b[2K  again     3 times, every 5 s\n\n"
    screen.show("something else")
    alone = shown(rest[2])
    assert "\x1b[2K" not in alone
    assert "retrieve-profile-code" in alone
    assert "  4 times, every 5 s  " in alone
    assert len(alone.rstrip()) < 80
    replaced = shown(rest[3])
    assert replaced.startswith("\x1b[2A\r\x1b[2K")
    assert "  5 times, every 5 s  " in replaced
