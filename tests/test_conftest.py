"""How tests run: what another process reports can be sent, a part of the tests runs here, processes begin warm."""

import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from _pytest.reports import TestReport
from execnet.gateway_base import dumps

from support import warm

CONFTEST = Path(__file__).with_name("conftest.py")


def test_half_a_surrogate_pair_does_not_end_the_run(pytestconfig: pytest.Config) -> None:
    report = TestReport("a", ("a", 1, "a"), {"a": 1}, "failed", "not \udcff", "call", sections=[("out", "\ud800")])
    data = pytestconfig.hook.pytest_report_to_serializable(config=pytestconfig, report=report)
    dumps(data)
    assert (data["longrepr"], data["sections"]) == ("not \\udcff", [("out", "\\ud800")])


def test_only_all_tests_are_spread_over_processors(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytestconfig, "args_source", pytest.Config.ArgsSource.ARGS)
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == 0
    monkeypatch.setattr(pytestconfig, "args_source", pytest.Config.ArgsSource.TESTPATHS)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == 3
    monkeypatch.setenv("PYTEST_XDIST_AUTO_NUM_WORKERS", "7")
    assert pytestconfig.hook.pytest_xdist_auto_num_workers(config=pytestconfig) == 7


def test_only_a_process_that_runs_tests_loads_what_they_need(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("support.fixtures")
    code = f"import runpy, sys; runpy.run_path({str(CONFTEST)!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"hypothesis", "mitmproxy", "passlens"} & set(loaded)


def test_garbage_is_looked_for_but_not_among_the_tests() -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count() > 10_000


def test_a_warm_process_is_a_process_like_any_other(tmp_path: Path) -> None:
    code = "import os, sys; sys.stderr.write(sys.stdin.read()); print(*sys.argv[1:], os.getcwd()); sys.exit(3)"
    got = warm.run([sys.executable, "-c", code, "a b"], cwd=tmp_path, stdin="é".encode())
    assert (got.returncode, got.stdout, got.stderr) == (3, f"a b {tmp_path}\n", "é")
    got = warm.run([sys.executable, "-c", "import os; os.environ['NEW'] = '1'; 1 / 0"])
    assert got.returncode == 1
    assert got.stderr.endswith("ZeroDivisionError: division by zero\n")
    # Nothing of one process is found in the next.
    assert warm.run([sys.executable, "-c", "import os; print(os.environ.get('NEW'))"]).stdout == "None\n"


@pytest.mark.parametrize(
    ("code", "status", "out", "err"),
    [
        ("import sys; sys.exit()", 0, "", ""),
        ("import sys; sys.exit(256 + 7)", 7, "", ""),
        ("import sys; sys.exit('no')", 1, "", "no\n"),
        ("import atexit; atexit.register(print, 'last')", 0, "last\n", ""),
        ("import threading; threading.Timer(0.01, print, ['late']).start()", 0, "late\n", ""),
        ("import os; os.close(1); os.open('/dev/full', os.O_WRONLY); print(1)", 120, "", "No space left on device\n"),
    ],
)
def test_a_warm_process_ends_as_any_other(code: str, status: int, out: str, err: str) -> None:
    for start in (warm.run, from_nothing):
        got = start([sys.executable, "-c", code])
        assert (got.returncode, got.stdout, got.stderr[-len(err) :] if err else got.stderr) == (status, out, err)


def from_nothing(words: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_warm_process_is_ended_by_a_signal(number: signal.Signals) -> None:
    code = "import time; print('ready', flush=True); time.sleep(60)"
    process = warm.start([sys.executable, "-c", code])
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"ready\n"
    assert process.poll() is None
    process.send_signal(number)
    assert process.wait(60) == -number
    assert (b"KeyboardInterrupt" in process.stderr.read()) == (number == signal.SIGINT)
    process.stdout.close()
    process.stderr.close()


def test_warm_processes_start_from_several_threads() -> None:
    assert warm.run([sys.executable, "-c", ""]).returncode == 0

    def count(letters: int) -> str:
        return warm.run([sys.executable, "-c", "import sys; print(len(sys.argv[1]))", "x" * letters]).stdout

    # An order as long as that is not written at one go.
    sizes = range(100_000, 100_024)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, sizes)) == [f"{size}\n" for size in sizes]


def test_a_warm_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.1)


def test_the_checkout_is_tested_also_where_another_passlens_is_installed(tmp_path: Path) -> None:
    (tmp_path / "passlens").mkdir()
    (tmp_path / "passlens" / "__init__.py").write_text("raise SystemExit('not this one')", "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/util/test_json_strings.py"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(words, cwd=warm.ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_tests_that_start_processes_are_marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("processes")
