"""Every fault as a client meets it: for injected answers and for those of a real server, over plain HTTP/1.1, HTTP/1.1
in TLS and HTTP/2, while other connections go on; delays within their bounds; what happens where no client is."""

import asyncio
import http.client
import json
import random
import socket
import ssl
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import h2.exceptions
import httpx
import pytest

from passlens.proxy import faults
from passlens.scenarios.apply import delay_seconds
from passlens.scenarios.delay import Delay, LogNormal, Uniform
from passlens.scenarios.library import Library
from support.api import Api
from support.clients import Got, Http1Client, Http2Client
from support.device import MARK, SP, Device, value
from support.proxy import Proxy
from support.stage import REMOTE, Remote, entries_of

FAULTS = (
    "connection_reset", "no_answer", "empty_answer", "cut_body", "malformed_json", "wrong_content_type", "slow_drip",
)  # fmt: skip
PATH = f"/api/v2/{SP}/profiles"
BODY = {"profiles": {}, "words": "x" * 300}
BUSY = 8.0
"""Seconds that a busy machine may keep something waiting."""

HURRY = 1.0
"""Time-out of a client that is left without an answer."""


def rules() -> str:
    """One rule for each fault, with the server's answer and with one of passlens: by the query of the request."""
    made = ["rules:"]
    for fault in FAULTS:
        for where in ("real", "injected"):
            if where == "injected" and fault in FAULTS[:3]:
                continue
            response = f"respond: {{json: {json.dumps(BODY)}}}, " if where == "injected" else ""
            made += [
                f"  - name: {where} {fault}",
                f"    when: {{filter: '~u {where}-{fault}$'}}",
                f"    then: {{{response}fault: {fault}}}",
            ]
    return "\n".join(made) + "\n"


@dataclass
class Stage:
    """A proxy that breaks what is asked to be broken."""

    proxy: Proxy
    api: Api
    log: Path

    def client(self, way: str, timeout: float = 15.0) -> Any:
        """A client: plain, TLS or HTTP/2."""
        if way == "HTTP/2":
            return Http2Client(self.proxy.port, self.proxy.ca, timeout=timeout)
        return Http1Client(self.proxy.port, self.proxy.ca if way == "TLS" else None, timeout=timeout)


@pytest.fixture(scope="module")
def stage(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("faults")
    (folder / "broken.yaml").write_text(rules())
    options = {"passlens_scenario": folder / "broken.yaml", "passlens_log": folder / "log.jsonl", "flow_detail": 0}
    with Api() as api, Proxy(confdir, "-s", str(REMOTE), upstream=api, **options) as proxy:
        yield Stage(proxy, api, folder / "log.jsonl")
    assert "Traceback" not in proxy.stdout


WAYS = ("plain", "TLS", "HTTP/2")


def ask(device: Device, where: str, fault: str) -> Got:
    """Ask for the profiles, in the way that brings about the fault."""
    return device.get(f"{PATH}?{where}-{fault}")


def told(stage: Stage, where: str, fault: str) -> dict[str, Any]:
    """What the log says about the exchange, which may come after the client has gone."""
    deadline = time.monotonic() + 60
    while True:
        for entry in reversed(entries_of(stage.log)):
            if entry["injected"] and entry["injected"]["rule"] == f"{where} {fault}":
                return entry
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS[:3])
def test_no_answer_comes(stage: Stage, way: str, fault: str) -> None:
    count = len(stage.api.received)
    with stage.client("TLS") as other, stage.client(way, HURRY if fault == "no_answer" else 15.0) as client:
        bystander = Device(other, "bystander")
        assert bystander.profiles().status == 200
        started = time.monotonic()
        with pytest.raises((OSError, http.client.HTTPException, httpx.TransportError)) as met:
            ask(Device(client), "real", fault)
        took = time.monotonic() - started
        # The connection of somebody else is still the same one, and works.
        assert bystander.profiles().status == 200
    assert len(stage.api.received) == count + 2
    _is_that_fault(way, fault, met.value, took)
    entry = told(stage, "real", fault)
    assert entry["status"] is None
    assert entry["injected"] == {"scenario": "broken", "rule": f"real {fault}", "how": f"fault {fault}"}
    assert entry["findings"] == []
    stage.proxy.wait_for(rf"no answer.*\n(?:.*\n)?  injected  broken/real {fault}  \(fault {fault}\)")
    # The proxy is free for the next one.
    with stage.client(way) as again:
        assert Device(again).profiles().status == 200


