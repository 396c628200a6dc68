"""The pytest plugin: the fixture ``passlens``, a running proxy that is reset for each test (docs/ui-tests.md).
Everything but pytest is imported when the fixture is first asked for: who does not use it pays nothing."""

import re
import shlex
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from passlens.testing.fixture import Passlens
    from passlens.testing.proxy_process import ProxyProcess

_MARKER: Final = (
    "passlens(scenario=None, sandbox=False): what the fixture passlens runs for this test: a scenario by its name, and "
    "whether the API is answered without a server (True, or the path of a world)"
)
_FIRST_WITHIN: Final = 90.0
"""Seconds that other workers wait for the first one's certificate authority."""

_used = pytest.StashKey[tuple["Passlens", pytest.TempPathFactory]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two settings for the configuration file."""
    parser.addini("passlens_arguments", "Further arguments of passlens proxy.", default="")
    parser.addini("passlens_confdir", "The folder of mitmproxy's certificate authority.", default="~/.mitmproxy")


def pytest_configure(config: pytest.Config) -> None:
    """The marker, for --strict-markers."""
    config.addinivalue_line("markers", _MARKER)


class _Proxies:
    """The proxies of one pytest process, each started when a test first asks for it: one without a sandbox, one for
    each kind of sandbox. One that has ended is started again."""

    def __init__(self, config: pytest.Config, factory: pytest.TempPathFactory) -> None:
        self.factory = factory
        self._arguments = shlex.split(str(config.getini("passlens_arguments")))
        self._confdir = Path(str(config.getini("passlens_confdir"))).expanduser()
        # Workers of pytest-xdist have folders beside each other.
        base = factory.getbasetemp()
        self._shared = base.parent if hasattr(config, "workerinput") else base
        self._running: dict[bool | str, ProxyProcess] = {}

    def get(self, sandbox: bool | str) -> "ProxyProcess":
        """The running proxy with this sandbox."""
        found = self._running.get(sandbox)
        if found is None or not found.runs:
            found = self._running[sandbox] = self._start(sandbox)
        return found

    def _start(self, sandbox: bool | str) -> "ProxyProcess":
        from passlens.testing.proxy_process import ProxyProcess

        wanted = ["--sandbox"] if sandbox is True else ["--sandbox-world", sandbox] if sandbox else []
        turn = self._shared / "passlens-first"
        first = self._takes_turn(turn)
        try:
            made = ProxyProcess(self.factory.mktemp("passlens-proxy"), self._confdir, [*wanted, *self._arguments])
        except BaseException:
            if first:
                turn.rmdir()  # the turn of whoever tries next
            raise
        if first:
            (turn / "done").touch()
        return made

    def _takes_turn(self, turn: Path) -> bool:
        """Whether this is the process whose proxy makes the certificate authority; others wait until that is whole."""
        deadline = time.monotonic() + _FIRST_WITHIN
        while not (turn / "done").exists() and time.monotonic() < deadline:
            if not turn.exists() and (self._confdir / "mitmproxy-ca.pem").exists():
                break
            try:
                turn.mkdir()
            except FileExistsError:
                time.sleep(0.05)
            else:
                return True
        return False

    def close(self) -> None:
        """End them all."""
        for process in self._running.values():
            process.close()


@pytest.fixture(scope="session")
def _passlens_proxies(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Proxies]:
    made = _Proxies(pytestconfig, tmp_path_factory)
    yield made
    made.close()


@pytest.fixture
def passlens(request: pytest.FixtureRequest, _passlens_proxies: _Proxies) -> "Passlens":
    """A running passlens proxy that has seen nothing yet, with the scenario and sandbox of the test's marker."""
    from passlens.errors import PasslensError
    from passlens.testing.fixture import Passlens

    scenario, sandbox = _wanted(request.node)
    try:
        made = Passlens(_passlens_proxies.get(sandbox), request.node.nodeid)
        request.node.stash[_used] = made, _passlens_proxies.factory
        made.begin(scenario)
    except PasslensError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    return made


def _wanted(node: pytest.Item) -> tuple[str | None, bool | str]:
    """Scenario and sandbox of the test's markers; the nearest one that names something wins."""
    given: dict[str, object] = {}
    for marker in node.iter_markers("passlens"):
        given = {**marker.kwargs, **given}
        if marker.args or set(marker.kwargs) - {"scenario", "sandbox"}:
            pytest.fail("The marker passlens takes scenario= and sandbox= by their names, nothing else.", pytrace=False)
    scenario, sandbox = given.get("scenario"), given.get("sandbox", False)
    return None if scenario is None else str(scenario), sandbox if isinstance(sandbox, bool) else str(sandbox)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a failing test exchanged, and keep it."""
    report = yield
    if _used in item.stash and report.failed and report.when != "teardown":
        used, factory = item.stash[_used]
        name = re.sub(r"\W+", "-", item.name)[:40]
        report.sections += used.evidence(factory.mktemp(f"passlens-{name}"))
    return report
