"""This machine's addresses."""

import socket
from types import SimpleNamespace

import pytest

from passlens.util import local_address as address
from passlens.util.local_address import Local, default_address, is_local, local_addresses, named, usable


def test_the_default_address_is_one_of_this_machine() -> None:
    found = default_address()
    if found is None:  # a machine without a network
        assert not any(one.default for one in local_addresses())
        return
    assert is_local(found)
    assert local_addresses()[0] == Local(found, local_addresses()[0].interface, True)
    with socket.create_server((found, 0), family=socket.AF_INET6 if ":" in found else socket.AF_INET):
        pass


def test_ipv4_comes_first_and_a_machine_without_a_route_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_PROBES", ((socket.AF_INET, "not an address"), (socket.AF_INET6, "::1")))
    assert default_address() is None


def test_the_default_route_comes_first_then_ipv4_by_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    def adapter(name: str, *ips: str | tuple[str, int, int]) -> SimpleNamespace:
        return SimpleNamespace(nice_name=name, ips=[SimpleNamespace(ip=ip) for ip in ips])

    adapters = [
        adapter("utun3", ("fd00::3", 0, 0), "10.8.0.3", "10.8.0.2"),
        adapter("en1", "192.168.1.21", ("fd00::1", 0, 0), ("fe80::1", 0, 4)),
        adapter("lo0", "127.0.0.1"),
    ]
    monkeypatch.setattr(address.ifaddr, "get_adapters", lambda: adapters)
    monkeypatch.setattr(address, "default_address", lambda: "10.8.0.3")
    assert [(one.address, one.default) for one in local_addresses()] == [
        ("10.8.0.3", True), ("192.168.1.21", False), ("10.8.0.2", False), ("fd00::1", False), ("fd00::3", False),
    ]  # fmt: skip
    monkeypatch.setattr(address, "default_address", lambda: "203.0.113.7")
    assert local_addresses()[0] == Local("203.0.113.7", "", True)


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("192.168.1.20", True),
        ("fd00::2", True),
        ("127.0.0.1", False),
        ("169.254.3.4", False),
        ("fe80::1%en0", False),
        ("0.0.0.0", False),
        ("224.0.0.251", False),
    ],
)
def test_which_addresses_another_machine_can_use(text: str, can: bool) -> None:
    assert usable(text) is can


def test_the_names_of_interfaces_stand_beside_their_addresses() -> None:
    locals_ = [Local("192.168.1.20", "en0", True), Local("10.8.0.2", "utun3"), Local("10.9.0.2", "")]
    assert named(locals_) == "192.168.1.20 (en0, default route), 10.8.0.2 (utun3), 10.9.0.2"


def test_loopback_is_local_and_other_machines_are_not() -> None:
    assert is_local("127.0.0.1")
    assert is_local("::1")
    assert not is_local("198.51.100.7")


@pytest.mark.parametrize("text", ["tv.example", "sha256:9a6b293639db", ""])
def test_a_name_and_a_pseudonym_are_no_address_of_this_machine(text: str) -> None:
    assert not is_local(text)
