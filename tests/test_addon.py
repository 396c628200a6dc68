"""The addon inside a real mitmdump, with real clients and a real upstream: every documented case, every way a flow can
end, replays, options and commands while it runs, mistakes at the start, a full disk, a killed process."""

import io
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import flow as mitm
from mitmproxy import http, tcp
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.test import tflow

from cases import as_exchange, case, cases
from passlens.addon import Sessions
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.checks.table import BY_CODE
from passlens.control.runtime_file import Address
from passlens.proxy.annotate import MARKERS
from passlens.reports.text import block
from samples.case import Case
from support import remote
from support.clients import Got, Http1Client, Http2Client
from support.proxy import Proxy, run
from support.reply import Received, Reply
from support.stage import entries_of
from support.upstream import Upstream

REMOTE = Path(remote.__file__)
OVER_HTTP2 = ("C1", "C7", "P1", "P3", "P4", "P5", "R2", "RS-B", "P3-no-status", "throttled-partner-session", "logout")
IN_THE_CLEAR = ("C1", "P3", "R1", "RS-B")
PATIENCE = 20.0


@dataclass
class Story:
    """One run: what was sent and got on both sides, and what the addon made of it."""

    clock: float
    sent: list[Case]
    got: list[Got]
    received: list[Received]
    websocket: list[str]
    entries: list[Entry]
    flows: list[mitm.Flow]
    stdout: str
    stderr: str

    @property
    def analyzed(self) -> list[http.HTTPFlow]:
        """Flows that the addon annotated."""
        return [flow for flow in self.flows if isinstance(flow, http.HTTPFlow) and "passlens" in flow.metadata]


