"""Several recordings at a time: the same as one after the other, in the same order, whatever a worker meets."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from passlens.offline import parallel
from passlens.offline.judging import Judged, judged
from passlens.offline.parallel import judged_in_parallel
from passlens.offline.settings import Settings
from passlens.recording import Trouble, names
from support.proxy import PATIENCE, ROOT

RECORDINGS = ROOT / "tests" / "recordings"
CHECK = (sys.executable, "-c", "from passlens.cli import main; main()", "check", "--jobs=2", "--format=jsonl")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "COLUMNS": "100"}


def test_the_results_are_those_of_one_process_in_the_same_order(tmp_path: Path) -> None:
    cut = tmp_path / "cut.mitm"
    cut.write_bytes((RECORDINGS / "apple-tv.mitm").read_bytes()[:-100])
    files = [str(RECORDINGS), str(tmp_path / "missing.har"), str(cut), str(tmp_path / "missing")]
    settings = Settings(ignore=("PL4",), jobs=2)
    read: list[int] = []
    together = list(judged_in_parallel(names(files), settings, lambda done, total: read.append(done)))
    assert together == list(judged(files, settings))
    assert read == sorted(read)
    assert read[-1] > sum(path.stat().st_size for path in RECORDINGS.glob("*.*r"))


def reader_of(pipe: Path) -> int:
    """The writing end of a pipe, as soon as somebody reads it; nothing comes out of it until it is closed."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            assert time.monotonic() < deadline, "nobody reads the pipe"
            time.sleep(0.02)


def test_a_worker_that_ends_costs_its_own_file_and_signals_to_all_end_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recordings that are pipes keep their workers waiting; one is killed, the other gets what a group would get."""
    pipes = [tmp_path / "a.mitm", tmp_path / "b.mitm"]
    for pipe in pipes:
        os.mkfifo(pipe)
    crews: list[parallel._Crew] = []
    made = parallel._Crew.__init__

    def note(crew: parallel._Crew, *words: object) -> None:
        made(crew, *words)  # type: ignore[arg-type]
        crews.append(crew)

    monkeypatch.setattr(parallel._Crew, "__init__", note)

    def feed() -> None:
        ends = [reader_of(pipe) for pipe in pipes]
        workers = {worker.place: worker.process for worker in crews[0]._workers}
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(workers[1].pid or 0, number)
        workers[0].kill()
        os.set_blocking(ends[1], True)
        with open(ends[1], "wb") as stream:
            stream.write((RECORDINGS / "current.mitm").read_bytes())
        os.close(ends[0])

    feeding = threading.Thread(target=feed)
    feeding.start()
    items: list[Judged] = list(judged_in_parallel(names([str(pipe) for pipe in pipes]), Settings(jobs=2)))
    feeding.join()
    assert isinstance(items[0], Trouble)
    assert items[0].sentence == "could not be read to its end (its process ended with status -9): check it alone"
    expected = [{**entry, "file": str(pipes[1])} for entry in judged([str(RECORDINGS / "current.mitm")], Settings())]  # type: ignore[dict-item]
    assert items[1:] == expected


def test_a_full_disk_for_temporary_files_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere:
        """A folder for temporary files that is gone."""

        def __init__(self, **words: str) -> None:
            pass

        def __enter__(self) -> str:
            return str(tmp_path / "gone")

        def __exit__(self, *words: object) -> None:
            pass

    monkeypatch.setattr(parallel.tempfile, "TemporaryDirectory", Elsewhere)
    files = [str(RECORDINGS / "current.mitm"), str(RECORDINGS / "current.har")]
    items = list(judged_in_parallel(names(files), Settings(jobs=2)))
    assert [item.sentence for item in items if isinstance(item, Trouble)] == [
        "could not be read to its end (No such file or directory in the folder for temporary files): make room there"
    ] * 2
    assert len(items) == 2


def test_standard_input_is_read_in_its_place() -> None:
    with open(RECORDINGS / "current.mitm", "rb") as stdin:
        got = subprocess.run(
            [*CHECK, str(RECORDINGS / "apple-tv.mitm"), "-", str(RECORDINGS / "apple-tv.har")],
            stdin=stdin, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT,
        )  # fmt: skip
    kinds = [b'"file":"-"' in line for line in got.stdout.splitlines()]
    assert got.stderr == b""
    assert kinds == sorted(kinds[:10]) + [True] * kinds.count(True) + [False] * 10


def is_gone(group: int) -> bool:
    """True as soon as no process of the group is left."""
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.05)
    except ProcessLookupError:
        return True
    return False


def test_a_signal_writes_what_is_known_and_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "z.mitm"
    os.mkfifo(pipe)
    places = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    report = tmp_path / "report.xml"
    known = list(judged([str(RECORDINGS / "current.mitm")], Settings()))
    process = subprocess.Popen(
        [*CHECK, "--output", f"junit={report}", str(RECORDINGS / "current.mitm"), str(pipe)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**places, "PYTHONUNBUFFERED": "1"}, start_new_session=True,
        bufsize=0,  # communicate() does not see what a buffer of ours has taken
    )  # fmt: skip
    assert process.stdout is not None
    end = threading.Timer(PATIENCE, process.kill)
    end.start()
    lines = [process.stdout.readline() for _ in known]
    writing = reader_of(pipe)
    os.killpg(process.pid, signal.SIGTERM)  # as a terminal does, and some runners of CI: the whole group
    out, err = process.communicate(timeout=PATIENCE)
    end.cancel()
    os.close(writing)
    assert process.returncode == 143
    assert err.decode().splitlines() == [
        "passlens: input: the check was stopped (SIGTERM), this report is partial: run it again for the rest."
    ]
    assert all(lines)
    assert out == b""
    assert f'current.mitm" tests="{len(known)}"' in report.read_text()
    assert '<testsuite name="input" tests="1" failures="0" errors="1"' in report.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.xml", "z.mitm"]
    assert is_gone(process.pid)
