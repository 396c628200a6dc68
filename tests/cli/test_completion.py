"""What a shell gets when it completes a line: words, or that it is to complete files or folders itself."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

from passlens.cli.completion import VARIABLE
from passlens.cli.main import COMMANDS, cli
from support.proxy import ROOT


def completed(*words: str) -> list[str]:
    """The completions of the last word; ``file`` and ``dir`` where the shell is to look itself."""
    *before, last = words
    found = BashComplete(cli, {}, "passlens", VARIABLE).get_completions(before, last)
    return [item.value if item.type == "plain" else item.type for item in found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("che",), ["check"]),
        (("check", "--form"), ["--format"]),
        (("check", "--format", "js"), ["json", "jsonl"]),
        (("check", "tv"), ["file"]),
        (("check", "--select", "pl20"), ["PL201", "PL202", "PL203", "PL204", "PL205", "PL206", "PL207"]),
        (("check", "--select", "PL1xx,PL2x"), ["PL1xx,PL2xx"]),
        (("check", "--expect", "throt"), ["throttled"]),
        (("proxy", "--scenario", "pfs"), ["pfs-fallback", "pfs-fallback.provoke"]),
        (("proxy", "--scenario", "my-rules/x"), ["file"]),
        (("proxy", "--sandbox-world", ""), ["file"]),
        (("archive", "x", "-o", ""), ["dir"]),
        (("ctl", "wa"), ["wait"]),
        (("ctl", "wait", "--operation", "partner"), ["partner-session", "partner-profile"]),
        (("ctl", "scenario", "den"), ["denied"]),
        (("device", "app"), ["apple-tv"]),
        (("explain", "pfs"), ["pfs_fallback"]),
        (("explain", "PL69"), ["PL690", "PL691", "PL692"]),
        (("schema", "wor"), ["world"]),
    ],
)
def test_a_word_is_completed(words: tuple[str, ...], found: list[str]) -> None:
    assert completed(*words) == found


def test_scenarios_of_a_folder_of_ones_own_are_there(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("rules: []\n")
    assert completed("proxy", "--scenario", "mine") == ["file"]
    assert completed("proxy", "--rules", str(tmp_path), "--scenario", "mine") == ["mine"]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_file_and_folder_is_left_to_the_shell(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for parameter in command.params:
        if parameter.metavar in ("FILE", "IN", "OUT", "FILE...", "INPUT...", "FOLDER", "DIR"):
            (item,) = parameter.shell_complete(click.Context(command), "")
            assert item.type == ("dir" if parameter.metavar in ("FOLDER", "DIR") else "file"), parameter.name


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_shell_gets_its_script(shell: str) -> None:
    words = [sys.executable, "-m", "passlens"]
    environment = {**os.environ, VARIABLE: f"{shell}_source"}
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"{VARIABLE}={shell}_complete" in done.stdout
    assert done.stderr == ""
