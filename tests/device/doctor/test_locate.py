"""What the doctor examines."""

from pathlib import Path

import pytest

from passlens.device.doctor.locate import locate
from passlens.device.link import ProxyStatus
from passlens.errors import ProfileError
from passlens.util.local_address import default_address
from support.running import Running


def test_what_the_user_names_comes_first_then_what_the_proxy_says() -> None:
    running = Running(says=ProxyStatus(9191))
    named = locate("10.0.0.7", 9090, Path("x"), "a.example", lambda: running)
    assert (named.address, named.port, named.folder, named.host) == ("10.0.0.7", 9090, Path("x"), "a.example")
    assert named.proxy is running
    found = locate(None, None, Path(), "a.example", lambda: running)
    assert (found.address, found.port) == (default_address() or "127.0.0.1", 9191)
    assert locate(None, None, Path(), "a.example", lambda: None).port == 8080


def test_a_name_is_resolved() -> None:
    assert locate("localhost", 8080, Path(), "a.example", lambda: None).address in ("127.0.0.1", "::1")


@pytest.mark.parametrize(("address", "port"), [("no such host", 8080), ("x" * 300, 8080), ("10.0.0.7", 0)])
def test_what_is_no_address_or_port_is_told(address: str, port: int) -> None:
    with pytest.raises(ProfileError):
        locate(address, port, Path(), "a.example", lambda: None)
