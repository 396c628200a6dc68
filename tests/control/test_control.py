"""The option of the control API, and two proxies at once."""

import asyncio
import json
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from mitmproxy.options import Options

from passlens.control.connection import PORT, connect
from passlens.control.control import MIN_TOKEN, Control, parse, proxy_ports
from passlens.control.journal import Journal
from passlens.control.server import IDLE
from passlens.control.service import Service
from passlens.errors import UsageError
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.sinks import Sinks
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


def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Control:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PASSLENS_CONTROL_TOKEN", raising=False)
    return Control(cast(Service, SimpleNamespace(journal=Journal(EntryTexts()), shown_address=str)), Sinks())


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> tuple[int, str]:
    """The status and the body of an answer on a connection that stays open."""
    writer.write(f"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(head.lower().partition("content-length: ")[2].split()[0])
    return int(head.split()[1]), (await reader.readexactly(length)).decode()


def test_what_is_switched_off_answers_no_more_on_open_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        control = made(tmp_path, monkeypatch)
        control.configure("0", running=True)
        assert control.address is not None
        port = control.address.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert (await ask(reader, writer, port))[0] == 200
        control.configure("false", running=True)
        status, body = await ask(reader, writer, port)
        assert (status, json.loads(body)["error"]["code"]) == (503, "stopped")
        assert await asyncio.wait_for(reader.read(), IDLE / 2) == b""  # not for its idleness
        writer.close()
        with pytest.raises(OSError, match="onnect"):
            await asyncio.open_connection("127.0.0.1", port)

    asyncio.run(run())


def test_a_refused_value_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        control = made(tmp_path, monkeypatch)
        control.configure("0", running=True)
        before = control.address
        with socket.create_server(("127.0.0.1", 0)) as taken:
            for wrong in ("nonsense", str(taken.getsockname()[1])):
                with pytest.raises(ValueError, match=r"passlens_control|cannot listen"):
                    control.configure(wrong, running=True)
                control.configure("0", running=True)  # as mitmproxy hands the old value in again
                assert control.address == before
        # Another address has the same token, so that a panel goes on.
        control.configure("127.0.0.1:0", running=True)
        control.configure("true", running=True)
        assert before is not None
        assert control.address is not None
        assert control.address.token == before.token
        control.close()

    asyncio.run(run())


def test_the_ports_of_the_proxy_are_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        control = made(tmp_path, monkeypatch)
        # The option of the port comes after that of the control API.
        control.configure("true", running=False)
        control.configure("true", running=False, taken={PORT, 8080})
        control.start()
        assert control.address is not None
        assert control.address.port not in (PORT, 8080)
        with pytest.raises(ValueError, match="The proxy has port 8080; name another one for the control API"):
            control.configure("8080", running=False, taken={PORT, 8080})
        control.close()

    asyncio.run(run())


def test_the_ports_of_every_mode() -> None:
    assert proxy_ports(Options(listen_port=9000, mode=["regular", "socks5@9001"])) == {9000, 9001}
    assert proxy_ports(Options(mode=["regular"])) == {8080}
    assert proxy_ports(Options(listen_port=0)) == set()


@pytest.mark.parametrize(
    ("token", "taken"), [("t" * MIN_TOKEN, True), ("t" * (MIN_TOKEN - 1), False), (f"é{TOKEN}", False)]
)
def test_a_token_that_is_given_is_long_enough_and_fits_a_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str, taken: bool
) -> None:
    control = made(tmp_path, monkeypatch)
    monkeypatch.setenv("PASSLENS_CONTROL_TOKEN", token)
    if taken:
        control.configure("0", running=False)
        control.close()
    else:
        with pytest.raises(ValueError, match="PASSLENS_CONTROL_TOKEN is too short or holds signs"):
            control.configure("0", running=False)
