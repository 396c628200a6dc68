"""Whether the proxy runs and is reached, with each cause made."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from passlens.device.doctor import reach
from passlens.device.doctor.diagnosis import Examined
from passlens.device.doctor.probe import ProbeResult
from passlens.device.doctor.reach import address, running
from passlens.device.link import ProxyStatus
from passlens.util.local_address import default_address
from support.proxy import Proxy
from support.running import Running
from support.upstream import Upstream


def given(port: int, at: str = "127.0.0.1", passlens: Running | None = None) -> Examined:
    return Examined(at, port, Path(), "sp.auth.adobe.com", passlens)


@pytest.fixture
def free() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as passing:
        return int(passing.getsockname()[1])


@pytest.fixture
def dropping() -> Iterator[int]:
    """A port that drops every connection, as behind a firewall: its queue is full."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(8)]
        for one in waiting:
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(full.getsockname())
        yield int(full.getsockname()[1])
        for one in waiting:
            one.close()


def test_a_running_passlens_is_well(proxy: Callable[..., Proxy]) -> None:
    port = proxy().port
    assert running(given(port, passlens=Running())).state == "ok"
    assert address(given(port, passlens=Running())).state == "ok"


def test_a_proxy_that_does_not_run(free: int) -> None:
    diagnosis = running(given(free))
    assert (diagnosis.state, diagnosis.what) == ("wrong", f"no proxy listens on port {free}")
    assert diagnosis.todo == f"start it: passlens proxy --port {free}"
    assert address(given(free)).state == "unknown"
    elsewhere = running(given(free, passlens=Running(says=ProxyStatus(9191)))).todo
    start = f"passlens proxy --port {free}"
    assert elsewhere == f"passlens runs on port 9191: give the device that one, or start another: {start}"


def test_a_mitmproxy_without_passlens(proxy: Callable[..., Proxy]) -> None:
    diagnosis = running(given(proxy(scripts=[]).port))
    assert diagnosis.state == "unknown"
    assert "no control API of passlens" in diagnosis.what


def test_a_port_taken_by_another_program_is_named_with_it(upstream: Upstream) -> None:
    diagnosis = running(given(upstream.plain_port))
    assert diagnosis.state == "wrong"
    assert f"port {upstream.plain_port} is taken by " in diagnosis.what
    assert f"process {os.getpid()}" in diagnosis.what
    assert f"passlens proxy --port {upstream.plain_port + 1}" in diagnosis.todo


def test_a_proxy_that_listens_on_this_machine_only(proxy: Callable[..., Proxy]) -> None:
    port = proxy(listen_host="127.0.0.1").port
    diagnosis = address(given(port, at="::1"))
    assert (diagnosis.state, diagnosis.what) == (
        "wrong",
        f"the proxy listens on this machine only, not at ::1 port {port}",
    )
    assert "--listen-host" in diagnosis.todo
    assert running(given(port, at="::1", passlens=Running())).state == "ok"


def test_an_address_that_is_none_of_this_machine(proxy: Callable[..., Proxy]) -> None:
    diagnosis = address(given(proxy().port, at="198.51.100.7"))
    assert diagnosis.state == "wrong"
    assert "198.51.100.7 is no address of this machine, which has " in diagnosis.what
    if (mine := default_address()) is not None:
        assert mine in diagnosis.what


def test_a_firewall_that_drops_connections(dropping: int) -> None:
    diagnosis = address(given(dropping))
    assert diagnosis.state == "wrong"
    assert "a firewall drops it" in diagnosis.what


def test_a_proxy_that_hangs_up_on_the_address(proxy: Callable[..., Proxy]) -> None:
    """block_global and block_private hang up alike; a machine in a private network can only make the second."""
    mine = default_address()
    assert mine is not None, "this test needs a machine with a network"
    port = proxy(listen_host="", block_private=True, block_global=True).port
    diagnosis = address(given(port, at=mine))
    assert diagnosis.state == "wrong"
    assert "hangs up on clients with " in diagnosis.what
    assert diagnosis.todo.startswith("start it with passlens proxy -- --set block_")
    assert running(given(port, at=mine, passlens=Running())).state == "ok"


@pytest.mark.parametrize(
    ("at", "option"), [("198.18.7.1", "block_private"), ("8.8.8.8", "block_global"), ("2001:4860::1", "block_global")]
)
def test_a_proxy_that_hangs_up_names_the_option(at: str, option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"127.0.0.1": ProbeResult("mitmproxy", "12.3.1"), at: ProbeResult("hung-up")}
    monkeypatch.setattr(reach, "ask", lambda address, port: answers[address])
    diagnosis = address(given(8080, at=at))
    assert f"({option})" in diagnosis.what
    assert f"--set {option}=false" in diagnosis.todo


def test_a_machine_without_a_network(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(reach, "local_addresses", list)
    diagnosis = address(given(free))
    assert diagnosis.what == "this machine has no address that a device could reach"
