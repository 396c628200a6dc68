"""Who archives recordings: a process that is lost costs its own, and whatever a cluster says is one sentence."""

import os
import shutil
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from passlens import __version__
from passlens.runner.archive import work
from passlens.runner.archive.recording import Archived, ArchiveTask, archive_recording
from passlens.runner.archive.work import Processes, archived
from support.archiving import STORY, Inline
from support.pipes import reader_of


def task(path: Path) -> ArchiveTask:
    return ArchiveTask(str(path), path.name)


def test_a_process_that_is_ended_costs_its_recording(tmp_path: Path) -> None:
    pipe, other = tmp_path / "a.mitm", tmp_path / "b.mitm"
    os.mkfifo(pipe)
    shutil.copy(STORY, other)
    engine = Processes(2)
    begun: list[Future[Any]] = []
    submit = engine.submit

    def noted(function: Callable[..., Any], *words: Any) -> "Future[Any]":
        begun.append(submit(function, *words))
        return begun[-1]

    engine.submit = noted  # type: ignore[method-assign]

    def end() -> None:
        writing = reader_of(pipe)
        os.kill(engine.pid(begun[0]), signal.SIGKILL)
        os.close(writing)

    ending = threading.Thread(target=end)
    ending.start()
    try:
        found = {one.name: made for one, made in archived([task(pipe), task(other)], engine)}
    finally:
        ending.join()
        engine.stop()
    assert found["a.mitm"] == work.failure("could not be archived (its process was ended): check it alone")
    assert found["b.mitm"].counts == archive_recording(task(STORY)).counts
    assert found["b.mitm"].counts["exchanges"] > 5


class KilledWorker(Exception):
    """As Dask has it."""


class Answering(Inline):
    """Answers with what it is given, or with nothing at all."""

    def __init__(self, answer: Archived | Exception | None, fault: str | None = None) -> None:
        self._answer, self._fault = answer, fault

    def submit(self, function: Callable[[Any], Any], task: Any, /) -> "Future[Any]":
        done: Future[Any] = Future()
        if isinstance(self._answer, Exception):
            done.set_exception(self._answer)
        elif self._answer is not None:
            done.set_result(self._answer)
        return done

    def fault(self) -> str | None:
        return self._fault


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (KilledWorker("x"), "could not be archived (each worker that took it was lost): check it alone"),
        (ValueError("a secret"), "could not be archived (ValueError on the cluster): check it alone"),
        (
            Archived("0.0.9", "sha256:1"),
            f"was archived by passlens 0.0.9, this is {__version__}: install the same on all workers",
        ),
    ],
)
def test_what_a_cluster_cannot_do_is_a_sentence(answer: Any, sentence: str) -> None:
    ((_, made),) = archived([task(STORY)], Answering(answer))
    assert (made.trouble, made.failed, made.parts) == ((sentence,), True, ())


def test_a_scheduler_that_is_lost_is_told_of_each_recording() -> None:
    class Lost(Answering):
        """Its scheduler goes once it has a task."""

        def submit(self, function: Callable[[Any], Any], task: Any, /) -> "Future[Any]":
            assert self._fault is None, "nobody takes more"
            self._fault = "its scheduler was lost"
            done: Future[Any] = Future()
            done.cancel()
            done.set_running_or_notify_cancel()
            return done

    tasks = [task(Path(f"{name}.mitm")) for name in "ab"]
    found = list(archived(tasks, Lost(None)))
    assert [one for one, _ in found] == tasks
    assert {made.trouble for _, made in found} == {
        ("could not be archived (its scheduler was lost): run it again",),
    }


def test_what_nobody_is_there_to_do_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_EVERY", 0.0)
    tasks = [task(Path(f"{name}.mitm")) for name in "abc"]
    found = list(archived(tasks, Answering(None, "it has no workers any more")))
    assert [one for one, _ in found] == tasks
    assert {made.trouble for _, made in found} == {
        ("could not be archived (it has no workers any more): run it again",)
    }
