"""``passlens conformance`` as it is used: a scripted app passes it, one with six faults fails exactly those six, and
one that does nothing or crashes is never met; it is stopped and gone on with, by keys and by Ctrl-C."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from passlens.scenarios.library import shipped
from support import conforming_app, warm
from support.proxy import PATIENCE
from support.short_times import shortened
from support.terminal import OnTerminal

APP = Path(conforming_app.__file__)
FAULTS = ("code-expired", "degraded-denied", "denied", "pfs-fallback", "server-error", "throttled")
"""Polls on, signs in again, asks again, asks the partner again, repeats at once, does not wait."""

NAMES = sorted(path.stem for path in shipped().glob("*.yaml"))
"""All are in the folder of the user's rules, so that the provoking ones are among them."""


@dataclass
class Ran:
    """One run that has ended."""

    folder: Path
    status: int
    out: str
    err: str

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each scenario, as the JUnit report has it."""
        suite = ElementTree.parse(self.folder / "report.xml").getroot()[0]
        found = {}
        for case in suite:
            kinds = {part.tag: part.get("message", "") for part in case}
            skipped = kinds.get("skipped", "").partition(":")[0]
            found[str(case.get("name"))] = "not met" if "failure" in kinds else skipped or "met"
        return found


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shortened(tmp_path_factory.mktemp("rules"))


def words(folder: Path, confdir: Path, rules: Path, *more: str) -> list[str]:
    return [
        *warm.PASSLENS, "conformance", "--sandbox", "--rules", str(rules), "--confdir", str(confdir), "--state",
        str(folder / "state.json"), "--output", f"html={folder / 'report.html'}", "--output",
        f"junit={folder / 'report.xml'}", "--app", "DemoTV 4.2", *more,
    ]  # fmt: skip


def drive(folder: Path, confdir: Path, rules: Path, app: str, *more: str) -> Ran:
    command = shlex.join([sys.executable, str(APP), *app.split()])
    given = words(folder, confdir, rules, "--drive", command, *more)
    got = warm.run(given, timeout=PATIENCE * 3)
    return Ran(folder, got.returncode, got.stdout, got.stderr)


def only(*names: str) -> list[str]:
    return [word for name in names for word in ("--only", name)]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory, confdir: Path, rules: Path) -> Ran:
    return drive(tmp_path_factory.mktemp("faulty"), confdir, rules, " ".join(FAULTS))


def test_an_app_with_six_faults_fails_exactly_those_six(faulty: Ran) -> None:
    assert faulty.status == 1, faulty.out + faulty.err
    assert faulty.verdicts == {name: "not met" if name in FAULTS else "met" for name in NAMES}
    assert f"{len(NAMES)} scenarios: 6 not met, {len(NAMES) - 6} met" in faulty.out


def test_the_report_names_app_device_versions_and_evidence(faulty: Ran) -> None:
    page = (faulty.folder / "report.html").read_text("ascii")
    for text in ("DemoTV 4.2", "SetTopBox, AppleTV, tvOS 18.5, WiFi", "Not as expected in 6 scenarios", "mitmproxy"):
        assert text in page
    assert page.count("shows it</span>") >= 6
    assert "Bearer" not in page
    assert not (faulty.folder / "state.json").exists()


def test_an_app_without_these_faults_passes(tmp_path: Path, confdir: Path, rules: Path) -> None:
    ran = drive(tmp_path, confdir, rules, "", *only(*FAULTS))
    assert (ran.status, set(ran.verdicts.values())) == (0, {"met"}), ran.out + ran.err
    assert "The app reacts as expected" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize("app", ["idle", "crash"])
def test_an_app_that_does_nothing_or_crashes_is_never_met(tmp_path: Path, confdir: Path, rules: Path, app: str) -> None:
    ran = drive(tmp_path, confdir, rules, app, *only("pfs-fallback", "denied"))
    assert (ran.status, set(ran.verdicts.values())) == (2, {"not exercised"}), ran.out + ran.err
    assert ("the command was ended by SIGKILL" in ran.out + (tmp_path / "report.xml").read_text()) is (app == "crash")


def test_a_run_is_stopped_by_a_key_and_gone_on_with(tmp_path: Path, confdir: Path, rules: Path) -> None:
    given = words(tmp_path, confdir, rules, *only("denied", "pfs-fallback", "temporary"), "--port", str(free_port()))
    first = warm.run(given, stdin=b"s\nq\n")
    assert first.returncode == 130, first.stdout + first.stderr
    assert "  verdict   skipped" in first.stdout
    kept = json.loads((tmp_path / "state.json").read_text())["run"]["results"]
    assert list(kept) == ["denied"]
    assert "to go" in (tmp_path / "report.html").read_text()
    second = drive(tmp_path, confdir, rules, "", *only("denied", "pfs-fallback", "temporary"))
    assert "1 of 3 scenarios were decided before" in second.out
    assert second.verdicts == {"denied": "skipped", "pfs-fallback": "met", "temporary": "met"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_keeps_the_run_and_ends_the_proxy(
    tmp_path: Path, confdir: Path, rules: Path, number: signal.Signals, status: int
) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip(f"{number.name} is ignored here")
    command = shlex.join([sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"])
    given = words(tmp_path, confdir, rules, "--drive", command, *only("denied"))
    process = subprocess.Popen(
        given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=warm.ENVIRONMENT, start_new_session=True
    )
    assert process.stderr is not None
    assert process.stderr.readline().strip() == "here"
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == status, out + err
    assert "the same command goes on" in out
    assert "Traceback" not in err
    assert (tmp_path / "state.json").exists()
    assert "to go" in (tmp_path / "report.html").read_text()


def test_a_terminal_that_is_closed_keeps_the_run_and_writes_its_reports(
    tmp_path: Path, confdir: Path, rules: Path
) -> None:
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        pytest.skip("SIGHUP is ignored here")
    given = words(tmp_path, confdir, rules, *only("denied"), "--port", str(free_port()))
    with OnTerminal(given, warm.ENVIRONMENT) as run:
        run.until(lambda: b"q: stop" in run.shown)
        assert run.close() == 129
    assert (tmp_path / "state.json").exists()
    assert "to go" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--only", "pfs-fallbck"], "did you mean pfs-fallback"),
        (["--output", "sarif=x"], "this command writes html and junit, not sarif."),
        (["--drive", "no-such-program"], "no-such-program cannot be run"),
        (["--drive", "'"], "cannot be taken apart"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, confdir: Path, rules: Path, more: list[str], said: str) -> None:
    given = words(tmp_path, confdir, rules, *more)
    got = warm.run(given)
    assert got.returncode == 2, got.stdout + got.stderr
    assert said in got.stderr
    assert "Traceback" not in got.stderr
