"""The stage that all tests of faults share: one mitmdump with the addon, before a server of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import clock, holding
from support.proxy import Proxy
from support.stage import REMOTE, Remote
from support.trouble import ReadError, TroubledApi

SCRIPTS = [word for script in (str(REMOTE), clock.__file__, holding.__file__) for word in ("-s", script)]


@pytest.fixture(scope="session")
def trouble(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadError]:
    """A proxy that goes on whatever happens."""
    folder = tmp_path_factory.mktemp("trouble")
    (folder / "rules").mkdir()
    options = {"passlens_log": folder / "log.jsonl", "passlens_rules": folder / "rules", "flow_detail": 0}
    with TroubledApi() as api, Proxy(confdir, *SCRIPTS, upstream=api, **options) as proxy:
        yield ReadError(proxy, api, Remote(proxy), folder / "log.jsonl", folder / "rules")
    assert "Traceback" not in proxy.stdout + proxy.stderr
