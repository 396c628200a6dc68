"""Holds docs/ci.md to what the program does: its jobs are YAML, their commands run, and what they publish is there."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from passlens.reports.formats import FORMATS
from passlens.reports.html.report import FIRST
from support import warm
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
FENCED = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.S)
COMMANDS = sorted(set(re.findall(r"passlens check .*--output.*", "\n".join(text for _, text in FENCED))))
GITHUB, GITLAB = (YAML(typ="safe").load(text) for kind, text in FENCED if kind == "yaml")


def published() -> set[str]:
    """Files that the jobs take from the folder they run in."""
    found: set[str] = set()
    for step in GITHUB["jobs"]["passlens"]["steps"]:
        options: dict[str, Any] = step.get("with", {})
        for name in ("sarif_file", "report_paths", "path"):
            found |= set(str(options.get(name, "")).split())
        found |= set(re.findall(r"cat (\S+)", step.get("run", "")))
    kept = GITLAB["passlens"]["artifacts"]
    return found | set(kept["paths"]) | set(kept["reports"].values())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_what_the_jobs_publish(command: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "recordings", tmp_path / "recordings")
    got = warm.run([*warm.PASSLENS, *shlex.split(command)[1:]], cwd=tmp_path)
    assert (got.returncode, got.stderr) == (1, ""), "the shipped recordings have errors"
    assert {path.name for path in tmp_path.iterdir()} == {"recordings", *published()}
    assert "PL244" in got.stdout


def test_both_jobs_run_one_of_the_commands() -> None:
    runs = [step["run"] for step in GITHUB["jobs"]["passlens"]["steps"] if "run" in step]
    assert set(COMMANDS) & set(runs)
    assert set(COMMANDS) & set(GITLAB["passlens"]["script"])


def test_reports_are_published_when_the_check_fails() -> None:
    steps = GITHUB["jobs"]["passlens"]["steps"]
    check = next(place for place, step in enumerate(steps) if "passlens check" in step.get("run", ""))
    assert all(step["if"] == "always()" for step in steps[check + 1 :])
    assert GITLAB["passlens"]["artifacts"]["when"] == "always"


def test_the_page_says_how_many_exchanges_the_html_report_shows() -> None:
    assert f"the first {FIRST:,} exchanges" in PAGE


def test_the_page_names_formats_that_there_are() -> None:
    named = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", PAGE, re.M)
    assert {name for row in named for name in re.findall(r"\w+", row)} <= set(FORMATS)
