"""The client half: what it says when nobody answers, or somebody else does."""

import socket
import threading
from pathlib import Path

import pytest

from passlens.control.connection import ControlConnection, connect, parse_address
from passlens.control.runtime_file import Address, write
from passlens.errors import ControlError, NoProxyError, UsageError
from support.control_api import TOKEN, ControlApi
from support.controlled import controlled


def test_no_proxy(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(NoProxyError, match=r"No running proxy was found; start one with passlens proxy\."):
        connect(environment=environment)
    with pytest.raises(NoProxyError, match="at 9000"):
        connect("9000", environment)
    with pytest.raises(UsageError, match="no address"):
        connect("nine", environment)
    for token in ("two\nlines", "schön"):
        with pytest.raises(UsageError, match="PASSLENS_CONTROL_TOKEN holds signs that no header takes"):
            connect(environment={**environment, "PASSLENS_CONTROL_TOKEN": token})


def test_addresses() -> None:
    assert parse_address("9000") == ("127.0.0.1", 9000)
    assert parse_address("[::1]:65535") == ("::1", 65535)
    for wrong in ("0", "65536", "", "x:y", ":8084", "a b:8084", "a\n:8084", "a\x00:8084"):
        with pytest.raises(UsageError):
            parse_address(wrong)


def test_a_host_of_another_machine_is_not_taken_for_this_one(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    for listens in ("127.0.0.1", "0.0.0.0"):
        path = write(Address(listens, 8084, TOKEN), tmp_path / "passlens")
        for own in ("8084", "127.0.0.1:8084", "localhost:8084"):
            assert connect(own, environment).address == Address("127.0.0.1", 8084, TOKEN)
        with pytest.raises(NoProxyError, match="set PASSLENS_CONTROL_TOKEN to ask another machine's"):
            connect("192.0.2.77:8084", environment)
        with pytest.raises(NoProxyError, match=r"at 9999 was found; one runs at 127\.0\.0\.1:8084\."):
            connect("9999", environment)
        path.unlink()
    asked = connect("192.0.2.77:8084", {**environment, "PASSLENS_CONTROL_TOKEN": TOKEN})
    assert asked.address == Address("192.0.2.77", 8084, TOKEN)


@pytest.mark.parametrize("host", ["a" * 300, "x..y"])
def test_a_host_that_no_name_can_be_is_one_sentence(tmp_path: Path, host: str) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(NoProxyError, match="No proxy with a control API"):
        connect(f"{host}:8084", environment)
    with pytest.raises(NoProxyError, match="is gone"):
        connect(f"{host}:8084", {**environment, "PASSLENS_CONTROL_TOKEN": TOKEN}).call("GET", "status")


def test_somebody_else_answers() -> None:
    with ControlApi() as api:
        api.answers["/api/v1/status"] = b"<html>"
        with pytest.raises(NoProxyError, match="no JSON"):
            ControlConnection(Address("127.0.0.1", api.port, TOKEN)).call("GET", "status")
        with pytest.raises(NoProxyError, match="answers with 401 and says nothing of it"):
            ControlConnection(Address("127.0.0.1", api.port, "wrong")).call("GET", "status")


@pytest.mark.parametrize("status", [b"200 OK", b"404 Not Found", b"500 Internal Server Error"])
@pytest.mark.parametrize("server", [b"", b"Server: nginx\r\n", b"Server: passlens/1\r\n"])
def test_what_another_program_answers_is_not_taken_for_an_answer(status: bytes, server: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            with other.accept()[0] as client:
                client.recv(1 << 16)
                client.sendall(b"HTTP/1.1 " + status + b"\r\n" + server + b"Content-Length: 2\r\n\r\n{}")

        threading.Thread(target=answer, daemon=True).start()
        port = other.getsockname()[1]
        said = f"What answers at 127.0.0.1 port {port} is no control API of passlens; name its address."
        with pytest.raises(NoProxyError, match=said):
            ControlConnection(Address("127.0.0.1", port, TOKEN)).download("GET", "devices")


def test_a_wrong_token_is_one_sentence(confdir: Path, tmp_path: Path) -> None:
    with controlled(confdir, tmp_path) as stage:
        wrong = ControlConnection(Address("127.0.0.1", stage.api.address.port, "x" * 20))
        with pytest.raises(ControlError, match="token is missing or wrong") as caught:
            wrong.call("GET", "status")
        assert caught.value.status == 401


def test_a_proxy_that_ends_while_a_client_waits(confdir: Path, tmp_path: Path) -> None:
    with controlled(confdir, tmp_path) as stage:
        caught: list[BaseException] = []

        def wait() -> None:
            try:
                stage.api.call("GET", "exchanges", {"wait": 60})
            except NoProxyError as error:
                caught.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        with socket.create_connection(("127.0.0.1", stage.api.address.port)):
            stage.proxy.kill()
        thread.join(60)
        assert "is gone" in str(caught[0])
        with pytest.raises(NoProxyError, match="is gone"):
            stage.api.call("GET", "status")
