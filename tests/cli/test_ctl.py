"""``passlens ctl`` as a process, against a real proxy."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from passlens.cli.ctl import exchanges, findings, save
from passlens.cli.ctl_group import Context
from passlens.errors import NoProxyError
from support import warm
from support.controlled import Controlled, controlled
from support.proxy import ROOT

START = (sys.executable, "-m", "passlens", "ctl")
GIVEN = {"mvpd": "Cablevision", "domainName": "example.com", "redirectUrl": "https://example.com/done"}


@pytest.fixture(scope="module")
def stage(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controlled]:
    with controlled(confdir, tmp_path_factory.mktemp("runtime")) as made:
        yield made


def ctl(runtime: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return warm.run([*START, *words], env={**warm.ENVIRONMENT, "XDG_RUNTIME_DIR": str(runtime)})


def test_every_subcommand_does_its_work(stage: Controlled, tmp_path: Path) -> None:
    run = stage.runtime
    assert f"port {stage.proxy.port}" in ctl(run, "status").stdout
    marked = ctl(run, "mark", "first")
    assert re.fullmatch(
        r"Mark first begins behind exchange (\d+): what comes from here on is shown by "
        r"passlens ctl exchanges --mark first, or --since \1\.\n",
        marked.stdout,
    )
    with stage.app() as app:
        code = app.create_session(**GIVEN)["code"]
        assert "127.0.0.1  api" in ctl(run, "devices").stdout
        assert code in ctl(run, "sessions").stdout
        assert "authenticated" in ctl(run, "sign-in", code).stdout
        assert "denied" in ctl(run, "deny", code).stdout
        assert ctl(run, "expire", code).returncode == 0
        assert ctl(run, "sessions").stdout == "no virtual session\n"
    assert f"create-session  200  C1  {code}" in ctl(run, "exchanges", "--operation", "create-session").stdout
    lines = ctl(run, "--json", "exchanges", "--mark", "first").stdout.splitlines()
    assert [json.loads(line)["mark"] for line in lines] == ["first"] * 3
    assert ctl(run, "scenario", "pfs-fallback").stdout == "pfs-fallback for all devices\n"
    assert ctl(run, "scenario", "throttled", "--device", "10.0.0.1").returncode == 0
    left = "throttled for 10.0.0.1 goes on; passlens ctl scenario off --device 10.0.0.1 stops it\n"
    assert ctl(run, "scenario", "off").stdout == left
    assert ctl(run, "scenario", "off", "--device", "10.0.0.1").stdout == "no scenario\n"
    for name in ("seen.mitm", "seen.har", "seen.html"):
        assert ctl(run, "save", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).stat().st_size
    assert ctl(run, "save", str(tmp_path / "no" / "seen.har")).returncode == 4
    number = ctl(run, "--json", "mark", "second").stdout
    assert number.rstrip().isdecimal()
    forgotten = "What was seen is forgotten; what comes from here on is shown by passlens ctl exchanges --since "
    assert ctl(run, "reset").stdout == f"{forgotten}{number.rstrip()}.\n"
    assert ctl(run, "--json", "reset").stdout == number
    assert ctl(run, "exchanges").stdout == "no exchange\n"
    clean = ctl(run, "findings", "--min", "error")
    assert (clean.returncode, clean.stdout) == (0, "no findings\n")


def test_a_finding_is_a_line_and_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    member = {
        "exchange": {"number": 7, "operation": "partner-session"},
        "severity": "warning",
        "code": "PL230",
        "at": "header:X-Device-Info#/osVersion",
        "message": "The required key osVersion is missing.",
    }
    monkeypatch.setattr(Context, "client", SimpleNamespace(findings=lambda minimum: [member]))
    got = CliRunner().invoke(findings, [], obj=Context(None, False), standalone_mode=False)
    assert got.return_value == 1
    line = "7  partner-session  warning PL230 header:X-Device-Info#/osVersion: The required key osVersion is missing."
    assert got.stdout == f"{line}\n"


def test_a_wait_ends_with_what_comes_or_with_status_1(stage: Controlled) -> None:
    ctl(stage.runtime, "reset")
    with stage.app() as app:
        timer = threading.Timer(0.5, lambda: app.create_session(**GIVEN))
        timer.start()
        came = ctl(stage.runtime, "wait", "--operation", "create-session", "--timeout", "20")
        timer.join()
    assert (came.returncode, came.stderr) == (0, "")
    assert "create-session" in came.stdout
    missed = ctl(stage.runtime, "wait", "--operation", "logout", "--timeout", "0.1")
    assert (missed.returncode, missed.stdout) == (1, "")
    assert missed.stderr == "passlens: no exchange with operation logout came within 0.1 s.\n"
    ctl(stage.runtime, "reset")
    assert ctl(stage.runtime, "wait", "--timeout", "0").stderr == "passlens: no exchange came within 0 s.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("scenario", "pfs-fallbak"), "did you mean pfs-fallback?"),
        (("statu",), "did you mean status?"),
        (("sign-in", "NOSUCH1"), "no virtual session"),
        (("exchanges", "--operation", "logot"), "did you mean logout?"),
        (("save", "seen.pcap"), "does not say its format"),
        (("--control", "x", "status"), "no address"),
    ],
)
def test_a_mistake_is_one_sentence_with_status_2(stage: Controlled, words: tuple[str, ...], says: str) -> None:
    done = ctl(stage.runtime, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_proxy_the_status_is_5(tmp_path: Path) -> None:
    done = ctl(tmp_path, "status")
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr == "passlens: No running proxy was found; start one with passlens proxy.\n"


@pytest.mark.parametrize("reveal", [False, True])
def test_a_saved_report_that_reveals_is_its_users_alone(
    reveal: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = SimpleNamespace(recording=lambda form: b"seen", status=lambda: {"reveal": reveal})
    monkeypatch.setattr(Context, "client", client)
    for name, private in (("seen.html", reveal), ("seen.har", False)):
        CliRunner().invoke(save, [str(tmp_path / name)], obj=Context(None, False))
        assert bool((tmp_path / name).stat().st_mode & 0o077) is not private


def test_exchanges_are_followed_to_the_end_of_their_reader(stage: Controlled) -> None:
    environment = {**warm.ENVIRONMENT, "XDG_RUNTIME_DIR": str(stage.runtime)}
    with stage.app():
        """There is something to show."""
    process = warm.start([*START, "exchanges", "--follow"], env=environment, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 0


def test_exchanges_are_followed_to_the_end_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        {"number": number, "operation": "logout", "status": 200, "outcome": "LA-1", "error": None, "code": None}
        | {"injected": None}
        for number in (7, 8)
    ]
    asked: list[int] = []

    def wait_for(since: int, **query: object) -> dict[str, object]:
        asked.append(since)
        if len(asked) > 1:
            raise NoProxyError("It is gone.")
        return entries[1]

    client = SimpleNamespace(exchanges=lambda **query: entries[:1], wait_for=wait_for)
    monkeypatch.setattr(Context, "client", client)
    got = CliRunner().invoke(exchanges, ["--follow"], obj=Context(None, False))
    assert (got.exit_code, got.stderr) == (0, "passlens: the proxy has ended.\n")
    assert got.stdout == "7  logout  200  LA-1\n8  logout  200  LA-1\n"
    assert asked == [7, 8]
