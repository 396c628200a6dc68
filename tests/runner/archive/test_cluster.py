"""A Dask cluster of two processes: the rows of one process, also when a worker is killed in the middle."""

import contextlib
import gc
import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster, default_client

from passlens import __version__
from passlens.errors import UsageError
from passlens.runner.archive import cluster
from passlens.runner.archive.cluster import Cluster, look_at
from passlens.runner.archive.recording import ArchiveTask, archive_recording
from passlens.runner.archive.run import ArchiveSettings, archive_recordings
from passlens.runner.archive.work import archived
from support.archiving import RECORDINGS, STORY, archive, everything
from support.pipes import PATIENCE, give, reader_of


@pytest.fixture(scope="module")
def workers() -> Iterator[str]:
    """The address of the scheduler of two processes."""
    with LocalCluster(2, threads_per_worker=1, dashboard_address=":0", scheduler_port=0) as running:
        yield running.scheduler_address


def test_the_rows_are_those_of_one_process(workers: str, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    missing = tmp_path / "missing.har"
    settings = ArchiveSettings(str(tmp_path / "cluster"), scheduler=workers)
    assert archive_recordings([str(RECORDINGS), str(missing)], settings, out, err) == 2
    assert err.getvalue() == f"passlens: {missing}: cannot be read (No such file or directory): check the name.\n"
    assert out.getvalue().startswith("recordings  8 new, 0 changed, 0 unchanged, 1 failed\n")
    archive(tmp_path / "alone", RECORDINGS)
    assert everything(tmp_path / "cluster") == everything(tmp_path / "alone")


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def has_open(pid: int, path: Path) -> bool:
    """True if a process reads a file."""
    folder, found = f"/proc/{pid}/fd", set()
    with contextlib.suppress(OSError):  # it ends
        for number in os.listdir(folder):
            with contextlib.suppress(OSError):  # the file is closed
                found.add(os.readlink(f"{folder}/{number}"))
    return str(path) in found


def is_gone(pid: int) -> bool:
    """True once a process has ended and its nanny has noticed."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_client_of_whoever_calls_stays_the_default(workers: str) -> None:
    engine = Cluster(workers)
    with pytest.raises(ValueError, match="No clients found"):
        default_client()
    engine.client.close()


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(workers: str, tmp_path: Path) -> None:
    pipe = tmp_path / "held.mitm"
    os.mkfifo(pipe)
    tasks = [ArchiveTask(str(path), path.name) for path in (pipe, *sorted(RECORDINGS.glob("*.[hm]*r")))]
    engine = Cluster(workers)
    assert engine.width == 4
    pids: set[int] = set(engine.client.run(os.getpid).values())

    def kill() -> None:
        held = reader_of(pipe)
        try:
            until(lambda: any(has_open(pid, pipe) for pid in pids))
            (reading,) = (pid for pid in pids if has_open(pid, pipe))
            os.kill(reading, signal.SIGKILL)
            until(lambda: is_gone(reading))  # its last thread holds the pipe
            again = reader_of(pipe)  # the other worker, or the one in its place
        finally:
            os.close(held)
        give(again, STORY.read_bytes())

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        found = dict(archived(tasks, engine))
    finally:
        killing.join()
        engine.stop()
    assert set(found) == set(tasks)
    for task, made in found.items():
        path = str(STORY) if task.address == str(pipe) else task.address
        assert made == archive_recording(ArchiveTask(path, task.name)), task


def test_where_nobody_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TIMEOUT", 0.2)
    with pytest.raises(
        UsageError, match=r"^no Dask scheduler answers at tcp://127.0.0.1:9 \(\w+\): start one with dask"
    ):
        Cluster("tcp://127.0.0.1:9")


@pytest.mark.parametrize("address", ["nonsense://x", "lab", "tcp://lab", "lab:", ""])
def test_what_is_no_address_is_said_in_a_sentence_alone(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=f"^'{address}' is no address of a Dask scheduler; expected one such as tcp:"):
        Cluster(address)
    gc.collect()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "the cluster at tcp://x:1 has no workers: start some with dask worker tcp://x:1."),
        ({"w": ModuleNotFoundError("passlens")}, "the worker w has no passlens that runs: install passlens[archive] "),
        (
            {"w": __version__, "v": "0.0.9"},
            f"the worker v has passlens 0.0.9: install passlens[archive] {__version__} on",
        ),
    ],
)
def test_workers_that_are_not_fit_are_named(found: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        look_at("tcp://x:1", found)
    assert str(refused.value).startswith(said)


def test_a_cluster_without_workers_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalCluster(1, processes=False, dashboard_address=":0", scheduler_port=0) as running:
        engine = Cluster(running.scheduler_address)
        assert engine.fault() is None
        running.scale(0)
        until(lambda: not engine.client.nthreads())
        assert engine.fault() is None
        monkeypatch.setattr(cluster, "PATIENCE", -1.0)
        assert engine.fault() == "it has no workers any more"
        engine.stop()
        assert engine.fault() == "its scheduler was lost"
