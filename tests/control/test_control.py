"""The option of the control API, and two proxies at once."""

from pathlib import Path

import pytest

from passlens.control.connection import connect
from passlens.control.control import parse
from passlens.errors import UsageError
from support.controlled import TOKEN, controlled


@pytest.mark.parametrize(
    ("value", "parsed"),
    [("", None), ("false", None), ("true", ("127.0.0.1", 8084, True)), ("9000", ("127.0.0.1", 9000, False)),
     ("0.0.0.0:9000", ("0.0.0.0", 9000, False)), ("[::1]:9000", ("::1", 9000, False)),
     ("localhost:65535", ("127.0.0.1", 65535, False)), (":9000", None)],
)  # fmt: skip
def test_addresses(value: str, parsed: tuple[str, int, bool] | None) -> None:
    if value == ":9000":
        with pytest.raises(ValueError, match="address of this machine"):
            parse(value)
    else:
        assert parse(value) == parsed


@pytest.mark.parametrize(
    ("value", "parsed"), [("lan", ("192.168.1.20", 8084, True)), ("lan:9000", ("192.168.1.20", 9000, False))]
)
def test_the_address_in_the_network(value: str, parsed: tuple[str, int, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passlens.control.control.default_address", lambda: "192.168.1.20")
    assert parse(value) == parsed
    monkeypatch.setattr("passlens.control.control.default_address", lambda: None)
    with pytest.raises(ValueError, match="This machine has no address in a local network"):
        parse(value)


@pytest.mark.parametrize(
    "value", ["yes", "lan:", "lan:x", "65536", "-1", "host.example:80", "127.0.0.1:", "127.0.0.1:x", "²"]
)
def test_bad_addresses(value: str) -> None:
    with pytest.raises(ValueError, match="passlens_control"):
        parse(value)


def test_two_proxies_find_ports_and_both_are_usable(confdir: Path, tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    with controlled(confdir, tmp_path) as one, controlled(confdir, tmp_path, passlens_control="true") as two:
        assert one.api.address.port != two.api.address.port
        with pytest.raises(UsageError, match="2 proxies run"):
            connect(environment=environment)
        for stage in (one, two):
            found = connect(str(stage.api.address.port), environment)
            assert found.address.token == TOKEN
            assert found.call("GET", "status")["port"] == stage.proxy.port
