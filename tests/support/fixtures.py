"""What every process that runs tests has: fixtures for real processes (a certificate folder, a local upstream, proxies
in front of it), examples of property tests, and the mark of tests that start processes."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from mitmproxy.certs import CertStore
from mitmproxy.options import CONF_BASENAME, KEY_SIZE

from support import warm
from support.proxy import Proxy
from support.upstream import Upstream

# Machines differ in speed; a test is wrong for what it finds, not for how long the example took.
settings.register_profile("passlens", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
# For an hour to spare: pytest --hypothesis-profile=thorough.
settings.register_profile("thorough", settings.get_profile("passlens"), max_examples=2_000)
settings.load_profile("passlens")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests whose file starts processes: what they see depends on mitmproxy's release most of all."""
    starters = (warm, subprocess, Proxy, warm.run, warm.start)
    for item in items:
        values = vars(item.module).values() if isinstance(item, pytest.Function) else ()
        starts = any(value is starter for value in values for starter in starters)
        if starts or {"proxy", "confdir"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("processes")


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
