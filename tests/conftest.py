"""How tests run: fixtures for real processes (a certificate folder, a local upstream, proxies in front of it), examples
of property tests, the spread over processors, and reasons for what is skipped."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from mitmproxy.certs import CertStore
from mitmproxy.options import CONF_BASENAME, KEY_SIZE

from support import warm
from support.proxy import Proxy
from support.upstream import Upstream

if sys.dont_write_bytecode:
    # Else each process that is started here compiles a thousand files anew. Nothing is written beside the sources.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Machines differ in speed; a test is wrong for what it finds, not for how long the example took.
settings.register_profile("passlens", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
# For an hour to spare: pytest --hypothesis-profile=thorough.
settings.register_profile("thorough", settings.get_profile("passlens"), max_examples=2_000)
settings.load_profile("passlens")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """All tests are spread over the processors, and one process more, for many wait; a few are sooner done in this
    process."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else (os.cpu_count() or 1) + 1


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests whose file starts processes: what they see depends on mitmproxy's release most of all."""
    starters = (warm, subprocess, Proxy, warm.run, warm.start)
    for item in items:
        values = vars(item.module).values() if isinstance(item, pytest.Function) else ()
        starts = any(value is starter for value in values for starter in starters)
        if starts or {"proxy", "confdir"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("processes")


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


@pytest.fixture(scope="session", autouse=True)
def _runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Proxies of the tests write where their control API is into a folder of their own, not into the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield


@pytest.fixture(scope="session")
def confdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """mitmproxy's configuration folder, shared so that its certificate authority is made once."""
    folder = tmp_path_factory.mktemp("confdir")
    CertStore.from_store(folder, CONF_BASENAME, KEY_SIZE)
    return folder


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """A local upstream without answers."""
    with Upstream() as running:
        yield running


@pytest.fixture
def proxy(confdir: Path, upstream: Upstream) -> Iterator[Callable[..., Proxy]]:
    """``proxy(passlens_log=…)`` starts a mitmdump with the addon in front of the upstream; it ends with the test."""
    with ExitStack() as stack:

        def start(*arguments: str, **options: object) -> Proxy:
            made = Proxy(confdir, *arguments, upstream=upstream, **options)  # type: ignore[arg-type]
            return stack.enter_context(made)

        yield start


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
