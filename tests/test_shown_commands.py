"""Every command that README, docs and help show is run as a newcomer would type it, in a folder that has the files it
names. It must do its work (status 0, or 1 for findings and differences) and leave nothing but what it says."""

import contextlib
import gzip
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import forge
from passlens.cli.main import COMMANDS, cli
from support import warm
from support.proxy import PATIENCE, ROOT

RECORDINGS = ROOT / "tests" / "recordings"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "rules").glob("*.md")])

NOT_RUN = {
    "python3 -m venv --clear .venv && .venv/bin/pip install -q . && .venv/bin/passlens demo": ".ci/run types it",
    "python3 -m venv --clear .venv && .venv/bin/pip install -q -U pip && .venv/bin/pip install -q -e . --group dev"
    " && .venv/bin/pytest": "these are the tests; .ci/run types it",
    "passlens demo": "takes its time; tests/demo/test_run.py runs it",
    "passlens demo --panel": "the same; tests/demo/test_panel.py runs it",
    "uv run python bench/run.py": "takes minutes; tests/test_bench.py runs it on a small scale",
    "uv run python bench/run.py proxy script": "the same",
    "passlens device apple-tv --ssid YOUR-WIFI": "waits for a device; tests/cli/test_device.py plays one",
    "passlens device apple-tv --certificate-only": "the same",
    "passlens device iphone --ssid YOUR-WIFI": "the same",
    "passlens device apple-tv": "the same; it stands in a list of commands",
    "passlens archive s3://lab/nightly/ -o archive --scheduler tcp://lab:8786": "needs a cluster;"
    " tests/runner/archive/ has one",
    "passlens conformance --sandbox --drive 'pytest ui/' --output junit=ui.xml": "needs UI tests;"
    " tests/test_conformance.py has a scripted app",
    **{
        f"passlens conformance {words}": "waits for a tester or a UI test; tests/test_conformance.py plays both"
        for words in (
            "--sandbox --output html=report.html",
            "--only pfs-fallback --only denied",
            "--sandbox --drive 'pytest ui/' --output junit=conformance.xml",
        )
    },
    "passlens doctor": "its status depends on the machine; tests/cli/test_doctor.py runs it",
    **{
        f"passlens ctl {words}": "needs a running proxy; tests/cli/test_ctl.py runs it"
        for words in (
            "status",
            "scenario pfs-fallback",
            "wait --operation partner-session --outcome P3 --timeout 30",
            "findings --min warning",
            "scenario off",
            "exchanges --follow",
            "save seen.har",
            "sign-in CODE",
        )
    },
    "passlens proxy --panel": "needs an address in a network; tests/control/panel/test_address.py runs it",
    "passlens ctl panel": "shows something on a terminal only; the same",
    "pip install '.[archive]'": "changes the Python of whoever runs the tests",
    "passlens archive s3://lab/nightly/ -o archive": "needs a bucket; tests/runner/archive/test_inputs.py has one",
    "dask scheduler": "runs until it is stopped; tests/runner/archive/test_cluster.py has one",
    "dask worker tcp://10.0.0.5:8786 --nworkers auto --nthreads 1": "the same",
    "passlens archive s3://lab/nightly/ -o archive --scheduler tcp://10.0.0.5:8786": "the same",
    "pipx install .": "changes the tools of whoever runs the tests; .ci/run installs the package",
}
"""Commands that are not run here, and why."""

NAMED = {"X": "throttled", "OLD": "old.mitm", "NEW": "new.mitm", "NAME": "throttled", "FILE": "my-rules/mine.yaml"}
"""What stands for something else in the help."""


