"""What is said at the start: where to connect, whose TLS is looked into, the certificate, the set-up."""

from pathlib import Path

import pytest
from mitmproxy import options

from passlens.proxy.banner import lines
from passlens.proxy.hosts import API_HOSTS, Hosts
from passlens.util.local_address import Local, local_addresses


def banner(ports: list[tuple[str, int]], *, all_hosts: bool = False, width: int | None = None, **given: object) -> str:
    hosts = Hosts()
    hosts.look_into(() if all_hosts else API_HOSTS)
    return "\n".join(lines(options.Options(**given), ports, hosts, width=width))


def test_the_sandbox_and_what_it_plays_are_named() -> None:
    said = lines(options.Options(), [("127.0.0.1", 9)], Hosts(), sandbox="world.yaml: Cox, Sling")
    assert "sandbox      answers in the API's place, no server is asked; world.yaml: Cox, Sling" in said
    assert not [line for line in lines(options.Options(), [("127.0.0.1", 9)], Hosts()) if line.startswith("sandbox")]


def test_it_names_address_port_hosts_certificate_and_set_up() -> None:
    said = banner([("::", 8080), ("0.0.0.0", 8080)], confdir=str(Path.home() / ".mitmproxy"))
    first, proxy, looks, certificate, set_up = said.split("\n")
    assert first.startswith("passlens ")
    assert "mitmproxy " in first
    address = next((one.address for one in local_addresses()), "127.0.0.1")
    assert proxy.startswith(f"proxy        {address} port 8080")
    assert proxy.count("8080") == 1
    assert looks.startswith("looks into   *.auth.adobe.com, *.auth-staging.adobe.com; all else passes unread")
    assert certificate == "certificate  ~/.mitmproxy/mitmproxy-ca-cert.pem"
    assert "passlens device apple-tv" in set_up


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"all_hosts": True}, "looks into   TLS to every host"),
        ({"mode": ["reverse:https://sp.auth.adobe.com"]}, "looks into   its upstream"),
        ({"allow_hosts": ["adobe"]}, "looks into   what allow_hosts names: adobe"),
        ({"confdir": "/elsewhere"}, "certificate  /elsewhere/mitmproxy-ca-cert.pem"),
    ],
)
def test_what_is_in_force_is_said(given: dict[str, object], words: str) -> None:
    assert words in banner([("127.0.0.1", 9)], **given)  # type: ignore[arg-type]


def test_a_mode_without_a_port_is_named_in_its_place() -> None:
    assert "\nproxy        local:curl\n" in banner([], mode=["local:curl"])


def test_a_proxy_for_this_machine_only_says_so() -> None:
    assert "127.0.0.1 port 9090, this machine only" in banner([("127.0.0.1", 9090)])
    assert "192.168.7.1 port 9090\n" in banner([("192.168.7.1", 9090)])


@pytest.mark.parametrize(
    ("listens", "said"),
    [
        (["0.0.0.0"], "192.168.1.20 port 8080\n"),
        (["::"], "fd00::2 port 8080\n"),
        (["::", "0.0.0.0"], "192.168.1.20 port 8080   (also fd00::2)\n"),
    ],
)
def test_addresses_that_the_proxy_does_not_listen_on_are_not_named(
    listens: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = [Local("192.168.1.20", "en0", True), Local("fd00::2", "en0")]
    monkeypatch.setattr("passlens.proxy.banner.local_addresses", lambda: local)
    assert f"proxy        {said}" in banner([(host, 8080) for host in listens])
    monkeypatch.setattr("passlens.proxy.banner.local_addresses", list)
    own = "127.0.0.1" if "0.0.0.0" in listens else "::1"
    assert f"proxy        {own} port 8080\n" in banner([(host, 8080) for host in listens])


def test_the_address_of_the_panel_stays_whole() -> None:
    hosts = Hosts()
    hosts.look_into(API_HOSTS)
    url = f"http://192.168.1.20:8084/#{'x' * 64}"
    said = lines(options.Options(), [("127.0.0.1", 9)], hosts, width=60, panel=[url, "and more"])
    assert f"panel        {url}" in said
    assert said[said.index(f"panel        {url}") + 1] == "             and more"


@pytest.mark.parametrize("width", [80, 200])
def test_it_keeps_to_the_width(width: int) -> None:
    assert max(map(len, banner([("", 8080)], width=width).split("\n"))) <= width
