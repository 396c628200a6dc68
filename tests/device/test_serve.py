"""The server that hands out a profile once."""

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from passlens.device import serve
from passlens.device.serve import LENGTH, LETTERS, MAX_MISSES, PORTS, ProfileServer

PROFILE = b"<plist/> as it is"


def get(url: str, path: str | None = None, method: str = "GET", agent: str = "") -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request(method, parts.path if path is None else path, headers={"User-Agent": agent} if agent else {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.getheader("Content-Type", ""), body


@pytest.fixture
def server() -> Iterator[ProfileServer]:
    with ProfileServer(PROFILE, "127.0.0.1") as server:
        yield server


def test_the_profile_has_its_media_type_and_is_not_kept(server: ProfileServer) -> None:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("GET", parts.path)
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, PROFILE)
    assert response.getheader("Content-Type") == "application/x-apple-aspen-config"
    assert response.getheader("Cache-Control") == "no-store"
    assert response.getheader("Content-Length") == str(len(PROFILE))
    assert server.wait(60)
    assert server.fetched_by == "127.0.0.1"


def test_the_address_is_short_and_cannot_be_guessed(server: ProfileServer) -> None:
    assert re.fullmatch(rf"http://127\.0\.0\.1:\d+/[{LETTERS}]{{{LENGTH}}}", server.url)
    with ProfileServer(PROFILE, "127.0.0.1") as other:
        assert urlsplit(other.url).path != urlsplit(server.url).path
    # A guesser meets it once in two million servers at most.
    assert MAX_MISSES / len(LETTERS) ** LENGTH < 1e-6


def test_a_port_that_is_quick_to_type_is_taken_first_and_a_free_one_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(serve, "PORTS", range(port, port + 1))
        with ProfileServer(PROFILE, "127.0.0.1") as server:
            assert urlsplit(server.url).port not in (None, port)
            assert get(server.url)[2] == PROFILE
    with socket.create_server(("127.0.0.1", 0)) as passing:
        free = passing.getsockname()[1]
    monkeypatch.setattr(serve, "PORTS", range(free, free + 1))
    with ProfileServer(PROFILE, "127.0.0.1") as server:
        assert urlsplit(server.url).port == free
    assert all(len(str(port)) == 4 for port in PORTS)


def test_a_port_is_free_again_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as passing:
        free = passing.getsockname()[1]
    monkeypatch.setattr(serve, "PORTS", range(free, free + 1))
    for _ in range(2):
        with ProfileServer(PROFILE, "127.0.0.1") as server:
            assert urlsplit(server.url).port == free
            get(server.url)


def test_capitals_and_a_slash_that_a_keyboard_adds_do_no_harm(server: ProfileServer) -> None:
    path = urlsplit(server.url).path
    assert get(server.url, f"{path.upper()}/")[2] == PROFILE


def test_asking_for_the_headers_is_no_fetch(server: ProfileServer) -> None:
    assert get(server.url, method="HEAD") == (200, serve.MEDIA_TYPE, b"")
    assert server.fetched_by is None
    assert not server.wait(0)


def test_nothing_else_is_there(server: ProfileServer) -> None:
    for path in ("/", "/favicon.ico", "/../", urlsplit(server.url).path[:-1], "/%C3%A9"):
        assert get(server.url, path)[0] == 404
    assert server.fetched_by is None


def test_too_many_misses_end_it(server: ProfileServer) -> None:
    for _ in range(MAX_MISSES - 1):
        assert get(server.url, "/wrong")[0] == 404
    assert not server.ended
    assert get(server.url, "/wrong")[0] == 404
    assert server.ended
    assert not server.wait(60)
    assert get(server.url)[0] == 410


def test_the_device_that_fetched_it_may_try_again_for_a_moment(
    server: ProfileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(server.url)[2] == get(server.url)[2] == PROFILE
    assert not server.ended
    monkeypatch.setattr(serve, "GRACE", -1.0)
    assert server.ended
    assert get(server.url)[0] == 410


def test_another_machine_gets_nothing_after_the_fetch() -> None:
    with ProfileServer(PROFILE, "127.0.0.1") as server:
        server.fetched_by = "192.0.2.50"
        assert get(server.url)[0] == 410


def test_of_two_machines_that_ask_at_once_one_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one was let in before the first one was noted."""

    def overtaken(server: ProfileServer, client: str) -> bool:
        server.fetched_by = "192.0.2.50"
        return False

    monkeypatch.setattr(ProfileServer, "_claimed", overtaken)
    with ProfileServer(PROFILE, "127.0.0.1") as server:
        status, _, body = get(server.url)
    assert status == 410
    assert PROFILE not in body


def test_it_is_noted_before_it_goes_out(server: ProfileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str | None] = []
    send = serve._send
    monkeypatch.setattr(serve, "_send", lambda *given: (noted.append(server.fetched_by), send(*given)))
    assert get(server.url)[2] == PROFILE
    assert noted == ["127.0.0.1"]


def test_it_listens_no_longer_when_it_is_closed() -> None:
    with ProfileServer(PROFILE, "127.0.0.1") as server:
        get(server.url)
        server.close()
        with pytest.raises(ConnectionRefusedError):
            get(server.url)


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5)", "Mozilla/5.0 (Macintosh)"])
def test_a_phone_before_the_code_of_a_television_gets_the_address_to_copy(agent: str) -> None:
    with ProfileServer(PROFILE, "127.0.0.1", for_television=True) as server:
        status, media_type, body = get(server.url, agent=agent)
        assert (status, media_type) == (200, "text/html; charset=utf-8")
        assert f"value='{server.url}'" in body.decode()
        assert PROFILE not in body
        assert not server.wait(0)
        assert get(server.url, agent="TVSettings/1 CFNetwork/3826 Darwin/24.5.0")[2] == PROFILE


def test_a_phone_gets_the_profile_that_is_meant_for_it(server: ProfileServer) -> None:
    assert get(server.url, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_5)")[2] == PROFILE


def test_a_client_that_says_nothing_holds_up_nobody(server: ProfileServer) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)):
        assert get(server.url)[2] == PROFILE


def test_nothing_is_logged(server: ProfileServer, capsys: pytest.CaptureFixture[str]) -> None:
    get(server.url)
    get(server.url, "/wrong")
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)) as rude:
        rude.sendall(b"NONSENSE\r\n\r\n")
        rude.recv(100)
    assert capsys.readouterr() == ("", "")


def test_ipv6_stands_in_brackets() -> None:
    with ProfileServer(PROFILE, "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert get(server.url)[2] == PROFILE


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(OSError, match="address"):
        ProfileServer(PROFILE, "198.51.100.7")


def test_waiting_ends_with_the_fetch(server: ProfileServer) -> None:
    threading.Timer(0.05, get, (server.url,)).start()
    assert server.wait(60)
    assert not server.wait(0)
