"""Who listens on a port."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from mitmproxy import version

from passlens.device.doctor.probe import ask
from support.proxy import Proxy
from support.upstream import Upstream

SHORT = 0.5


def test_a_mitmproxy_tells_its_version(proxy: Callable[..., Proxy]) -> None:
    answer = ask("127.0.0.1", proxy().port)
    assert (answer.kind, answer.detail) == ("mitmproxy", version.VERSION)


def test_another_server_is_told_apart(upstream: Upstream) -> None:
    assert ask("127.0.0.1", upstream.plain_port).kind == "other"


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    assert ask("127.0.0.1", port).kind == "refused"


def test_a_port_that_takes_connections_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert ask("127.0.0.1", silent.getsockname()[1], SHORT).kind == "silent"


@pytest.mark.parametrize("abrupt", [False, True])
def test_a_port_that_hangs_up(abrupt: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            connection, _ = rude.accept()
            if not abrupt:
                connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert ask("127.0.0.1", rude.getsockname()[1]).kind == "hung-up"
        thread.join()


def test_a_port_behind_a_firewall_gives_no_answer() -> None:
    """A full queue drops what comes, as a firewall does."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(8):
            one = socket.socket()
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(full.getsockname())
            waiting.append(one)
        assert ask("127.0.0.1", full.getsockname()[1], SHORT).kind == "timeout"
        for one in waiting:
            one.close()


def test_an_address_without_a_way_there() -> None:
    answer = ask("fe80::1", 8080, SHORT)
    assert answer.kind == "unreachable"
    assert answer.detail
