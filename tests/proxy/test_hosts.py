"""Whose TLS is looked into: the names, and real connections through a running proxy: those to hosts of the API are
intercepted, all others pass byte for byte with the origin's own certificate."""

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from cases import case
from passlens.proxy.hosts import API_HOSTS, Hosts, hidden, host_names, parse_hosts
from passlens.rest_v2.operations import HOSTS
from support import warm
from support.clients import Http1Client
from support.proxy import Proxy, becomes
from support.upstream import Upstream

PATIENCE = 15.0
OTHER = "video.elsewhere.example"


# ---- names


def test_hosts_are_read_each_once_in_lower_case() -> None:
    assert parse_hosts("") == ()
    assert parse_hosts("*.Auth.adobe.com, a.example  b.example,A.EXAMPLE.") == (
        "*.auth.adobe.com", "a.example", "b.example",
    )  # fmt: skip
    assert parse_hosts("192.168.1.20 ::1") == ("192.168.1.20", "::1")


@pytest.mark.parametrize(
    "name", ["https://a.example", "a.example:443", "a.example/x", "*", "*.", "*a.example", "a.*.b"]
)
def test_what_is_no_host_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(ValueError, match=r"^passlens_hosts names '.*'; expected host names or \*\.domain, without"):
        parse_hosts(name)


@pytest.mark.parametrize(
    ("host", "held"),
    [
        *((host, True) for host in HOSTS),
        ("sp.auth.adobe.com.", True),
        ("SP.Auth.Adobe.Com", True),
        ("a.b.auth-staging.adobe.com", True),
        ("auth.adobe.com", False),
        ("xauth.adobe.com", False),
        ("sp.auth.adobe.com.evil.example", False),
        ("www.adobe.com", False),
    ],
)
def test_a_domain_stands_for_every_host_below_it(host: str, held: bool) -> None:
    assert (host in host_names(API_HOSTS)) is held


def test_hosts_of_the_sandbox_are_added_where_not_all_are_looked_into() -> None:
    hosts = Hosts()
    hosts.look_into((), HOSTS)
    assert hosts.patterns == ()
    hosts.look_into(API_HOSTS, (*HOSTS, "api.tv.example"))
    assert hosts.patterns == (*API_HOSTS, "api.tv.example")


def test_lists_of_the_users_own_that_hide_the_api_are_told() -> None:
    assert hidden([], []) is None
    assert hidden([r"\.apple\.com:443$"], []) is None
    assert hidden([], [r"adobe\.com"]) is None
    assert "ignore_hosts hides sp.auth.adobe.com, sp.auth-staging" in (hidden([r"adobe\.com"], []) or "")
    assert "allow_hosts does not name sp.auth.adobe.com" in (hidden([], [r"apple\.com"]) or "")


# ---- real connections


def own_certificate(upstream: Upstream) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", upstream.tls_port), PATIENCE)) as line:
        return certificate_of(line, "localhost")


def certificate_of(line: socket.socket, name: str) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(line, server_hostname=name) as secure:
        return secure.getpeercert(binary_form=True) or b""