def _is_that_fault(way: str, fault: str, error: BaseException, took: float) -> None:
    timeouts = (TimeoutError, httpx.ReadTimeout)
    if fault == "no_answer":
        assert isinstance(error, timeouts)
        assert took >= HURRY
        return
    assert not isinstance(error, timeouts)
    assert took < 10
    if fault == "connection_reset":
        # The client's TLS may report the reset as an end that came too early, and HTTP/2 may meet it as it writes an
        # acknowledgement; the next test looks at the socket.
        assert isinstance(error, (ConnectionResetError, ssl.SSLError, httpx.NetworkError, httpx.RemoteProtocolError))
    elif way == "HTTP/2":
        # An acknowledgement that is written to a closed connection is answered with a reset.
        assert isinstance(error, (httpx.RemoteProtocolError, httpx.NetworkError))
    else:
        assert isinstance(error, http.client.RemoteDisconnected)


@pytest.mark.parametrize("tls", [False, True])
def test_a_reset_is_a_reset_on_the_wire(stage: Stage, tls: bool) -> None:
    device = Device(None)  # type: ignore[arg-type]
    with stage.client("TLS" if tls else "plain") as client:
        head = "".join(f"{name}: {text}\r\n" for name, text in device.headers())
        target = f"{PATH}?real-connection_reset"
        target = target if tls else f"http://{client.host}{target}"
        client.send(f"GET {target} HTTP/1.1\r\nHost: {client.host}\r\n{head}\r\n".encode())
        raw = client.socket
        if tls:
            raw = socket.socket(fileno=client.socket.detach())
            raw.settimeout(60)
        with raw, pytest.raises(ConnectionResetError):
            _read_to_the_end(raw)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("where", ["real", "injected"])
def test_the_body_is_cut(stage: Stage, way: str, where: str) -> None:
    with stage.client(way) as client:
        device = Device(client)
        whole = value(device.profiles()) if where == "real" else BODY
        if way == "HTTP/2":
            with pytest.raises((httpx.RemoteProtocolError, h2.exceptions.InvalidBodyLengthError)):
                ask(device, where, "cut_body")
        else:
            got = ask(device, where, "cut_body")
            length = int(got.header("Content-Length") or 0)
            assert length == len(json.dumps(whole)) or where == "injected"
            assert len(got.body) == length // 2
            assert client.read_all() == b""
            assert got.header(MARK) == f"broken/{where} cut_body"
    entry = told(stage, where, "cut_body")
    assert entry["injected"]["how"] == f"{'respond, ' * (where == 'injected')}fault cut_body"
    assert entry["findings"] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("where", ["real", "injected"])
def test_the_body_is_no_json_or_no_json_by_name(stage: Stage, way: str, where: str) -> None:
    with stage.client(way) as client:
        device = Device(client)
        whole = value(device.profiles()) if where == "real" else BODY
        got = ask(device, where, "malformed_json")
        assert int(got.header("Content-Length") or 0) == len(got.body)
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(got.body)
        assert json.loads(got.body + b"}") == whole
        assert (got.header("Content-Type") or "").startswith("application/json")
        named = ask(device, where, "wrong_content_type")
        assert named.header("Content-Type") == "text/html;charset=UTF-8"
        assert json.loads(named.body) == whole
        assert [one.header(MARK) for one in (got, named)] == [
            f"broken/{where} malformed_json",
            f"broken/{where} wrong_content_type",
        ]
        # The connection is still good.
        assert device.profiles().status == 200
    for fault in ("malformed_json", "wrong_content_type"):
        assert told(stage, where, fault)["findings"] == []


def _read_to_the_end(raw: socket.socket) -> None:
    while raw.recv(1 << 16):
        pass


def test_the_answer_drips(stage: Stage) -> None:
    """All at once, for a drip takes its time."""
    pairs = [(way, where) for way in WAYS for where in ("injected", "real")]
    with ThreadPoolExecutor(len(pairs)) as pool:
        drips = {pool.submit(_the_answer_drips, stage, *pair): pair for pair in pairs}
        failed = {pair: error for drip, pair in drips.items() if (error := drip.exception())}
    assert not failed


def _the_answer_drips(stage: Stage, way: str, where: str) -> None:
    with stage.client(way) as client, stage.client("TLS") as other:
        device, bystander = Device(client), Device(other, "bystander")
        whole = value(device.profiles()) if where == "real" else BODY
        assert bystander.profiles().status == 200
        started = time.monotonic()
        if way == "HTTP/2":
            arrived, pieces = [started], []
            with client.client.stream(
                "GET", f"https://{client.host}{PATH}?{where}-slow_drip", headers=list(device.headers())
            ) as got:
                for piece in got.iter_raw():
                    pieces.append(piece)
                    arrived.append(time.monotonic())
                arrived.append(time.monotonic())
                body = b"".join(pieces)
        else:
            body, arrived = _dripping(client, device, where)
        assert json.loads(body) == whole
        assert arrived[-1] - started > faults.PAUSE * (faults.PIECES - 3)
        assert arrived[-1] - started < faults.PAUSE * faults.PIECES + BUSY
        # The app sees it drip, whatever stands between: no record and no frame holds the whole.
        assert len(arrived) >= faults.PIECES // 2
        assert max(after - before for before, after in pairwise(arrived)) < BUSY
        # The same connection is fast again: the best of some times, for a drip takes as long each time.
        took = []
        for _ in range(3):
            started = time.monotonic()
            assert device.profiles().status == 200
            assert bystander.profiles().status == 200
            took.append(time.monotonic() - started)
        assert min(took) < faults.PAUSE * (faults.PIECES - 3)
    assert told(stage, where, "slow_drip")["injected"]["how"].endswith("fault slow_drip")


