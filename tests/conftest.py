"""How tests run: the spread over processors, what each process loads, and reasons for what is skipped."""

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

if sys.dont_write_bytecode:
    # Else each process that is started here compiles a thousand files anew. Nothing is written beside the sources.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """All tests are spread over the processors, and one process more, for many wait; a few are sooner done in this
    process."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Load what tests need, which takes seconds; the process that only hands them to others does without."""
    if config.option.collectonly or config.getoption("dist") == "no":
        config.pluginmanager.import_plugin("support.fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and leave what was collected out of later rounds: thousands of tests stay to
    the end, and each round would go through all of them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
    """A report from another process may hold half a surrogate pair, which no UTF-8 can carry; it is shown escaped."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_sendable(key): _sendable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_sendable(one) for one in value)
    return value


_WITHOUT_REASON: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A skipped test has to say why, in words."""
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if len(reason.split()) < 3 or reason == "unconditional skip":
            _WITHOUT_REASON.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which a test was skipped without a reason."""
    if _WITHOUT_REASON:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were skipped without a reason."""
    for name in _WITHOUT_REASON:
        terminalreporter.write_line(f"SKIPPED WITHOUT A WRITTEN REASON {name}", red=True)
