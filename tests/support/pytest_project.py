"""A project of its own with tests that use passlens, and a pytest that runs them as a process of its own."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.proxy import ROOT

CONFTEST = "from support.scripted_app import app\n"


@dataclass
class PytestRun:
    """One run: its exit status, its output, the folder that it was told to keep things in."""

    status: int
    out: str
    base: Path

    @property
    def outcomes(self) -> dict[str, str]:
        """How each test ended, by its name."""
        pairs = re.findall(r"::(\S+) (PASSED|FAILED|ERROR)", self.out)
        return dict(pairs) | {name: word for word, name in re.findall(r"(PASSED|FAILED|ERROR) \S+::(\S+)", self.out)}


def run_project(
    folder: Path, confdir: Path, tests: str, *arguments: str, conftest: str = CONFTEST, settings: str = ""
) -> PytestRun:
    """Write the project and run its tests; ``settings`` are further lines of its pytest.ini."""
    (folder / "conftest.py").write_text(conftest)
    (folder / "test_app.py").write_text(tests)
    (folder / "pytest.ini").write_text(f"[pytest]\npasslens_confdir = {confdir}\n{settings}")
    base = folder / "kept"
    words = [sys.executable, "-m", "pytest", "-v", "--strict-markers", "-p", "no:cacheprovider", f"--basetemp={base}"]
    path = os.pathsep.join([str(ROOT / "addons"), str(ROOT / "tests")])
    # What this pytest has told its own workers is nothing for another one.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [*words, *arguments],
        cwd=folder,
        env={**variables, "PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    return PytestRun(done.returncode, done.stdout + done.stderr, base)
