"""An installation that lacks something: one sentence and status 3, wherever it is noticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from passlens.cli.installation import import_fault
from passlens.proxy.launch import INTERFACES, command_line
from support.warm import ROOT

ENTRY_POINT = "from passlens.__main__ import main; main()"


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("click", ["--version"]),
        ("brotli", ["check", "tests/recordings/apple-tv.mitm"]),
        ("zstandard", ["check", "tests/recordings/apple-tv.har"]),
        ("pydantic", ["schema", "partner-session"]),
        ("mitmproxy", ["convert", "tests/recordings/apple-tv.mitm", "-o", "unwritten.har"]),
        ("ruamel", ["scenarios"]),
    ],
)
def test_a_missing_module_is_one_sentence_and_status_3(module: str, words: list[str], tmp_path: Path) -> None:
    code = f"import sys; sys.modules[{module!r}] = None; {ENTRY_POINT}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "HOME": str(tmp_path), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert module in done.stderr
    assert "install passlens" in done.stderr


def test_versions_that_do_not_fit_are_one_sentence() -> None:
    text = str(import_fault(ImportError("cannot import name 'x' from 'y'\n(unknown)")))
    assert "does not fit together (cannot import name 'x' from 'y' (unknown))" in text


@pytest.mark.parametrize("module", ["mitmproxy", "brotli", "zstandard"])
@pytest.mark.parametrize("ui", list(INTERFACES))
def test_the_process_of_the_proxy_ends_so_too(module: str, ui: str, tmp_path: Path) -> None:
    words = command_line(ui, {}, ["--version"])
    place = words.index("-c") + 1
    words[place] = f"import sys; sys.modules[{module!r}] = None\n{words[place]}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "HOME": str(tmp_path)}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"passlens: the module {module}" in done.stderr
