"""An archive whose run is killed or stopped in the middle is whole as of its last finished recording, and the next run
goes on; without the extra there is one sentence."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from passlens.cli.installation import import_fault
from support import warm
from support.archiving import RECORDINGS, archive, everything, inputs_of, manifest
from support.pipes import PATIENCE, reader_of


def start(folder: Path) -> "warm.Process":
    words = [*warm.PASSLENS, "archive", str(folder / "recordings"), "-o", str(folder / "archive"), "--jobs", "1"]
    started = warm.start(words)
    assert isinstance(started, warm.Process)
    return started


@pytest.mark.skipif(not warm.CAN_FORK, reason="pipes and signals as Linux has them")
def test_what_was_finished_stays_and_the_next_run_goes_on(tmp_path: Path) -> None:
    recordings, folder = tmp_path / "recordings", tmp_path / "archive"
    recordings.mkdir()
    for name in ("current.mitm", "apple-tv.har"):
        shutil.copy(RECORDINGS / name, recordings)
    held = recordings / "held.mitm"
    os.mkfifo(held)  # read last: it has no size

    killed = start(tmp_path)
    writing = reader_of(held)
    assert inputs_of(folder) == ["apple-tv.har", "current.mitm"]
    killed.kill()
    assert killed.wait(PATIENCE) == -signal.SIGKILL
    os.close(writing)  # the process that was left alone ends
    alone = tmp_path / "alone"
    archive(alone, recordings / "current.mitm", recordings / "apple-tv.har")
    assert everything(folder) == everything(alone)

    stopped = start(tmp_path)  # the lock was that of a process that is gone
    writing = reader_of(held)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(PATIENCE) == 143
    os.close(writing)
    assert stopped.stdout is not None
    assert stopped.stderr is not None
    assert stopped.stdout.read().decode().startswith("recordings  0 new, 0 changed, 2 unchanged\n")
    assert stopped.stderr.read().decode() == (
        "passlens: the run was stopped (SIGTERM): what was finished is archived, run it again for the rest.\n"
    )
    assert everything(folder) == everything(alone)

    held.unlink()
    shutil.copy(RECORDINGS / "errors.mitm", held)
    archive(folder, recordings)
    archive(alone, recordings)
    assert everything(folder) == everything(alone)
    assert len(manifest(folder)) == 3
    assert not (folder / ".staging").exists()


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    """And everything else works."""
    (tmp_path / "recordings").mkdir()
    shutil.copy(RECORDINGS / "current.mitm", tmp_path / "recordings")
    code = """
import sys
for name in ("pyarrow", "fsspec", "dask", "distributed", "s3fs", "numpy", "pandas", "duckdb"):
    sys.modules[name] = None
from passlens.__main__ import main
main()
"""
    for words, status in (
        (("archive", "recordings", "-o", "archive"), 3),
        (("archive", "--help"), 0),
        (("check", "recordings", "--fail-on", "never"), 0),
        (("check", "recordings", "recordings", "--jobs", "2", "--fail-on", "never"), 0),
        (("--help",), 0),
    ):
        done = warm.run([sys.executable, "-c", code, *words], cwd=tmp_path)
        assert done.returncode == status, done.stderr
        if status:
            assert done.stderr == (
                "passlens: this needs the module pyarrow, which is not installed: pip install 'passlens[archive]'\n"
            )
    assert [path.name for path in tmp_path.iterdir()] == ["recordings"]


def test_each_module_of_an_extra_is_known_by_its_extra() -> None:
    for name in ("pyarrow.parquet", "fsspec", "distributed", "dask"):
        fault = import_fault(ModuleNotFoundError("x", name=name))
        assert "pip install 'passlens[archive]'" in str(fault)
        assert fault.exit_status == 3