def in_pages() -> list[str]:
    blocks = (found for page in PAGES for found in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.S))
    lines = (line.partition("  #")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def in_help() -> list[str]:
    """Indented lines of the help that begin with a command; what stands after two blanks says what it does."""
    texts = [cli.help or ""]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        texts += [command.help or "", command.epilog or ""]
    lines = (line.strip() for text in texts for line in text.splitlines())
    shown = (re.split(r" {2,}", line)[0] for line in lines)
    return [line for line in shown if re.match(r"(?:passlens [a-z-]|mitmdump |gunzip )", line)]


SHOWN = list(dict.fromkeys([*in_pages(), *in_help()]))
RUN = [line for line in SHOWN if line not in NOT_RUN]


@pytest.fixture(scope="module")
def template(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the commands name, and a folder with the command itself."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(confdir, folder / ".mitmproxy")
    for suffix, names in {
        ".mitm": ("tv", "old", "new", "before", "after", "yesterday", "today", "new-app", "fallback"),
        ".har": ("session", "before", "old-app"),
    }.items():
        for name in names:
            shutil.copy(RECORDINGS / f"apple-tv{suffix}", folder / f"{name}{suffix}")
    (folder / "recordings").mkdir()
    shutil.copy(RECORDINGS / "apple-tv.har", folder / "recordings")
    (folder / "tv.mitm.gz").write_bytes(gzip.compress((RECORDINGS / "apple-tv.mitm").read_bytes()))
    (folder / "value.txt").write_text(forge.partner_status())
    (folder / "my-rules").mkdir()
    shutil.copy(ROOT / "rules" / "throttled.yaml", folder / "my-rules" / "mine.yaml")
    (world,) = re.findall(r"## A world\n\n```yaml\n(.*?)```", (ROOT / "docs" / "sandbox.md").read_text("utf-8"), re.S)
    (folder / "world.yaml").write_text(world)
    made = warm.run([*warm.PASSLENS, "check", "tv.mitm", "--write-baseline", "known.json"], cwd=folder)
    assert made.returncode == 0, made.stderr
    shutil.copy(folder / "known.json", folder / "passlens-baseline.json")
    programs = folder / "bin"
    programs.mkdir()
    dump = "-c 'from mitmproxy.tools.main import mitmdump; mitmdump()'"
    for name, words in {"passlens": "-m passlens", "mitmdump": dump}.items():
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (programs / name).chmod(0o755)
    return folder


def environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join((str(folder / "bin"), os.environ["PATH"]))
    return {**warm.ENVIRONMENT, "PATH": path, "HOME": str(folder)}


STARTS = {
    "mitmdump": "from mitmproxy.tools.main import mitmdump; mitmdump()",
    "passlens": """
import os, sys

def execve(path, words, environment):
    os.environ.update(environment)
    sys.argv = ["-c", *words[4:]]
    exec(compile(words[3], "<string>", "exec"), {})

os.execve = execve
from passlens.cli.main import main; main()
""",
}
"""What a command does, in a process that has loaded it already; tests/proxy/test_launch.py starts one from nothing."""


def with_names(line: str) -> str:
    return re.sub(r"\b[A-Z]+\b(?!-)", lambda found: NAMED.get(found[0], found[0]), line)


def serves(line: str) -> bool:
    """True for a command that runs until it is stopped."""
    return line.startswith(("passlens proxy", "mitmdump "))


def typed(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a line as a shell does; where there is nothing for a shell in it, without one."""
    environ, words = environment(folder), shlex.split(line)
    if words[0] == "passlens" and not re.search(r"[|&;<>$*?~`]", line):
        return warm.run([*warm.PASSLENS, *words[1:]], cwd=folder, env=environ | {"PYTHONPATH": str(ROOT / "addons")})
    shell = ["bash", "-o", "pipefail", "-c", line]
    return subprocess.run(shell, cwd=folder, env=environ, capture_output=True, text=True, timeout=2 * PATIENCE)


@pytest.mark.parametrize("line", [line for line in RUN if not serves(line)])
def test_a_command_that_is_shown_does_its_work(line: str, template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    shutil.copytree(template, folder)
    done = typed(with_names(line), folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert done.stdout or ">" in line
    assert not re.search("Traceback|^passlens: ", done.stderr, re.M), done.stderr
    left = {path.name for path in folder.iterdir()} - {path.name for path in template.iterdir()}
    assert all(re.search(rf"(?:^|[ =]){re.escape(name)}(?: |$)", line) for name in left), left


@pytest.mark.skipif(not warm.CAN_FORK, reason="processes cannot be forked here")
@pytest.mark.parametrize("line", [line for line in RUN if serves(line)])
def test_a_proxy_that_is_shown_listens_until_it_is_stopped(line: str, template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    shutil.copytree(template, folder)
    words = shlex.split(with_names(line), comments=True)
    more = ["--listen-host", "127.0.0.1", "--listen-port", "0"]
    more += ["--no-web-open-browser", "--web-port", "0"] if "web" in words else []
    own = words[0] == "passlens" and "--" not in words
    output = tmp_path / "output"
    with output.open("wb") as out, open(os.devnull, "rb") as nothing:
        process = warm.Process(
            [sys.executable, "-u", "-c", STARTS[words[0]], *words[1:], *(["--"] if own else []), *more],
            {**environment(folder), "PYTHONPATH": str(ROOT / "addons")},
            folder,
            [nothing.fileno(), out.fileno(), out.fileno()],
        )
    try:
        end = time.monotonic() + PATIENCE
        while "listening at" not in output.read_text() and process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        assert "listening at" in output.read_text(), output.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0, output.read_text()
    finally:
        process.kill()
        process.wait()
    assert "Traceback" not in output.read_text()


def test_the_commands_are_found_and_each_exception_is_shown_somewhere() -> None:
    assert {name for line in SHOWN for name in re.findall(r"\bpasslens ([a-z]+)", line)} >= {
        "check", "convert", "decode", "demo", "diff", "explain", "proxy", "rewrite", "scenarios", "schema", "scrub",
    }  # fmt: skip
    assert set(NOT_RUN) <= set(SHOWN)
    assert len(RUN) > 40