def connect(port: int, target: str) -> socket.socket:
    """A tunnel through the proxy."""
    line = socket.create_connection(("127.0.0.1", port), PATIENCE)
    line.sendall(f"CONNECT {target}:443 HTTP/1.1\r\nHost: {target}:443\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = line.recv(1)
        assert piece, head
        head += piece
    assert b" 200 " in head
    return line


def is_intercepted(proxy: Proxy, upstream: Upstream, target: str, name: str | None = None) -> bool:
    """Whether the proxy shows a certificate of its own."""
    with closing(connect(proxy.port, target)) as line:
        shown = certificate_of(line, name or target)
    return shown != own_certificate(upstream)


def test_the_api_is_looked_into_and_all_else_passes(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy(command=becomes("--host", "api.tv.example", "--host", "*.wide.example"), scripts=[])
    made = case("P1")
    upstream.play(made)
    with Http1Client(running.port, running.ca) as client:
        assert client.case(made).status == 200
    assert running.wait_for("partner-session")
    for target, name in (
        ("sp.auth-staging.adobe.com", None),
        ("api.tv.example", None),
        ("deep.wide.example", None),
        # The name in the ClientHello counts where the address says nothing, and the other way round.
        ("192.0.2.7", "sp.auth.adobe.com"),
        ("sp.auth.adobe.com", OTHER),
    ):
        assert is_intercepted(running, upstream, target, name), (target, name)
    for target in (OTHER, "auth.adobe.com", "wide.example", "192.0.2.7"):
        assert not is_intercepted(running, upstream, target), target


@contextmanager
def echo() -> Iterator[int]:
    """A server that sends back all it gets; its port."""

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                while data := line.recv(1 << 16):
                    line.sendall(data)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def client_hello(name: str) -> bytes:
    outgoing = ssl.MemoryBIO()
    secure = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        secure.do_handshake()
    return outgoing.read()


def test_what_passes_is_the_same_byte_for_byte(proxy: Callable[..., Proxy]) -> None:
    with echo() as port:
        running = proxy(command=becomes(), scripts=[], upstream_tls=port)
        sent = client_hello(OTHER) + os.urandom(300_000)
        with closing(connect(running.port, OTHER)) as line:
            line.settimeout(PATIENCE)
            threading.Thread(target=line.sendall, args=(sent,), daemon=True).start()
            got = b""
            while len(got) < len(sent):
                piece = line.recv(1 << 16)
                assert piece
                got += piece
        assert got == sent


def test_all_hosts_and_mitmdump_itself_look_into_everything(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    assert is_intercepted(proxy(command=becomes("--all-hosts"), scripts=[]), upstream, OTHER)
    assert is_intercepted(proxy(), upstream, OTHER)


def test_the_sandbox_lets_other_hosts_pass_and_answers_for_its_own(
    proxy: Callable[..., Proxy], upstream: Upstream
) -> None:
    running = proxy(command=becomes("--sandbox-host", "api.tv.example"), scripts=[])
    assert not is_intercepted(running, upstream, OTHER)
    made = case("P1")
    with Http1Client(running.port, running.ca, host="api.tv.example") as client:
        assert client.case(made).header("X-Passlens") == "sandbox/partner-session"
    assert not upstream.received


def test_a_reverse_proxy_looks_into_its_upstream(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    mode = ("--mode", f"reverse:https://localhost:{upstream.tls_port}/")
    running = proxy("--set", f"upstream_plain={upstream.tls_port}", *mode, command=becomes(), scripts=[])
    with closing(socket.create_connection(("127.0.0.1", running.port), PATIENCE)) as line:
        assert certificate_of(line, OTHER) != own_certificate(upstream)


def test_a_users_own_lists_hold_and_hiding_the_api_is_told(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    ignoring = proxy("--ignore-hosts", r"sp\.auth\.adobe\.com", command=becomes(), scripts=[])
    assert ignoring.wait_for(r"ignore_hosts hides sp\.auth\.adobe\.com from passlens")
    assert not is_intercepted(ignoring, upstream, "sp.auth.adobe.com")
    allowing = proxy("--allow-hosts", r"elsewhere\.example", command=becomes(), scripts=[])
    assert allowing.wait_for(r"allow_hosts does not name sp\.auth\.adobe\.com")
    assert is_intercepted(allowing, upstream, OTHER)
    assert not is_intercepted(allowing, upstream, "www.third.example")


def test_a_host_that_is_none_is_a_usage_mistake() -> None:
    got = warm.run((*warm.PASSLENS, "proxy", "--host", "https://a.example"))
    assert got.returncode == 2
    assert got.stderr.startswith("passlens: ")
    assert "without scheme" in got.stderr
