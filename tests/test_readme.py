"""Holds the README to what the program does: its commands run, its block is real output, its facts are true.
Commands that start a proxy are tested where the proxy is."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from passlens.cli import completion
from passlens.control.connection import TOKEN
from passlens.device import password
from support import warm

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.findall(r"```(\w*)\n(.*?)```", README, re.S)
COMMANDS = [line.partition("  #")[0].strip() for kind, text in FENCED if kind == "sh" for line in text.splitlines()]


def passlens(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command of this checkout, as the entry point does."""
    return warm.run([*warm.PASSLENS, *arguments])


def test_the_first_commands_are_the_two_that_do_everything() -> None:
    """They need nothing but a Python, whatever stood in their folder before, and write to no Python that the system
    manages. The gate runs them word for word."""
    for command in COMMANDS[:2]:
        first, *rest = command.split(" && ")
        assert first == "python3 -m venv --clear .venv"
        assert all(part.startswith(".venv/bin/") for part in rest)
    assert COMMANDS[0].endswith(" && .venv/bin/passlens demo")
    assert COMMANDS[1].endswith(" --group dev && .venv/bin/pytest")
    assert ".venv/" in (ROOT / ".gitignore").read_text("utf-8").split()
    assert "`python3-venv`" in README


def test_the_block_is_real_output() -> None:
    block = next(text for kind, text in FENCED if not kind)
    done = passlens("check", "tests/recordings/apple-tv.mitm")
    assert block.strip() in done.stdout


@pytest.mark.parametrize(
    "command", [line for line in COMMANDS if re.match(r"passlens (decode|explain|schema|scenarios)", line)]
)
def test_commands_that_need_no_recording_run(command: str) -> None:
    done = passlens(*shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("passlens check")])
def test_checks_take_the_options_shown(command: str, tmp_path: Path) -> None:
    recording = str(ROOT / "tests" / "recordings" / "apple-tv.mitm")
    named = ("tv.mitm", "session.har", "recordings/")
    words = shlex.split(command.partition(">")[0])[1:]
    words = [word.replace("html=", f"html={tmp_path}/") for word in words]
    done = passlens(*[recording if word in named else word for word in words])
    assert done.returncode == 1, done.stderr  # the recording that ships has an error


@pytest.mark.parametrize("command", [line for line in COMMANDS if re.match(r"passlens (diff|scrub|convert)", line)])
def test_commands_on_recordings_take_the_arguments_shown(command: str, tmp_path: Path) -> None:
    recording = str(ROOT / "tests" / "recordings" / "apple-tv.mitm")
    inputs, outputs = ("tv.mitm", "old.mitm", "new.mitm"), ("clean.mitm", "tv.har")
    words = [
        recording if word in inputs else str(tmp_path / word) if word in outputs else word
        for word in shlex.split(command)
    ]
    done = passlens(*words[1:])
    assert done.returncode == 0, done.stderr


def test_options_and_commands_named_are_those_of_the_addon() -> None:
    from passlens.proxy.options import NAMES

    assert set(re.findall(r"passlens_[a-z_]+", README)) == set(NAMES)


def test_every_linked_file_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_it_says_that_nobody_stands_behind_it() -> None:
    assert "not affiliated with, endorsed by or supported by Adobe or Apple" in README


def test_the_scenario_shown_in_the_docs_is_taken(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rule_file = tmp_path / "shown.yaml"
    rule_file.write_text(re.findall(r"```yaml\n(.*?)```", page, re.S)[0], encoding="utf-8")
    done = passlens("scenarios", "--validate", str(rule_file))
    assert (done.returncode, done.stdout) == (0, "1 rule file, 0 refused\n"), done.stderr


def test_it_names_every_variable_of_the_environment_that_counts() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "addons" / "passlens").rglob("*.py"))
    literal = re.findall(r"""environ(?:ment)?(?:\.get\(|\[)"([A-Z_]+)\"""", sources)
    read = {*literal, "XDG_RUNTIME_DIR", "XDG_STATE_HOME", TOKEN, completion.VARIABLE, password.VARIABLE}
    assert {"NO_COLOR", "FORCE_COLOR"} <= read
    assert {name for name in read if name not in README} == set()


def test_the_docs_name_the_keys_that_rule_files_have() -> None:
    from passlens.scenarios.expect import Expect
    from passlens.scenarios.then import Then
    from passlens.scenarios.when import When

    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    named = {name for row in re.findall(r"^\| (`[^|]+) \|", page, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert named == {*When.model_fields, *Then.model_fields, *Expect.model_fields}
