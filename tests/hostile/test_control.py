"""The control API, attacked: by pages in a browser, through the proxy, by guessing, by waiting, by reading slowly."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from passlens.control.journal import MAX_WAITS
from passlens.control.server import MAX_CONNECTIONS
from support.controlled import TOKEN, Controlled, controlled, eventually

CALL = "/api/v1/status"


@pytest.fixture(scope="module")
def stage(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controlled]:
    with controlled(confdir, tmp_path_factory.mktemp("runtime")) as made:
        yield made


def ask(stage: Controlled, path: str = CALL, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", stage.api.address.port, timeout=60)
    given = {"Authorization": f"Bearer {TOKEN}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    connection.request("GET", path, headers={name: text for name, text in given.items() if text})
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response.status, response.headers, data


def test_a_name_that_leads_to_this_machine_gets_nothing(stage: Controlled) -> None:
    port = stage.api.address.port
    assert ask(stage)[0] == 200
    assert ask(stage, Host=f"localhost:{port}")[0] == 200
    for host in (f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"127.0.0.1.evil.example:{port}"):
        for path in (CALL, "/openapi.json", "/nothing"):
            status, _, data = ask(stage, path, Host=host)
            assert (status, json.loads(data)["error"]["code"]) == (403, "wrong_host"), (host, path)


def test_pages_of_other_origins_get_nothing_and_may_read_nothing(stage: Controlled) -> None:
    for origin in ("http://evil.example", "null", "https://sp.auth.adobe.com", "file://"):
        status, headers, _ = ask(stage, Origin=origin)
        assert status == 403
        assert not [name for name in headers if name.lower().startswith("access-control-")]
    status, headers, _ = ask(stage, Origin=f"http://127.0.0.1:{stage.api.address.port}")
    assert status == 200
    assert not [name for name in headers if name.lower().startswith("access-control-")]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer *"],
)
def test_tokens_are_not_guessed(stage: Controlled, header: str) -> None:
    for path in (CALL, f"{CALL}?token={TOKEN}", "/api/v1/exchanges", "/api/v1/recording", "/api/v1/events"):
        status, _, data = ask(stage, path, Authorization=header)
        assert status == 401
        assert TOKEN.encode() not in data


def test_hundreds_of_guesses_are_answered_and_the_right_token_still_works(stage: Controlled) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.api.address.port, timeout=60)
    for number in range(300):
        connection.request("GET", CALL, headers={"Authorization": f"Bearer guess-number-{number}"})
        response = connection.getresponse()
        response.read()
        assert response.status == 401
    connection.close()
    assert ask(stage)[0] == 200


SPELLINGS = ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "127.9.9.9",
             "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "LOCALHOST", "localhost.")  # fmt: skip


def through(stage: Controlled, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", stage.proxy.port), timeout=60) as client:
        client.sendall(request)
        client.settimeout(60)
        data = b""
        try:
            while piece := client.recv(65536):
                data += piece
                if b"200 Connection established\r\n\r\n" in data and b"GET" not in data:
                    client.sendall(b"GET " + CALL.encode() + b" HTTP/1.1\r\nHost: " + own(stage) + AUTHORIZED)
                    data = b"GET "
        except OSError:
            pass
        return data


AUTHORIZED = f"\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n".encode()


def own(stage: Controlled) -> bytes:
    return f"127.0.0.1:{stage.api.address.port}".encode()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nothing_is_reached_through_the_proxy_even_with_the_token(stage: Controlled, spelling: str) -> None:
    target = f"{spelling}:{stage.api.address.port}".encode()
    plain = b"GET http://" + target + CALL.encode() + b" HTTP/1.1\r\nHost: " + own(stage) + AUTHORIZED
    tunnel = b"CONNECT " + target + b" HTTP/1.1\r\nHost: " + target + b"\r\n\r\n"
    for request in (plain, tunnel):
        data = through(stage, request)
        assert b'"version"' not in data, data
        assert not re.search(rb"HTTP/1\.1 200 OK", data), data


WAIT = "/api/v1/exchanges?operation=logout&since=999&wait="
THOUSANDS = 3_000
AT_ONCE = 500


def held(stage: Controlled, count: int) -> list[socket.socket]:
    """Clients that wait for what does not come."""
    request = f"GET {WAIT}100 HTTP/1.1\r\nHost: {own(stage).decode()}{AUTHORIZED.decode()}".encode()
    clients = []
    for _ in range(count):
        clients.append(socket.create_connection(("127.0.0.1", stage.api.address.port), timeout=60))
        with suppress(OSError):
            clients[-1].sendall(request)
    return clients


def test_thousands_of_waits_are_refused_in_a_sentence_and_hold_nothing_up(stage: Controlled) -> None:
    clients = held(stage, MAX_WAITS)
    while ask(stage, f"{WAIT}0.01")[0] != 429:
        # A system that gets many connections at once may lose some.
        clients += held(stage, 1)
        assert len(clients) <= MAX_CONNECTIONS
    status, _, data = ask(stage, f"{WAIT}100")
    assert (status, json.loads(data)["error"]["message"]) == (
        429, "Too many requests wait already; wait with fewer of them."
    )  # fmt: skip
    request = f"GET {WAIT}100 HTTP/1.1\r\nHost: {own(stage).decode()}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", stage.api.address.port), timeout=60) as many, stage.app() as app:
        answers = many.makefile("rb")
        for _ in range(THOUSANDS // AT_ONCE):
            many.sendall(request.encode() * AT_ONCE)
            started = time.monotonic()
            app.configuration()
            assert time.monotonic() - started < 30
            for _ in range(AT_ONCE):
                assert b" 429 " in answers.readline()
                size = next(
                    int(line[16:]) for line in iter(answers.readline, b"\r\n") if line[:14] == b"Content-Length"
                )
                assert b"Too many requests wait" in answers.read(size)
    for client in clients:
        client.close()
    eventually(lambda: ask(stage, f"{WAIT}0.01")[0] == 200)  # who is gone waits no longer


def test_connections_beyond_the_bound_are_closed_and_the_others_go_on(stage: Controlled) -> None:
    clients = held(stage, MAX_CONNECTIONS + 100)
    with stage.app() as app:
        app.configuration()
    for client in clients:
        client.close()

    def answers() -> bool:
        """Once those that are gone are noticed, one may wait again."""
        with suppress(OSError, http.client.HTTPException):
            return ask(stage, f"{WAIT}0.01")[0] == 200
        return False

    eventually(answers)
    assert stage.api.call("GET", "exchanges", {"wait": 0.1, "operation": "logout"})["exchanges"] == []


def test_slow_readers_are_dropped_and_hold_nothing_up(stage: Controlled) -> None:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", stage.api.address.port))
    client.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: " + own(stage))
    client.sendall(f"\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    assert client.recv(20)
    with stage.app() as app:
        deadline = time.monotonic() + 60
        while "too slow and was dropped" not in stage.proxy.stdout + stage.proxy.stderr:
            app.configuration()
            assert time.monotonic() < deadline
    client.close()
    assert ask(stage)[0] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"name": ' + b"9" * 5000 + b"}"])
def test_broken_bodies_are_one_sentence(stage: Controlled, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.api.address.port, timeout=60)
    connection.request("PUT", "/api/v1/scenario", body, {"Authorization": f"Bearer {TOKEN}"})
    response = connection.getresponse()
    assert response.status == 400
    assert "Traceback" not in json.loads(response.read())["error"]["message"]
    connection.close()


def test_a_huge_body_is_not_taken(stage: Controlled) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.api.address.port, timeout=60)
    try:
        connection.request("PUT", "/api/v1/scenario", b"x" * 3_000_000, {"Authorization": f"Bearer {TOKEN}"})
        assert connection.getresponse().status >= 400
    except (OSError, http.client.HTTPException):
        pass
    connection.close()
    assert ask(stage)[0] == 200


FORM = b"Content-Type: application/x-www-form-urlencoded"
PARTS = b"Content-Type: multipart/form-data; boundary=x"
NOISE = (
    b"POST /api/v1/marks HTTP/1.1\r\n" + PARTS + b"\r\nContent-Length: 3\r\n%b\r\n\r\nabc",
    b"POST / HTTP/1.1\r\n" + FORM + b"\r\nContent-Encoding: \x1b[2J\r\nContent-Length: 3\r\n%b\r\n\r\nabc",
    b"POST /api/v1/sessions/\x1b[2J%%ff HTTP/1.1\r\nContent-Length: 0\r\n%b\r\n\r\n",
    b"PROPFIND /\x1b[2J HTTP/1.1\r\n%b\r\n\r\n",
    b"GET /api/v1/recording?format=html HTTP/1.1\r\n%b\r\n\r\n",
    b"GET /api/v1/events HTTP/1.1\r\n%b\r\n\r\n",
    b"GET /api/v1/exchanges?operation=logout&wait=60 HTTP/1.1\r\n%b\r\n\r\n",
    b"PUT /api/v1/scenario HTTP/1.1\r\nContent-Length: 100\r\n%b\r\n\r\n{",
)


def test_what_is_asked_wrongly_and_who_vanishes_leave_nothing_in_the_log(stage: Controlled) -> None:
    before = len(stage.proxy.stdout), len(stage.proxy.stderr)
    authorized = b"Host: " + own(stage) + f"\r\nAuthorization: Bearer {TOKEN}".encode()
    for request in NOISE:
        with socket.create_connection(("127.0.0.1", stage.api.address.port), timeout=60) as client:
            client.sendall(request % authorized)
            with suppress(TimeoutError):
                client.settimeout(0.3)
                client.recv(1)
    eventually(lambda: ask(stage, "/api/v1/recording")[0] == 200)
    stage.api.call("PUT", "scenario", None, {"name": "denied"})
    eventually(lambda: "scenario denied is on" in stage.proxy.stdout[before[0] :])
    stage.api.call("DELETE", "scenario")
    said = stage.proxy.stdout[before[0] :] + stage.proxy.stderr[before[1] :]
    assert [line for line in said.splitlines() if "passlens: scenario denied is" not in line] == []