def _dripping(client: Http1Client, device: Device, where: str) -> tuple[bytes, list[float]]:
    """The body of a dripping answer, and when its pieces came."""
    target = f"{PATH}?{where}-slow_drip"
    target = target if client.tls else f"http://{client.host}{target}"
    head = "".join(f"{name}: {text}\r\n" for name, text in device.headers())
    client.send(f"GET {target} HTTP/1.1\r\nHost: {client.host}\r\n{head}\r\n".encode())
    got, arrived = b"", []
    while True:
        piece = client.socket.recv(1 << 16)
        assert piece
        got += piece
        arrived.append(time.monotonic())
        before, blank, body = got.partition(b"\r\n\r\n")
        if blank:
            length = next(line for line in before.lower().split(b"\r\n") if line.startswith(b"content-length"))
            if len(body) == int(length.partition(b":")[2]):
                return body, arrived


def test_a_client_that_leaves_while_it_drips_disturbs_nobody(stage: Stage) -> None:
    with stage.client("TLS") as client, stage.client("TLS") as other:
        device = Device(client)
        head = "".join(f"{name}: {text}\r\n" for name, text in device.headers())
        client.send(f"GET {PATH}?injected-slow_drip HTTP/1.1\r\nHost: {client.host}\r\n{head}\r\n".encode())
        assert client.socket.recv(1)
        client.close()
        assert Device(other).profiles().status == 200


# ---- delays


@pytest.mark.parametrize(
    ("delay", "least", "most"),
    [
        ("200", 0.2, 0.2),
        ("{uniform: {lower: 100, upper: 300}}", 0.1, 0.3),
        ("{lognormal: {median: 100, sigma: 0.3}}", 0.03, 0.4),
    ],
)
def test_delays_are_within_their_bounds(stage: Stage, tmp_path: Path, delay: str, least: float, most: float) -> None:
    remote = Remote(stage.proxy)
    path = tmp_path / "late.yaml"
    path.write_text(f"seed: 3\nrules:\n  - name: wait\n    then: {{delay: {delay}}}\n")
    remote.run(f"passlens.scenario {path}")
    try:
        for way in ("TLS", "HTTP/2"):
            with stage.client(way) as client:
                device = Device(client)
                started = time.monotonic()
                got = device.profiles()
                took = time.monotonic() - started
                assert got.header(MARK) == "late/wait"
                assert least <= took < most + BUSY
                entry = entries_of(stage.log)[-1]
                assert entry["injected"] == {"scenario": "late", "rule": "wait", "how": "delay"}
                assert entry["duration_ms"] >= least * 1000
    finally:
        remote.run(f"passlens.scenario {stage.log.parent / 'broken.yaml'}")


def test_delays_are_spread_as_they_say() -> None:
    rng = random.Random(7)

    def drawn(delay: Delay) -> list[float]:
        return [delay_seconds(delay, rng) for _ in range(2000)]

    assert set(drawn(Delay(milliseconds=250))) == {0.25}
    even = drawn(Delay(uniform=Uniform(lower=100, upper=300)))
    assert 0.1 <= min(even) < 0.105
    assert 0.295 < max(even) <= 0.3
    assert 0.19 < statistics.mean(even) < 0.21
    long = drawn(Delay(lognormal=LogNormal(median=100, sigma=0.4)))
    assert 0.09 < statistics.median(long) < 0.11
    assert max(long) > 0.25


# ---- where no client is


class Quiet:
    """A flow of which nobody is at the other end."""

    def __init__(self) -> None:
        self.client_conn, self.killed = object(), False

    def kill(self) -> None:
        """What mitmproxy's flow does at the end."""
        self.killed = True


async def _without_a_client() -> tuple[bool, bool, bool, bool]:
    gone, silent = Quiet(), Quiet()
    return (
        faults.reset(gone),  # type: ignore[arg-type]
        await faults.leave_unanswered(silent),  # type: ignore[arg-type]
        faults.drip(Quiet()),  # type: ignore[arg-type]
        gone.killed and silent.killed,
    )


def test_a_flow_without_a_client_ends_at_once_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_handlers", list)
    assert asyncio.run(_without_a_client()) == (False, False, False, True)


def test_every_fault_of_the_rule_files_is_tried_here() -> None:
    schema = json.loads((Library().folders[-1] / "scenario.schema.json").read_text())
    assert all(f'"{fault}"' in json.dumps(schema) for fault in FAULTS)
    assert len(FAULTS) == 7