def flows_of(path: Path) -> list[mitm.Flow]:
    with path.open("rb") as file:
        return list(FlowReader(file).stream())


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something to become true; fail if it does not in time."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def raw_tcp(port: int) -> None:
    """A tunnel in which something else than TLS or HTTP is spoken."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(b"CONNECT sp.auth.adobe.com:4711 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in client.recv(1 << 16)
        client.sendall(b"\x00\x01\x02\x03\r\n\r\n")
        while client.recv(1 << 16):
            pass


def tell(confdir: Path, folder: Path, clock: float, scripts: list[Path] | None) -> Story:
    """Send every case, and what else a proxy sees; with the addon unless ``scripts`` says otherwise."""
    log, saved = folder / "log.jsonl", folder / "saved.mitm"
    options: dict[str, Any] = {} if scripts is not None else {"passlens_log": log}
    sent, got = cases(clock), []
    with Upstream() as upstream:
        with Proxy(confdir, "-w", str(saved), upstream=upstream, scripts=scripts, flow_detail=0, **options) as proxy:
            with Http1Client(proxy.port, proxy.ca) as client:
                for made in sent:
                    upstream.play(made)
                    got.append(client.case(made))
            with Http2Client(proxy.port, proxy.ca) as second:
                for name in OVER_HTTP2:
                    sent.append(case(name, clock))
                    upstream.play(sent[-1])
                    got.append(second.case(sent[-1]))
            for name in IN_THE_CLEAR:
                sent.append(case(name, clock))
                upstream.play(sent[-1])
                with Http1Client(proxy.port) as plain:
                    got.append(plain.case(sent[-1]))
            upstream.play(Reply(how="websocket"))
            with Http1Client(proxy.port, proxy.ca) as client:
                websocket = client.websocket("/live", "one", "two")
            raw_tcp(proxy.port)
            for how in ("reset", "cut"):
                upstream.play(Reply.of(case("C1", clock), how))
                with Http1Client(proxy.port, proxy.ca) as client:
                    client.case(case("C1", clock))
            upstream.play(Reply(how="silent"))
            count = len(upstream.received)
            with Http1Client(proxy.port, proxy.ca) as client:
                client.send(f"GET {case('RS-B').path} HTTP/1.1\r\nHost: {client.host}\r\n\r\n".encode())
                wait_until(lambda: len(upstream.received) > count)
            if scripts is None:
                wait_until(lambda: len(entries_of(log)) == len(sent) + 3)
        received = list(upstream.received)
    return Story(
        clock, sent, got, received, websocket, entries_of(log), flows_of(saved), proxy.stdout, proxy.stderr
    )  # fmt: skip


@pytest.fixture(scope="module")
def clock() -> float:
    """The clock of both long runs, so that they send the same bytes."""
    return float(int(time.time()))


@pytest.fixture(scope="module")
def story(confdir: Path, tmp_path_factory: pytest.TempPathFactory, clock: float) -> Story:
    return tell(confdir, tmp_path_factory.mktemp("with"), clock, None)


@pytest.fixture(scope="module")
def without(confdir: Path, tmp_path_factory: pytest.TempPathFactory, clock: float) -> Story:
    return tell(confdir, tmp_path_factory.mktemp("without"), clock, [])


# ---- one long run


def test_every_case_is_logged_with_its_operation_and_outcome(story: Story) -> None:
    seen = [(entry["operation"], entry["outcome"], entry["error"]) for entry in story.entries[: len(story.sent)]]
    for made, found in zip(story.sent, seen, strict=True):
        assert found == (made.operation, made.outcome, made.error), made.name


def test_what_is_seen_live_is_what_the_case_deserves(story: Story) -> None:
    for made, entry in zip(story.sent, story.entries, strict=False):
        alone = analyze(as_exchange(made, story.clock))
        expected = [(item["code"], item["at"], item["severity"]) for item in alone["findings"]]
        # All cases come from one device, one after the other; what that makes a sequence is told by other tests.
        found = [item for item in entry["findings"] if BY_CODE[item["code"]].scope not in ("sequence", "expectation")]
        assert [(item["code"], item["at"], item["severity"]) for item in found] == expected, made.name
        for key in ("method", "path", "service_provider", "partner", "code", "mvpd", "status", "action", "device"):
            assert entry[key] == alone[key], (made.name, key)


def test_every_exchange_has_its_block_on_standard_output(story: Story) -> None:
    assert len(story.entries) == len(story.sent) + 3
    for entry in story.entries:
        assert block(entry) + "\n\n" in story.stdout
    assert "\x1b" not in story.stdout


def test_every_flow_carries_comment_marker_and_metadata(story: Story) -> None:
    analyzed = {flow.metadata["passlens"]["index"]: flow for flow in story.analyzed}
    assert len(analyzed) == len(story.entries)
    for entry in story.entries:
        flow = analyzed[entry["index"]]
        of_log = {"schema": 2, "kind": "exchange"}
        assert of_log | json.loads(json.dumps(flow.metadata["passlens"])) == entry
        assert flow.comment == f"passlens: {block(entry)}"
        found = {finding["severity"] for finding in entry["findings"]}
        worst = next((severity for severity in MARKERS if severity in found), None)
        assert flow.marked == (MARKERS[worst] if worst else "")


def test_other_flows_are_counted_and_left_alone(story: Story) -> None:
    others = [flow for flow in story.flows if flow not in story.analyzed]
    assert sum(isinstance(flow, tcp.TCPFlow) for flow in others) == 1
    assert sum(isinstance(flow, http.HTTPFlow) and flow.websocket is not None for flow in others) == 1
    assert all(not flow.comment and not flow.marked and not flow.metadata for flow in others)
    assert story.websocket == ["one", "two"]


def test_flows_that_fail_say_why(story: Story) -> None:
    reset, cut, left = story.entries[-3:]
    assert [entry["status"] for entry in (reset, cut, left)] == [None, 200, None]
    for entry in (reset, left):
        (finding,) = [item for item in entry["findings"] if item["code"] == "PL906"]
        assert "There is no answer: " in finding["message"]
        assert "no answer" in block(entry)
    (finding,) = [item for item in cut["findings"] if item["code"] == "PL906"]
    assert "The answer is not whole: " in finding["message"]


def test_the_summary_stands_at_the_end(story: Story) -> None:
    end = story.stdout[story.stdout.rindex(f"{len(story.entries)} exchanges, ") :]
    assert "2 other flows" in end
    for made in story.sent:
        assert f"  {made.operation}" in end
    for code in {item["code"] for entry in story.entries for item in entry["findings"]}:
        assert code in end
    assert story.stderr == ""


def test_no_byte_differs_with_and_without_the_addon(story: Story, without: Story) -> None:
    # But for the key that a WebSocket client draws by lot.
    def drawn(received: Received) -> tuple[Any, ...]:
        headers = [pair for pair in received.headers if pair[0] != "Sec-WebSocket-Key"]
        return received.method, received.target, headers, received.body, received.version, received.tls

    assert list(map(drawn, story.received)) == list(map(drawn, without.received))
    assert story.got == without.got
    assert story.websocket == without.websocket
    for made, got, received in zip(story.sent, story.got, story.received, strict=False):
        assert got.body == made.response_body
        assert received.body == made.body


# ---- bodies that are not kept


def test_streamed_bodies_are_reported_and_arrive_whole(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    running = proxy(passlens_log=log, stream_large_bodies="10", flow_detail=0)
    made = case("C1", time.time())
    upstream.play(made, Reply.of(made, "chunked"))
    with Http1Client(running.port, running.ca) as client:
        assert client.case(made).body == made.response_body
        assert client.case(made).body == made.response_body
    assert [received.body for received in upstream.received] == [made.body] * 2
    first, second = entries_of(log)
    assert [item["code"] for item in first["findings"]].count("PL901") == 2
    assert "PL901" in {item["code"] for item in second["findings"]}
    assert first["status"] == 200
    assert first["outcome"] is None


# ---- recordings through mitmdump


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, story: Story) -> Path:
    """A few flows as a user saves them: unannotated, one with a comment and a marker of the user's own."""
    path = tmp_path_factory.mktemp("recording") / "tv.mitm"
    with path.open("wb") as file:
        for number, flow in enumerate(story.analyzed[:4]):
            copy = flow.copy()
            copy.metadata.clear()
            copy.comment, copy.marked = ("", "") if number else ("look at this\npassl: ens", ":star:")
            FlowWriter(file).add(copy)
    return path


