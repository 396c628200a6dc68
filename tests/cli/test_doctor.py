"""``passlens doctor`` as a process."""

import socket
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.cli import doctor as command
from passlens.device.doctor.diagnosis import Examined
from support import warm

START = (sys.executable, "-m", "passlens", "doctor")


def test_without_a_proxy_it_says_so_with_status_5(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    done = warm.run([*START, "--port", str(port)], env={**warm.ENVIRONMENT, "HOME": str(tmp_path)})
    assert done.returncode == 5, done.stdout + done.stderr
    assert f"WRONG  proxy         no proxy listens on port {port}" in done.stdout
    assert f"do: start it: passlens proxy --port {port}" in done.stdout
    assert "there is no certificate authority" in done.stdout
    assert done.stderr == ""


def test_what_is_tried_is_the_production_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried: list[Examined] = []
    monkeypatch.setattr(command, "examine", lambda given, out: tried.append(given) or 0)
    done = CliRunner().invoke(command.doctor, ["--address", "127.0.0.1", "--port", "8081", "--confdir", str(tmp_path)])
    assert done.exception is None
    assert [(given.host, given.address, given.port, given.folder) for given in tried] == [
        ("sp.auth.adobe.com", "127.0.0.1", 8081, tmp_path)
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--port", "65536"), "a port is a number from 1 to 65535"),
        (("--address", "no such host"), "--address"),
        (("--prot", "1"), "did you mean --port?"),
    ],
)
def test_a_mistake_is_one_sentence(words: tuple[str, ...], says: str) -> None:
    done = warm.run([*START, *words])
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
