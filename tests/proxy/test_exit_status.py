"""The exit status of a proxy."""

import pytest

from passlens.proxy import exit_status


def test_it_is_4_once_something_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_status, "_lost", False)
    assert exit_status.status() == 0
    exit_status.lost()
    exit_status.lost()
    assert exit_status.status() == 4
