"""Several recordings at a time: the same as one after the other, in the same order, whatever a worker meets."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from passlens.errors import ReadError
from passlens.recordings.reader import names
from passlens.runner import jobs
from passlens.runner.analyze import Analyzed, Apart, Ended, analyzed
from passlens.runner.jobs import analyzed_in_parallel
from passlens.runner.settings import CheckSettings
from support.pipes import give, reader_of
from support.proxy import PATIENCE, ROOT

RECORDINGS = ROOT / "tests" / "recordings"
CHECK = (sys.executable, "-c", "from passlens.cli.main import main; main()", "check", "--jobs=2", "--format=jsonl")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "COLUMNS": "100"}


def test_the_results_are_those_of_one_process_in_the_same_order(tmp_path: Path) -> None:
    cut = tmp_path / "cut.mitm"
    cut.write_bytes((RECORDINGS / "apple-tv.mitm").read_bytes()[:-100])
    files = [str(RECORDINGS), str(tmp_path / "missing.har"), str(cut), str(tmp_path / "missing")]
    settings = CheckSettings(ignore=("PL4",), jobs=2)
    read: list[int] = []
    together = list(analyzed_in_parallel(names(files), settings, lambda done, total: read.append(done)))
    assert together == list(analyzed(files, settings))
    assert read == sorted(read)
    assert read[-1] > sum(path.stat().st_size for path in RECORDINGS.glob("*.*r"))


def named(item: Any, file: str) -> Any:
    """An exchange or a journey as if it were of another file."""
    if isinstance(item, Ended):
        return Ended({**item.journey, "file": file})
    return item._replace(file=file) if isinstance(item, Apart) else {**item, "file": file}


def test_a_worker_that_ends_costs_its_own_file_and_signals_to_all_end_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recordings that are pipes keep their workers waiting; one is killed, the other gets what a group would get."""
    pipes = [tmp_path / "a.mitm", tmp_path / "b.mitm"]
    for pipe in pipes:
        os.mkfifo(pipe)
    pools: list[jobs._Pool] = []
    made = jobs._Pool.__init__

    def note(pool: jobs._Pool, *words: object) -> None:
        made(pool, *words)  # type: ignore[arg-type]
        pools.append(pool)

    monkeypatch.setattr(jobs._Pool, "__init__", note)

    def feed() -> None:
        ends = [reader_of(pipe) for pipe in pipes]
        workers = {place: pools[0]._workers.pid(task) for task, place in pools[0]._running.items()}
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(workers[1], number)
        os.kill(workers[0], signal.SIGKILL)
        give(ends[1], (RECORDINGS / "current.mitm").read_bytes())
        os.close(ends[0])

    feeding = threading.Thread(target=feed)
    feeding.start()
    items: list[Analyzed] = list(analyzed_in_parallel(names([str(pipe) for pipe in pipes]), CheckSettings(jobs=2)))
    feeding.join()
    assert isinstance(items[0], ReadError)
    assert items[0].sentence == "could not be read to its end (its process was ended): check it alone"
    expected = [named(item, str(pipes[1])) for item in analyzed([str(RECORDINGS / "current.mitm")], CheckSettings())]
    for kind in (dict, Ended, Apart):  # in a pipe journeys end between the entries
        assert [one for one in items[1:] if isinstance(one, kind)] == [one for one in expected if isinstance(one, kind)]
    assert len(items[1:]) == len(expected)


def test_a_full_disk_for_temporary_files_is_a_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere:
        """A folder for temporary files that is gone."""

        def __init__(self, **words: str) -> None:
            pass

        def __enter__(self) -> str:
            return str(tmp_path / "gone")

        def __exit__(self, *words: object) -> None:
            pass

    monkeypatch.setattr(jobs.tempfile, "TemporaryDirectory", Elsewhere)
    files = [str(RECORDINGS / "current.mitm"), str(RECORDINGS / "current.har")]
    items = list(analyzed_in_parallel(names(files), CheckSettings(jobs=2)))
    assert [item.sentence for item in items if isinstance(item, ReadError)] == [
        "could not be read to its end (No such file or directory in the folder for temporary files): make room there"
    ] * 2
    assert len(items) == 2


def test_standard_input_is_read_in_its_place() -> None:
    with open(RECORDINGS / "current.mitm", "rb") as stdin:
        got = subprocess.run(
            [*CHECK, str(RECORDINGS / "apple-tv.mitm"), "-", str(RECORDINGS / "apple-tv.har")],
            stdin=stdin, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT,
        )  # fmt: skip
    # Thirteen exchanges and their journey, what was typed, and the same and their journey.
    kinds = [b'"file":"-"' in line for line in got.stdout.splitlines()]
    assert got.stderr == b""
    assert kinds == [False] * 14 + [True] * kinds.count(True) + [False] * 14
    assert True in kinds


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
    known = list(analyzed([str(RECORDINGS / "current.mitm")], CheckSettings()))
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
