"""What comes through the proxy does not get to mitmweb's interface where that asks for no password."""

from types import SimpleNamespace
from typing import Any

import pytest
from mitmproxy import options
from mitmproxy.connection import Server
from mitmproxy.test import taddons

from passlens.addon import Sessions
from passlens.proxy.web_guard import refuse


def connecting(host: str, port: int) -> Any:
    return SimpleNamespace(server=Server(address=(host, port)), client=None)


def with_options(**values: object) -> options.Options:
    made = options.Options()
    for name, value in values.items():
        made.add_option(name, type(value), value, "")
    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0.0.0.0", "192.0.2.1", "leads-home.example"])
def test_the_port_of_the_interface_is_refused(host: str) -> None:
    data = connecting(host, 8081)
    refuse(data, with_options(web_port=8081))
    assert "--web-port" in str(data.server.error)


@pytest.mark.parametrize(
    ("port", "values"),
    [(8082, {"web_port": 8081}), (443, {"web_port": 8081}), (8081, {}), (8081, {"web_port": 8081, "web_password": ""})],
)
def test_everything_else_goes_through(port: int, values: dict[str, object]) -> None:
    data = connecting("127.0.0.1", port)
    refuse(data, with_options(**values))
    assert data.server.error is None


def test_a_connection_to_nowhere_in_particular_is_left_alone() -> None:
    data = SimpleNamespace(server=Server(address=None))
    refuse(data, with_options(web_port=8081))  # type: ignore[arg-type]
    assert data.server.error is None


def test_the_addon_asks_for_every_connection() -> None:
    with taddons.context(Sessions()) as context:
        context.options.add_option("web_port", int, 8081, "")
        data = connecting("127.0.0.1", 8081)
        context.master.addons.get("sessions").server_connect(data)
        assert data.server.error
