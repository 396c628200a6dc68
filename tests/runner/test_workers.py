"""Processes that do tasks: one that is ended costs its task, and none runs code of the current folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from passlens.runner.workers import Workers
from support.pipes import PATIENCE
from support.warm import ENVIRONMENT


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.stop()


def test_a_process_that_is_ended_costs_its_task_and_the_next_gets_a_new_one(workers: Workers) -> None:
    lost, other = workers.submit(time.sleep, 600), workers.submit(os.getpid)
    kept = other.result()
    os.kill(workers.pid(lost), signal.SIGKILL)
    with pytest.raises(BrokenProcessPool):
        lost.result()
    first = workers.submit(os.getpid)
    assert first.result() == kept
    assert workers.submit(os.getenv, "PYTHONSAFEPATH").result() == "1"


def test_signals_for_the_group_end_no_process(workers: Workers) -> None:
    begun = workers.submit(os.getpid)
    pid = begun.result()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, number)
    assert workers.submit(os.getpid).result() == pid


def test_no_module_is_taken_from_the_current_folder(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "colorsys.py").write_text("raise SystemExit('not mine')")
    monkeypatch.chdir(tmp_path)
    path = workers.submit(eval, "__import__('colorsys').__file__").result()
    assert Path(path).parent != tmp_path
    assert Path(path).parent == Path(os.__file__).parent


def test_they_end_with_the_process_that_started_them_also_where_it_is_killed() -> None:
    words = (
        "import os, time; from passlens.runner.workers import Workers; made = Workers()\n"
        "if __name__ == '__main__': print(made.submit(os.getpid).result(), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", words], env=ENVIRONMENT, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert int(started.stdout.readline()) != started.pid
        started.kill()
        # Its end comes when nobody holds the pipe any more, the process that was started from it among them.
        assert started.communicate(timeout=PATIENCE)[0] == b""
