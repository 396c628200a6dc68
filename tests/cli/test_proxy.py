"""What passlens proxy takes for itself and what it hands on; tests/proxy/test_launch.py has the command line."""

import os
from typing import Any

import click
import pytest

from passlens.cli.proxy import proxy


def started(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """The command line that the process would become."""
    became: list[Any] = []
    monkeypatch.setattr(os, "execve", lambda path, line, environment: became.append(line))
    monkeypatch.setattr("subprocess.call", lambda line, env: 0)
    proxy.main(list(words), standalone_mode=False)
    return list(became[0])


@pytest.mark.parametrize(
    "words", [("--", "-w", "tv.mitm"), ("--sandbox", "--", "~d example.com"), ("--filter", "~q", "--", "x")]
)
def test_what_stands_behind_the_dashes_goes_on_to_mitmproxy(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    behind = list(words[words.index("--") + 1 :])
    assert started(monkeypatch, *words)[-len(behind) :] == behind


@pytest.mark.parametrize(
    "words", [("pfs-fallback",), ("pfs-fallback", "--", "-w", "x"), ("--sandbox", "pfs-fallback", "--")]
)
def test_a_word_before_them_is_refused_and_no_filter_of_mitmproxy(words: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="'pfs-fallback' is no option; write --scenario before"):
        proxy.main(list(words), standalone_mode=False)
