"""One run at a time: a lock goes with its process, and what one left behind locks nobody out."""

import os
from pathlib import Path

import pytest

from passlens.errors import UsageError
from passlens.runner.archive.lock import Lock


def test_who_has_it_is_named_and_it_can_be_given_back(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / ".lock"), Lock(tmp_path / ".lock")
    first.take()
    with pytest.raises(UsageError, match=rf"^{tmp_path} is being written by process {os.getpid()} on .+: wait until"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_what_another_process_has_left_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("process 1 on elsewhere, with more words than the next one has\n")
    lock = Lock(tmp_path / ".lock")
    lock.take()
    assert (tmp_path / ".lock").read_text().startswith(f"process {os.getpid()} on ")
    assert "elsewhere, with" not in (tmp_path / ".lock").read_text()
    lock.release()
