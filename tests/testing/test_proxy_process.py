"""A proxy for tests: its command, and what is said where it does not start."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from passlens.errors import NoProxyError
from passlens.testing.proxy_process import ProxyProcess, _words
from support.pipes import PATIENCE
from support.warm import ENVIRONMENT


def after_proxy(*arguments: str) -> str:
    words = _words(Path("/confdir"), arguments)
    return " ".join(words[words.index("proxy") + 1 :])


def test_mitmproxys_own_arguments_stand_last_and_win() -> None:
    place = "--listen-host 127.0.0.1 --listen-port 0 --set confdir=/confdir"
    assert after_proxy() == f"--end-with-input --control 127.0.0.1:0 -- {place}"
    assert after_proxy("--sandbox", "--", "--mode", "local:App") == (
        f"--end-with-input --control 127.0.0.1:0 --sandbox -- {place} --mode local:App"
    )


@pytest.mark.parametrize("port", [("--port", "8080"), ("--port=8080",)])
def test_a_port_that_is_given_is_taken(port: tuple[str, ...]) -> None:
    assert "--listen-port" not in after_proxy(*port)


def test_one_that_does_not_start_says_why(tmp_path: Path) -> None:
    words = r"^The proxy did not start \(status 2\): passlens: there is no option --sandbx; did you mean --sandbox\?$"
    with pytest.raises(NoProxyError, match=words):
        ProxyProcess(tmp_path, tmp_path, ["--sandbx"])


def test_one_whose_tests_are_killed_ends_by_itself(tmp_path: Path) -> None:
    words = (
        "import sys, time; from pathlib import Path; from passlens.testing.proxy_process import ProxyProcess\n"
        "folder = Path(sys.argv[1]); proxy = ProxyProcess(folder, folder)\n"
        "print(proxy.port, flush=True); time.sleep(600)"
    )
    tests = subprocess.Popen([sys.executable, "-c", words, str(tmp_path)], env=ENVIRONMENT, stdout=subprocess.PIPE)
    with tests:
        assert tests.stdout is not None
        port = int(tests.stdout.readline())
        tests.kill()
    deadline = time.monotonic() + PATIENCE
    while listens(port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
