"""Where the panel is, and that its token is shown on a terminal alone."""

import os
import pty
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from passlens.control.panel.address import is_for_others, panel_url
from passlens.control.runtime_file import Address
from passlens.util.local_address import default_address
from support import warm
from support.controlled import TOKEN
from support.proxy import Proxy, becomes

HERE = default_address()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8084/#made-up"),
        ("192.168.1.20", "http://192.168.1.20:8084/#made-up"),
        ("fd00::1", "http://[fd00::1]:8084/#made-up"),
    ],
)
def test_the_token_stands_in_the_fragment(host: str, url: str) -> None:
    assert panel_url(Address(host, 8084, "made-up")) == url


@pytest.mark.parametrize(("host", "found", "named"), [
    ("0.0.0.0", "192.168.1.20", "192.168.1.20"), ("0.0.0.0", None, "127.0.0.1"), ("::", None, "[::1]"),
])  # fmt: skip
def test_one_that_listens_everywhere_is_named_by_an_address(
    host: str, found: str | None, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("passlens.control.panel.address.default_address", lambda: found)
    assert panel_url(Address(host, 1, "x")) == f"http://{named}:1/#x"


def test_who_can_open_it() -> None:
    assert not is_for_others(Address("127.0.0.1", 1, "x"))
    assert not is_for_others(Address("::1", 1, "x"))
    assert is_for_others(Address("0.0.0.0", 1, "x"))
    assert is_for_others(Address("192.168.1.20", 1, "x"))


@pytest.mark.skipif(HERE is None, reason="this machine has no address in a network")
def test_in_the_network_it_is_open_and_only_a_terminal_shows_the_token(confdir: Path, tmp_path: Path) -> None:
    variables = {"PASSLENS_CONTROL_TOKEN": TOKEN, "XDG_RUNTIME_DIR": str(tmp_path)}
    with Proxy(confdir, command=becomes("--panel", "--control", "0"), scripts=(), environment=variables) as proxy:
        said = proxy.wait_for(rf"panel +http://{HERE}:(\d+)/   \(passlens ctl panel, on a terminal, shows it")
        connection = HTTPConnection(str(HERE), int(said[1]), timeout=60)
        connection.request("GET", "/")
        assert b"<title>passlens panel</title>" in connection.getresponse().read()
        connection.close()
        words = [sys.executable, "-m", "passlens", "ctl", "panel"]
        environment = {**warm.ENVIRONMENT, "XDG_RUNTIME_DIR": str(tmp_path), "PYTHONUTF8": "1"}
        refused = warm.run(words, env=environment)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "shown on a terminal only" in refused.stderr
        shown = on_terminal(words, environment)
        assert f"http://{HERE}:{said[1]}/#{TOKEN}" in shown
        assert "▀" in shown
        assert TOKEN not in proxy.stdout + proxy.stderr


def on_terminal(words: list[str], environment: dict[str, str]) -> str:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        assert process.wait(60) == 0
    os.close(ours)
    return shown.decode()