def test_a_file_is_read_and_annotated_and_read_again(confdir: Path, recording: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "once.mitm", tmp_path / "twice.mitm"
    first = run(confdir, "-nr", str(recording), "-w", str(once), flow_detail=0)
    assert first.returncode == 0, first.stdout + first.stderr
    again = run(confdir, "-nr", str(once), "-w", str(twice), flow_detail=0)
    assert "4 exchanges" in first.stdout
    assert "4 exchanges" in again.stdout
    for before, after in zip(flows_of(once), flows_of(twice), strict=True):
        assert after.comment == before.comment
        assert after.marked == before.marked
        assert after.comment.count("passlens: ") == 1
    own = flows_of(twice)[0]
    assert own.comment.startswith("look at this\npassl: ens\npasslens: ")
    assert own.marked == ":star:"


def test_calls_of_rest_api_v1_are_named_once_and_counted(confdir: Path, tmp_path: Path) -> None:
    path = tmp_path / "v1.mitm"
    with path.open("wb") as file:
        for code in ("TJJCFK1", "TJJCFK2"):
            flow = tflow.tflow(resp=True)
            flow.request.host, flow.request.path = "api.auth.adobe.com", f"/reggie/v1/Demo/regcode/{code}"
            FlowWriter(file).add(flow)
    got = run(confdir, "-nr", str(path), flow_detail=0)
    assert got.stdout.count("GET /reggie/v1/…/regcode/…: REST API V1") == 1
    assert "2 calls, REST API V1, which passlens does not check: GET /reggie/v1/…/regcode/… 2" in got.stdout
    assert "TJJCFK" not in got.stdout + got.stderr


def test_a_summary_stands_at_the_end_where_no_api_call_came(confdir: Path, tmp_path: Path) -> None:
    path = tmp_path / "others.mitm"
    with path.open("wb") as file:
        FlowWriter(file).add(tflow.tflow(resp=True))
    assert "0 exchanges, 1 other flow: " in run(confdir, "-nr", str(path), flow_detail=0).stdout
    path.write_bytes(b"")
    assert "0 exchanges: " in run(confdir, "-nr", str(path), flow_detail=0).stdout


def test_client_replay_is_seen(confdir: Path, recording: Path, upstream: Upstream, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    flows = [flow for flow in flows_of(recording) if isinstance(flow, http.HTTPFlow)]
    for flow in flows:
        upstream.on(flow.request.method, flow.request.path, Reply.of(case("P3")))
    got = run(confdir, "-nC", str(recording), upstream=upstream, passlens_log=log, flow_detail=0)
    assert got.returncode == 0, got.stdout + got.stderr
    assert [entry["path"] for entry in entries_of(log)] == [flow.request.path for flow in flows]
    assert [received.body for received in upstream.received] == [flow.request.raw_content for flow in flows]


def test_server_replay_is_seen(
    proxy: Callable[..., Proxy], recording: Path, upstream: Upstream, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    running = proxy("-S", str(recording), passlens_log=log, flow_detail=0)
    flow = flows_of(recording)[0]
    assert isinstance(flow, http.HTTPFlow)
    assert flow.response is not None
    with Http1Client(running.port, running.ca) as client:
        headers = tuple((name, value) for name, value in flow.request.headers.items(multi=True) if name != "Host")
        got = client.request(flow.request.method, flow.request.path, headers, flow.request.raw_content)
    assert got.body == flow.response.raw_content
    assert not upstream.received
    (entry,) = entries_of(log)
    assert entry["outcome"] == "C1"


# ---- options and commands


class Remote:
    """Orders to a running mitmdump."""

    def __init__(self, running: Proxy) -> None:
        self.port = running.port

    def _order(self, path: str, words: str) -> tuple[int, str]:
        with Http1Client(self.port, host=remote.HOST) as client:
            got = client.request("POST", path, (), words.encode())
            return got.status, got.body.decode()

    def set(self, words: str) -> str:
        """Set an option; what mitmproxy objects, if it does."""
        return self._order("/set", words)[1]

    def run(self, words: str) -> str:
        """Run a command and give its result."""
        status, result = self._order("/run", words)
        assert status == 200, result
        return result


def test_options_change_and_commands_work_while_it_runs(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    running = proxy("-s", str(REMOTE), passlens_log=one, flow_detail=0)
    orders = Remote(running)
    made = case("P3", time.time())
    with Http1Client(running.port, running.ca) as client:

        def send() -> None:
            upstream.play(made)
            assert client.case(made).status == 200

        send()
        assert [entry["index"] for entry in entries_of(one)] == [0]
        # The log moves, and a place that cannot be written is refused.
        assert orders.set(f"passlens_log={two}") == ""
        send()
        assert "cannot open the log" in orders.set(f"passlens_log={tmp_path / 'missing' / 'x'}")
        send()
        assert (len(entries_of(one)), len(entries_of(two))) == (1, 2)
        # Revealing is switched, and another word refused.
        assert orders.set("passlens_reveal=true") == ""
        send()
        assert "expected true or false" in orders.set("passlens_reveal=perhaps")
        send()
        assert orders.set("passlens_reveal=false") == ""
        send()
        shown = [entry["device"]["identifier"].partition(":")[0] == "sha256" for entry in entries_of(two)]
        assert shown == [True, True, False, False, True]
        # The filter narrows, and a broken one is refused.
        assert "no filter expression" in orders.set("passlens_filter=~zz(")
        send()
        assert orders.set("passlens_filter=~m GET") == ""
        send()
        assert orders.set("passlens_filter=") == ""
        send()
        assert len(entries_of(two)) == 7
        status = orders.run("passlens.status")
        assert status.startswith("8 exchanges, ")
        assert "partner-session" in status
        assert f"log {two}, redacting" in status
        orders.run("passlens.reset")
        assert orders.run("passlens.status").startswith("0 exchanges")
        assert orders.set("passlens_log=") == ""
        send()
        assert len(entries_of(two)) == 7
        assert "no log, redacting" in orders.run("passlens.status")
    assert running.stop() == 0
    assert "passlens_reveal is on" in running.stdout
    assert "Traceback" not in running.stdout + running.stderr


# ---- what goes wrong


MISTAKES = {
    "passlens_lgo=x": "passlens_lgo is no option of passlens; did you mean passlens_log?",
    "passlens_reveal=maybe": "passlens_reveal is 'maybe', expected true or false.",
    "passlens_filter=~zz(": "passlens_filter: '~zz(' is no filter expression of mitmproxy; see",
    "passlens_log=missing/folder/x": "cannot open the log missing/folder/x: No such file or directory; name a file",
}


def test_a_mistake_at_the_start_is_one_sentence_and_an_end(confdir: Path) -> None:
    def start(words: str) -> tuple[int, str, str]:
        got = run(confdir, "--set", words)
        return got.returncode, got.stdout, got.stderr

    with ThreadPoolExecutor(2) as pool:
        for words, (status, stdout, stderr) in zip(MISTAKES, pool.map(start, MISTAKES), strict=True):
            assert status == 1, words
            assert stderr.count(f"passlens: {MISTAKES[words]}") == 1
            assert stdout.count(f"passlens: {MISTAKES[words]}") == 1
            assert "Traceback" not in stdout + stderr


def test_a_full_disk_is_reported_once_and_traffic_goes_on(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    running = proxy(passlens_log="/dev/full", flow_detail=0)
    made = case("C1", time.time())
    with Http1Client(running.port, running.ca) as client:
        for _ in range(3):
            upstream.play(made)
            assert client.case(made).body == made.response_body
    running.stop()
    said = "passlens: cannot write the log /dev/full: No space left on device; the traffic goes on without it."
    assert running.stdout.count(said) == 1
    # Three exchanges, and the journey that they are.
    assert "4 lines missing from the log." in running.stdout
    assert "3 exchanges" in running.stdout


def test_a_killed_proxy_loses_no_answered_exchange(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    running = proxy(passlens_log=log, flow_detail=0)
    made = case("P3", time.time())
    with Http1Client(running.port, running.ca) as client:
        for _ in range(5):
            upstream.play(made)
            assert client.case(made).status == 200
        running.kill()
    assert [entry["outcome"] for entry in entries_of(log)] == ["P3"] * 5
    assert "exchanges:" not in running.stdout


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_the_address_of_the_panel_has_its_token_on_a_terminal_alone() -> None:
    sessions = Sessions()
    assert sessions._panel(Terminal()) == ([], [])
    sessions._control.address = Address("127.0.0.1", 8084, "made-up-token")
    assert sessions._panel(Terminal()) == (["http://127.0.0.1:8084/#made-up-token"], [])
    (line,), code = sessions._panel(io.StringIO())
    assert line.startswith("http://127.0.0.1:8084/ ")
    assert "made-up-token" not in line
    assert code == []
    sessions._control.address = Address("192.168.1.20", 8084, "made-up-token")
    (line,), code = sessions._panel(Terminal())
    assert line == "http://192.168.1.20:8084/#made-up-token"
    assert len(code) > 10
