"""The examples of docs: each works as it stands, and the index names them all. Links of the docs lead somewhere."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from passlens.exchange.decoded import Decoded
from passlens.proxy.scenario_switch import read
from passlens.runner.config_file import KEYS
from passlens.sandbox.server import Api
from passlens.scenarios.library import Library, RunningScenario
from passlens.scenarios.plan import prepare
from passlens.scenarios.world_file import read_world
from support import warm
from support.proxy import PATIENCE, ROOT
from support.sequence import T0, call

EXAMPLES = ROOT / "docs" / "examples"
RECORDINGS = ROOT / "tests" / "recordings"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "rules").glob("*.md")])


def test_the_index_names_every_example() -> None:
    index = (EXAMPLES / "README.md").read_text("utf-8")
    files = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*") if path.is_file()}
    assert set(re.findall(r"\]\(([\w-]+[\w./-]*)\)", index)) == files - {"README.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]*)?\)", page.read_text("utf-8")):
        if "://" not in link and not link.startswith("mailto:"):
            assert (page.parent / link).exists(), link


def test_the_jobs_are_those_of_the_page() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.S)
    assert [(EXAMPLES / name).read_text("utf-8") for name in ("github-actions.yml", "gitlab-ci.yml")] == blocks


def test_the_configuration_has_every_key_and_is_taken(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "passlens.toml", tmp_path)
    shutil.copy(RECORDINGS / "apple-tv.mitm", tmp_path / "tv.mitm")
    values = tomllib.loads((EXAMPLES / "passlens.toml").read_text("utf-8"))
    assert set(values) == set(KEYS)
    first = warm.run(
        [*warm.PASSLENS, "check", "tv.mitm", "--isolated", "--write-baseline", values["baseline"]], cwd=tmp_path
    )
    assert first.returncode == 0, first.stderr
    then = warm.run([*warm.PASSLENS, "check", "tv.mitm", "--format", "json"], cwd=tmp_path)
    assert (then.returncode, then.stderr) == (0, "")
    in_force = json.loads(then.stdout)["configuration"]
    assert (in_force["fail_on"], in_force["filter"], in_force["ignore"]) == ("warning", "~d auth.adobe.com", ["PL261"])


def test_the_rule_file_does_what_it_says() -> None:
    scenario = Library([EXAMPLES / "my-rules"], read=read).load("slow-sign-in")
    assert not scenario.warnings
    running, api = RunningScenario(scenario, random.Random(1), read=read), Api(seed="x")
    statuses = []
    for number in range(5):
        ex = call("poll", number * 5.0, status=None)
        plan = prepare(running, Decoded(ex), T0 + number * 5.0, api=api)
        statuses.append(plan.response.status if plan.response is not None else None)
    assert statuses == [200, 200, 200, 500, None]
    assert [expect.name for rule in scenario.rules for expect in rule.expect] == ["polls again", "keeps the code"]


def test_the_world_is_one() -> None:
    world = read_world(EXAMPLES / "world.yaml")
    assert world.strict
    assert [mvpd.id for mvpd in world.mvpds] == ["Cox", "Sling", "TempPass_Gameday"]
    assert world.resources["movies"] == "authorization_denied_by_mvpd"


def test_mitmdump_runs_with_the_addon_and_writes_the_log(tmp_path: Path, confdir: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    dump = "-c 'from mitmproxy.tools.main import mitmdump; mitmdump()'"
    for name, words in {"passlens": "-m passlens", "mitmdump": dump}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (programs / name).chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    given = ["--set", f"confdir={confdir}", "-n", "-r", str(RECORDINGS / "apple-tv.mitm")]
    got = subprocess.run(
        [str(EXAMPLES / "mitmdump.sh"), *given],
        cwd=tmp_path,
        env={**warm.ENVIRONMENT, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert got.returncode == 0, got.stderr
    lines = (tmp_path / "sessions.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["kind"] for line in lines} == {"exchange", "journey"}
