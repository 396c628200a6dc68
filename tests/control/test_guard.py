"""Who may ask the control API, and what the proxy does not connect to."""

import pytest
from mitmproxy.connection import Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow

from passlens.control.guard import has_token, is_own_host, is_own_origin, refuse


@pytest.mark.parametrize(
    ("header", "has"),
    [("Bearer abc", True), ("bearer abc", True), ("Bearer  abc ", True), (None, False), ("", False), ("abc", False),
     ("Basic abc", False), ("Bearer ab", False), ("Bearer abcd", False), ("Bearer äbc", False), ("Bearer", False)],
)  # fmt: skip
def test_tokens(header: str | None, has: bool) -> None:
    assert has_token(header, "abc") is has


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1:8084", True), ("localhost:8084", True), ("LOCALHOST:8084", True), ("[::1]:8084", True),
     ("192.168.1.20:8084", True), ("127.0.0.1", False), ("127.0.0.1:80", False), ("evil.example:8084", False),
     ("localhost.evil.example:8084", False), ("127.0.0.1.nip.example:8084", False), ("", False), (None, False),
     ("evil.example:8084@127.0.0.1:8084", False), ("[::1", False), ("2130706433:8084", False)],
)  # fmt: skip
def test_hosts(host: str | None, own: bool) -> None:
    assert is_own_host(host, 8084) is own


def test_origins() -> None:
    host = "127.0.0.1:8084"
    assert is_own_origin(None, host)
    assert is_own_origin("http://127.0.0.1:8084", host)
    for wrong in ("null", "http://evil.example", "https://127.0.0.1:8084", "http://127.0.0.1:8085", ""):
        assert not is_own_origin(wrong, host)


@pytest.mark.parametrize(
    ("target", "bound", "refused"),
    [("127.0.0.1", "127.0.0.1", True), ("localhost", "127.0.0.1", True), ("127.1", "127.0.0.1", True),
     ("2130706433", "127.0.0.1", True), ("0x7f000001", "127.0.0.1", True), ("0", "127.0.0.1", True),
     ("0.0.0.0", "127.0.0.1", True), ("127.9.9.9", "127.0.0.1", True), ("::1", "::1", True), ("::", "127.0.0.1", True),
     ("::ffff:127.0.0.1", "127.0.0.1", True), ("anything.example", "127.0.0.1", True),
     ("192.168.1.9", "127.0.0.1", False), ("192.168.1.9", "192.168.1.20", True), ("192.168.1.9", "0.0.0.0", True)],
)  # fmt: skip
def test_connections_of_the_proxy(target: str, bound: str, refused: bool) -> None:
    server = Server(address=(target, 8084))
    data = ServerConnectionHookData(server=server, client=tflow.tflow().client_conn)
    refuse(data, bound, 8084)
    assert (server.error is not None) is refused
    other = Server(address=(target, 8085))
    refuse(ServerConnectionHookData(server=other, client=data.client), bound, 8084)
    assert other.error is None
