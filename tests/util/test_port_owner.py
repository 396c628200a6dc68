"""Which program listens on a port."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from passlens.util.port_owner import port_owner, read_lsof


def test_the_program_that_listens_is_named_with_its_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mine:
        owner = port_owner(mine.getsockname()[1])
    assert owner is not None
    assert owner.endswith(f"(process {os.getpid()})")


def test_so_it_is_on_ipv6() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as mine:
        assert f"process {os.getpid()}" in (port_owner(mine.getsockname()[1]) or "")


def test_a_connection_is_no_listener(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mine, socket.create_connection(mine.getsockname()) as client:
        assert port_owner(client.getsockname()[1]) is None


def test_lsof_has_five_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS has no /proc; its lsof waits for file servers that are gone."""
    given = []

    def run(command: list[str], *, timeout: float, **_: object) -> object:
        given.append((command, timeout))
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(subprocess, "run", run)
    assert port_owner(8080, tmp_path) is None
    assert given == [(["/usr/sbin/lsof", "-nP", "-iTCP:8080", "-sTCP:LISTEN", "-Fpc"], 5.0)]


def test_what_lsof_prints_is_read() -> None:
    assert read_lsof("p812\ncnginx: master\nf6\np900\ncother\nf3\n") == "nginx: master (process 812)"
    assert read_lsof("") is None
