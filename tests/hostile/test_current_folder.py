"""Files in the current folder that are called like modules: whatever passlens starts, none of them is executed."""

import os
import shutil
import signal
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from support.proxy import ROOT, Proxy, becomes

SCRIPT = "import sys; sys.argv[0] = 'passlens'; from passlens.__main__ import main; sys.exit(main())"
"""What an installer makes of the entry point; it stands in a folder of its own, as with ``-P``."""

OF_PYTHON = {"importlib", "site", "usercustomize", "sitecustomize", "zipimport", "__main__", "this"}
"""Modules that are there before any search, or that belong to no program."""


def names() -> set[str]:
    """Every module of Python, and every one that is installed here, passlens among them."""
    return {name for name in {*sys.stdlib_module_names, *packages_distributions()} if name.isidentifier()} - OF_PYTHON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder full of such files, and two recordings."""
    for name in names():
        words = f"import os; open({str(tmp_path / 'executed')!r}, 'a').write({name + chr(10)!r})\n"
        (tmp_path / f"{name}.py").write_text(words)
    for name in ("current.mitm", "errors.har"):
        shutil.copy(ROOT / "tests" / "recordings" / name, tmp_path)
    return tmp_path


def variables(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    return plain | more


def run(folder: Path, *words: str, **more: str) -> str:
    done = subprocess.run(words, cwd=folder, env=variables(**more), capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    executed = folder / "executed"
    assert not executed.exists(), executed.read_text()
    return done.stdout


CHECK = ("check", "current.mitm", "errors.har", "--jobs=2", "--fail-on=never")
BESIDE = {"PYTHONPATH": str(ROOT / "addons")}
EMPTY_PART = {"PYTHONPATH": f"{ROOT / 'addons'}{os.pathsep}"}


def test_neither_check_nor_its_workers(folder: Path) -> None:
    assert "exchanges" in run(folder, sys.executable, "-P", "-c", SCRIPT, *CHECK, **BESIDE)


def without_those_that_python_needs(folder: Path, *words: str) -> None:
    """Leave none that Python itself, where it looks into the current folder, has found before passlens begins."""
    program = "import sys; print(*sys.modules)"
    (folder.parent / "nothing.py").write_text(program)
    beside = variables(PYTHONPATH=str(folder.parent))
    done = subprocess.run([sys.executable, *words], env=beside, capture_output=True, text=True, check=True)
    for name in {name.partition(".")[0] for name in done.stdout.split()} | {"passlens"}:
        (folder / f"{name}.py").unlink(missing_ok=True)


def test_an_empty_part_of_the_search_path_is_the_current_folder_to_nobody(folder: Path) -> None:
    without_those_that_python_needs(folder, "-P", "-c", "import nothing")
    assert "exchanges" in run(folder, sys.executable, "-P", "-c", SCRIPT, *CHECK, **EMPTY_PART)


def test_the_module_as_a_program(folder: Path) -> None:
    without_those_that_python_needs(folder, "-m", "nothing")
    left = {path.stem for path in folder.glob("*.py")}
    assert {"typing", "re", "pathlib", "json", "logging", "h2", "contextvars"} <= left
    assert "exchanges" in run(folder, sys.executable, "-m", "passlens", *CHECK, **BESIDE)


def test_the_demo(folder: Path) -> None:
    """Once the second journey begins, all of the demo's own modules and those of its proxy are there."""
    words = (sys.executable, "-P", "-c", SCRIPT, "demo", "--folder", "made")
    with subprocess.Popen(words, cwd=folder, env=variables(**BESIDE), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        titles = (line for line in process.stdout if line.startswith("== "))
        assert next(titles) != next(titles)
        process.send_signal(signal.SIGINT)
    executed = folder / "executed"
    assert not executed.exists(), executed.read_text()


@pytest.mark.parametrize("ui", ["dump", "web"])
def test_the_proxy(folder: Path, tmp_path_factory: pytest.TempPathFactory, ui: str) -> None:
    more = () if ui == "dump" else ("--no-web-open-browser", "--web-port", "0")
    confdir = tmp_path_factory.mktemp("confdir")
    command = becomes("--ui", ui, "--", *more)
    with Proxy(confdir, command=command, scripts=[], cold=True, environment={"PYTHONSAFEPATH": "1"}, cwd=folder):
        pass
    executed = folder / "executed"
    assert not executed.exists(), executed.read_text()


def test_the_folder_that_holds_passlens_may_be_the_current_one(tmp_path: Path) -> None:
    recording = ROOT / "tests" / "recordings" / "current.mitm"
    words = (sys.executable, "-m", "passlens", "check", str(recording), str(recording), "--jobs=2", "--fail-on=never")
    done = subprocess.run(words, cwd=ROOT / "addons", env=variables(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
