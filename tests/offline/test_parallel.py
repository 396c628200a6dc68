"""Several recordings at a time: the same as one after the other, in the same order, whatever a worker meets."""

import os
import signal
import subprocess
import sys
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


def test_a_worker_that_ends_costs_its_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording that is a pipe keeps its worker waiting; ending that worker must leave the others alone."""
    pipe = tmp_path / "a.mitm"
    os.mkfifo(pipe)
    crews: list[parallel._Crew] = []
    made = parallel._Crew.__init__

    def note(crew: parallel._Crew, *words: object) -> None:
        made(crew, *words)  # type: ignore[arg-type]
        crews.append(crew)

    monkeypatch.setattr(parallel._Crew, "__init__", note)

    def turns(done: int, total: int | None) -> None:
        blocked = [worker for worker in crews[0]._workers if worker.place == 0]
        if blocked and crews[0]._spools[1].ended:
            blocked[0].process.kill()

    files = [str(pipe), str(RECORDINGS / "current.mitm")]
    items: list[Judged] = list(judged_in_parallel(names(files), Settings(jobs=2), turns))
    assert isinstance(items[0], Trouble)
    assert items[0].sentence == "could not be read to its end (its process ended with status -9): check it alone"
    assert items[1:] == list(judged(files[1:], Settings()))


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


def test_ctrl_c_writes_what_is_known_and_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "z.mitm"
    os.mkfifo(pipe)
    places = {**ENVIRONMENT, "TMPDIR": str(tmp_path)}
    report = tmp_path / "report.xml"
    process = subprocess.Popen(
        [*CHECK, "--output", f"junit={report}", str(RECORDINGS / "current.mitm"), str(pipe)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**places, "PYTHONUNBUFFERED": "1"}, start_new_session=True,
        bufsize=0,  # communicate() does not see what a buffer of ours has taken
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the whole group
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.decode().splitlines() == [
        "passlens: input: the check was stopped (Ctrl-C), this report is partial: run it again for the rest."
    ]
    known = list(judged([str(RECORDINGS / "current.mitm")], Settings()))
    assert len((first + out).splitlines()) == len(known)
    assert f'current.mitm" tests="{len(known)}"' in report.read_text()
    assert '<testsuite name="input" tests="1" failures="0" errors="1"' in report.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.xml", "z.mitm"]
    assert is_gone(process.pid)
