"""``passlens demo`` waits for whoever looks on, where there is a panel to look at and somebody to press a key."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from passlens.cli import demo as command


@pytest.mark.parametrize(
    ("panel", "terminal", "waits"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_it_waits_beside_a_panel_on_a_terminal(
    panel: bool, terminal: bool, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(command, "run", lambda *given, **words: called.append((given, words)) or 0)
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stdin", stdin)
    command.demo.main(["--folder", "seen", *(["--panel"] if panel else [])], standalone_mode=False)
    ((given, words),) = called
    assert given[0] == Path("seen")
    assert words == {"panel": panel, "ask": input if waits else None}
