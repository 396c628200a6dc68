"""The client leaves in every phase of an exchange: it closes or resets its connection, or cancels an HTTP/2 stream. The
log has one line about what was asked, the server is asked no more, and the next exchange is answered and judged."""

import asyncio
from pathlib import Path

import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.test import taddons, tflow

from passlens.addon import Sessions
from support.clients import Headers, Http1Client
from support.device import SP, Device
from support.stage import entries_of
from support.trouble import PATH, WAYS, RawHttp2, ReadError, leave, wait_until

HOWS = ("closes", "resets")
FORM = f"/api/v2/{SP}/sessions"
BODY = b"domainName=demotv.example"
RULES = """rules:
  - name: made up
    when: {operation: retrieve-profiles}
    then: {outcome: throttled}
"""


def client_of(trouble: ReadError, way: str) -> Http1Client:
    """A client whose bytes a test sends one by one."""
    if way == "HTTP/2":
        return RawHttp2(trouble.proxy.port, trouble.proxy.ca)
    return Http1Client(trouble.proxy.port, trouble.proxy.ca if way == "TLS" else None)


def ask(client: Http1Client, method: str, path: str, *extra: tuple[str, str], body: bytes | None = None) -> int:
    """Send a request, or its headers and a part of its body; the stream where there is one."""
    headers: Headers = Device(None).headers(*extra)  # type: ignore[arg-type]
    if body is not None:
        headers = (*headers, ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "100"))
    if isinstance(client, RawHttp2):
        stream = client.head(method, path, headers, ends=body is None)
        if body is not None:
            client.h2.send_data(stream, body)
            client.flush()
        return stream
    target = path if client.tls else f"http://{client.host}{path}"
    lines = [f"{method} {target} HTTP/1.1", f"Host: {client.host}", *(f"{name}: {text}" for name, text in headers)]
    client.send("\r\n".join([*lines, "", ""]).encode() + (body or b""))
    return 0


def no_answer(trouble: ReadError, marker: str) -> None:
    """The log says that there was none."""
    entry = trouble.entry(marker)
    assert (entry["status"], entry["injected"]) == (None, None)
    (finding,) = [one for one in entry["findings"] if one["code"] == "PL906"]
    assert finding["message"].startswith("There is no answer: ")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", HOWS)
def test_before_the_request_ends(trouble: ReadError, way: str, how: str) -> None:
    marker = trouble.marker()
    client = client_of(trouble, way)
    ask(client, "POST", f"{FORM}?{marker}=", body=BODY)
    # Until this part is with the proxy.
    trouble.goes_on(way)
    leave(client, how)
    no_answer(trouble, marker)
    assert not trouble.api.has(marker)
    trouble.goes_on(way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", HOWS)
def test_while_the_server_is_silent(trouble: ReadError, way: str, how: str) -> None:
    marker = trouble.marker()
    trouble.api.trouble[marker] = "silent"
    client = client_of(trouble, way)
    ask(client, "GET", f"{PATH}?{marker}=")
    wait_until(lambda: trouble.api.has(marker), "the request at the server")
    leave(client, how)
    no_answer(trouble, marker)
    trouble.goes_on(way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", HOWS)
def test_while_the_server_is_in_its_answer(trouble: ReadError, way: str, how: str) -> None:
    marker = trouble.marker()
    trouble.api.trouble[marker] = "stuck"
    client = client_of(trouble, way)
    ask(client, "GET", f"{PATH}?{marker}=")
    wait_until(lambda: trouble.api.has(marker), "the request at the server")
    # Until the half answer is with the proxy.
    trouble.goes_on(way)
    leave(client, how)
    entry = trouble.entry(marker)
    assert entry["status"] in (200, None)
    assert [one["code"] for one in entry["findings"]] == ["PL906"]
    trouble.goes_on(way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", HOWS)
def test_while_the_answer_comes(trouble: ReadError, way: str, how: str) -> None:
    marker = trouble.marker()
    trouble.api.more = b" " * 8_000_000
    try:
        client = client_of(trouble, way)
        ask(client, "GET", f"{PATH}?{marker}=")
        if isinstance(client, RawHttp2):
            client.wait_for_data()
        else:
            assert client.socket.recv(1 << 10)
        leave(client, how)
        # It was complete when the client left, so it is one like any other.
        entry = trouble.entry(marker)
    finally:
        trouble.api.more = b""
    assert entry["status"] == 200
    trouble.goes_on(way)
    assert len(trouble.entries(marker)) == 1


def test_a_stream_only(trouble: ReadError) -> None:
    client = client_of(trouble, "HTTP/2")
    assert isinstance(client, RawHttp2)
    for phase in ("silent", "stuck", "unfinished"):
        marker = trouble.marker()
        if phase == "unfinished":
            stream = ask(client, "POST", f"{FORM}?{marker}=", body=BODY)
        else:
            trouble.api.trouble[marker] = phase  # type: ignore[assignment]
            stream = ask(client, "GET", f"{PATH}?{marker}=")
            wait_until(lambda marker=marker: trouble.api.has(marker), "the request at the server")
            trouble.goes_on("HTTP/2")
        client.h2.reset_stream(stream, 8)
        client.flush()
        entry = trouble.entry(marker)
        assert "PL906" in [one["code"] for one in entry["findings"]], phase
        trouble.goes_on("HTTP/2")
    # The connection itself goes on.
    marker = trouble.marker()
    ask(client, "GET", f"{PATH}?{marker}=")
    assert trouble.entry(marker)["status"] == 200
    client.close()


@pytest.mark.parametrize("way", WAYS)
def test_while_another_addon_holds_a_request_that_a_scenario_answers(trouble: ReadError, way: str) -> None:
    marker = trouble.marker()
    with trouble.scenario("left", RULES):
        client = client_of(trouble, way)
        ask(client, "GET", f"{PATH}?{marker}=", ("X-Hold", "0.4"))
        # Until the request is with the proxy.
        trouble.remote.run("passlens.status")
        client.close()
        entry = trouble.entry(marker)
        assert (entry["status"], entry["error"]) == (429, "throttled")
        assert entry["injected"] == {"scenario": "left", "rule": "made up", "how": "outcome"}
    trouble.goes_on(way)


# ---- the same in a recording


def test_a_recorded_answer_that_was_cut_is_seen_once(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    flow = tflow.tflow(resp=True, err=True)
    flow.live = False
    flow.request.path, flow.request.method = FORM, "POST"
    assert flow.response is not None
    flow.response.timestamp_end, flow.response.raw_content = None, None
    sessions = Sessions()

    async def read() -> None:
        with taddons.context(Proxyserver(), sessions) as context:
            context.configure(sessions, passlens_log=str(log))
            await context.cycle(sessions, flow)
            assert sessions._commands.status().startswith("1 exchange: ")

    asyncio.run(read())
    assert [entry["status"] for entry in entries_of(log)] == [200]
