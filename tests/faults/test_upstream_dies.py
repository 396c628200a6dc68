"""The server dies in every phase of an exchange, over HTTP/1.1, in TLS and over HTTP/2: the client hears of it, the log
has one line that says so, and the next exchange is answered and judged."""

import re
import socket
from collections.abc import Callable

import httpx
import pytest

from support.device import Device
from support.http1_server import reset_socket
from support.reply import How
from support.trouble import PATH, WAYS, ReadError, rude, wait_until


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", ["close", "reset", "cut-head"])
def test_before_or_in_the_headers(trouble: ReadError, way: str, how: How) -> None:
    marker = trouble.marker()
    trouble.api.trouble[marker] = how
    with trouble.client(way) as client:
        assert Device(client).get(f"{PATH}?{marker}=").status == 502
    entry = trouble.entry(marker)
    assert (entry["status"], entry["outcome"], entry["error"]) == (None, None, None)
    (finding,) = entry["findings"]
    assert finding["code"] == "PL906"
    assert finding["message"].startswith("There is no answer: ")
    trouble.goes_on(way)


@pytest.mark.parametrize("way", WAYS)
def test_in_the_body(trouble: ReadError, way: str) -> None:
    marker = trouble.marker()
    trouble.api.trouble[marker] = "cut"
    with trouble.client(way) as client:
        assert Device(client).get(f"{PATH}?{marker}=").status == 502
    entry = trouble.entry(marker)
    # The status came; that the body did not is a finding, and not one about the body's content.
    assert entry["status"] == 200
    (finding,) = entry["findings"]
    assert finding["code"] == "PL906"
    assert finding["message"].startswith("The answer is not whole: ")
    trouble.goes_on(way)


CONNECT = "] server connect "


def connections(trouble: ReadError) -> int:
    """How many connections to the server the proxy has, by what it says."""
    said = trouble.proxy.stdout
    return said.count(CONNECT) - said.count("] server disconnect ")


@pytest.mark.parametrize("way", WAYS)
def test_between_two_requests_of_one_connection(trouble: ReadError, way: str) -> None:
    marker = trouble.marker()
    trouble.api.trouble[marker] = "once"
    # All connections of tests before this one are through.
    wait_until(lambda: connections(trouble) == 0, "the end of earlier connections")
    before = trouble.proxy.stdout.count(CONNECT)
    with trouble.client(way) as client:
        assert Device(client).get(f"{PATH}?{marker}=").status == 200
        assert trouble.entry(marker)["findings"] == []
        wait_until(
            lambda: trouble.proxy.stdout.count(CONNECT) > before and connections(trouble) == 0, "a connection's end"
        )
        trouble.goes_on(client=client)


def closes(connection: socket.socket) -> None:
    """Wait for the first bytes, and say nothing."""
    connection.recv(1 << 16)


def resets(connection: socket.socket) -> None:
    """Wait for the first bytes, and break the connection."""
    connection.recv(1 << 16)
    reset_socket(connection)


def rambles(connection: socket.socket) -> None:
    """Accept and say what is no TLS and no HTTP."""
    connection.recv(1 << 16)
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x28 Set-Cookie: sid=harbour-4711\r\n\r\n")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("then", [closes, resets, rambles])
def test_after_it_accepted(trouble: ReadError, way: str, then: Callable[[socket.socket], None]) -> None:
    marker = trouble.marker()
    with rude(then) as port, trouble.behind(port), trouble.client(way) as client:
        assert Device(client).get(f"{PATH}?{marker}=").status == 502
    entry = trouble.entry(marker)
    assert entry["status"] is None
    assert [finding["code"] for finding in entry["findings"]] == ["PL906"]
    # What a server said in the wrong place is shown to nobody.
    assert "harbour-4711" not in trouble.log.read_text() + trouble.proxy.stdout
    trouble.goes_on(way)


@pytest.mark.parametrize("way", WAYS)
def test_before_it_accepted(trouble: ReadError, way: str) -> None:
    marker = trouble.marker()
    before = len(trouble.proxy.stdout)
    with rude(closes) as port:
        pass
    with trouble.behind(port):
        if way == "plain":
            with trouble.client(way) as client:
                assert Device(client).get(f"{PATH}?{marker}=").status == 502
            assert trouble.entry(marker)["findings"][0]["message"].startswith("There is no answer: ")
        else:
            # The tunnel is refused, so that there is no exchange; a sentence says why.
            with pytest.raises((ConnectionError, httpx.ProxyError)), trouble.client(way) as client:
                Device(client).profiles()
            said = r"passlens: sp\.auth\.adobe\.com cannot be reached \(.+\); what the app wants from it fails\."
            wait_until(lambda: re.search(said, trouble.proxy.stdout[before:]), "a sentence")
    trouble.goes_on(way)
