"""Scenarios, virtual sessions and the sandbox beside mitmproxy's other parts: client replay, files, server replay,
map_local, filters, streams; and the sandbox with nothing behind it."""

import asyncio
import json
import random
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.test import tflow

import forge
from cases import case, cases
from passlens.proxy import status
from passlens.proxy.flow_edits import INJECTED
from passlens.proxy.injector import Injector
from passlens.rest_v2.operations import HOSTS, OPERATIONS
from passlens.scenarios.library import Library, RunningScenario
from passlens.scenarios.plan import SANDBOX
from samples.case import HOST, Case
from support.api import OWN_CODES, Api
from support.clients import Http1Client, Http2Client
from support.device import MARK, SP, Device, value
from support.proxy import Proxy, becomes, run
from support.stage import REMOTE, Remote, entries_of

OVERRIDE = """rules:
  - name: over it
    when: {operation: create-session}
    then: {outcome: C5, override: true}
"""
REUSE = ("--set", "server_replay_reuse=true", "--set", "server_replay_ignore_content=true")


def flows_of(path: Path) -> list[http.HTTPFlow]:
    with path.open("rb") as file:
        return [flow for flow in FlowReader(file).stream() if isinstance(flow, http.HTTPFlow)]


def flow_of(made: Case, clock: float) -> http.HTTPFlow:
    """A recorded flow of a case."""
    flow = tflow.tflow(resp=True)
    flow.request = http.Request.make(
        made.method, f"https://{HOST}{made.path}", made.body, [(n.encode(), v.encode()) for n, v in made.headers]
    )
    flow.response = http.Response.make(
        made.status, made.response_body, [(n.encode(), v.encode()) for n, v in made.answer_headers]
    )
    flow.request.timestamp_start = clock
    flow.request.timestamp_end = clock + 0.01
    flow.response.timestamp_start = clock + 0.03
    flow.response.timestamp_end = clock + 0.04
    flow.live = False
    return flow


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A partner session, a new session and a poster, an hour old; the first was replayed when it was recorded."""
    path = tmp_path / "tv.mitm"
    clock = time.time() - 3600
    poster = case("C1", clock).named("poster", path="/poster.png", method="GET", body=b"")
    with path.open("wb") as file:
        for number, made in enumerate((case("P1", clock), case("C1", clock), poster)):
            flow = flow_of(made, clock + number)
            flow.is_replay = None if number else "request"
            FlowWriter(file).add(flow)
    return path


# ---- with other parts of mitmproxy


def test_a_client_replay_meets_the_scenario(confdir: Path, recording: Path, tmp_path: Path) -> None:
    log, saved, again = tmp_path / "log.jsonl", tmp_path / "saved.mitm", tmp_path / "again.jsonl"
    options: dict[str, Any] = {"passlens_scenario": "pfs-fallback", "flow_detail": 0}
    with Api() as api:
        got = run(confdir, "-nC", str(recording), "-w", str(saved), upstream=api, passlens_log=log, **options)
        assert got.returncode == 0, got.stdout + got.stderr
        first, second = entries_of(log)
        assert (first["outcome"], first["injected"]["rule"]) == ("P3", "fall back")
        assert (second["outcome"], second["injected"]) == ("C1", None)
        assert api.seen == [f"POST /api/v2/{SP}/sessions", "GET /poster.png"]
        # What was injected once is not said to be so when the real server answers the same flow.
        options["passlens_scenario"] = ""
        got = run(confdir, "-nC", str(saved), upstream=api, passlens_log=again, **options)
        assert got.returncode == 0
        assert [entry["injected"] for entry in entries_of(again)] == [None, None]
        assert api.seen[2] == f"POST /api/v2/{SP}/sessions/sso/Apple"


def test_a_file_is_left_as_it_is(confdir: Path, recording: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.mitm"
    got = run(confdir, "-nr", str(recording), "-w", str(saved), passlens_scenario="pfs-fallback", flow_detail=0)
    assert got.returncode == 0
    for before, after in zip(flows_of(recording), flows_of(saved), strict=True):
        assert before.response is not None
        assert after.response is not None
        assert after.request.get_state() == before.request.get_state()
        assert after.response.get_state() == before.response.get_state()
        assert INJECTED not in after.metadata
    assert "never matched: fall back" in got.stdout


def test_a_file_is_rewritten_on_request_and_serves_a_client(confdir: Path, recording: Path, tmp_path: Path) -> None:
    saved, log = tmp_path / "rewritten.mitm", tmp_path / "log.jsonl"
    got = run(
        confdir, "-nr", str(recording), "-w", str(saved), passlens_scenario="pfs-fallback",
        passlens_rewrite_recordings="true", passlens_log=log, flow_detail=0,
    )  # fmt: skip
    assert got.returncode == 0, got.stdout
    first, second = entries_of(log)
    assert (first["outcome"], first["injected"]["how"]) == ("P3", "outcome")
    # The clock is the recording's, in the answer and in its times.
    assert 0 <= first["duration_ms"] < 1000
    assert first["findings"] == []
    assert second["injected"] is None
    rewritten, real, _ = flows_of(saved)
    assert rewritten.response is not None
    assert rewritten.modified()
    body = json.loads(rewritten.response.content or b"")
    assert abs(int(body["notBefore"]) / 1000 - rewritten.request.timestamp_start) < 2
    rewritten.revert()
    assert rewritten.response is not None
    assert json.loads(rewritten.response.content or b"")["actionName"] == "partner_profile"
    assert not real.modified()
    # A client is served from it, with nothing behind the proxy.
    with (
        Api() as api,
        Proxy(confdir, "-S", str(saved), upstream=api, flow_detail=0) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):
        served = client.request("POST", rewritten.request.path, (), rewritten.request.content)
        assert json.loads(served.body) == body
        assert served.header(MARK) == "pfs-fallback/fall back"
        assert api.seen == []


def test_a_dry_run_takes_no_time_and_ends_what_cannot_be_broken(confdir: Path, recording: Path, tmp_path: Path) -> None:
    log, rules = tmp_path / "log.jsonl", tmp_path / "dry.yaml"
    rules.write_text(
        "rules:\n  - name: late\n    when: {operation: partner-session}\n    then: {delay: 90000}\n"
        "  - name: gone\n    when: {operation: create-session}\n    then: {fault: connection_reset}\n"
    )
    got = run(
        confdir, "-nr", str(recording), passlens_scenario=rules, passlens_rewrite_recordings="true",
        passlens_log=log, flow_detail=0,
    )  # fmt: skip
    assert got.returncode == 0
    late, gone = entries_of(log)
    assert late["injected"]["how"] == "delay"
    assert 90_000 < late["duration_ms"] < 91_000
    assert (gone["status"], gone["injected"]["how"]) == (None, "fault connection_reset")
    assert "Traceback" not in got.stdout + got.stderr


@pytest.mark.parametrize("other", ["server replay", "map_local"])
def test_an_answer_that_is_there_already_is_not_overwritten_unless_a_rule_says_so(
    confdir: Path, recording: Path, tmp_path: Path, other: str
) -> None:
    (tmp_path / "override.yaml").write_text(OVERRIDE)
    local = tmp_path / "local.json"
    local.write_text('{"from": "a file"}')
    if other == "map_local":
        arguments = ("--map-local", f"|{HOST}/api/v2/{SP}/sessions$|{local}")
    else:
        arguments = ("-S", str(recording), *REUSE)
    log = tmp_path / "log.jsonl"
    with (
        Api() as api,
        Proxy(
            confdir, *arguments, "-s", str(REMOTE), upstream=api, passlens_scenario="degraded", passlens_explain="true",
            passlens_log=log, flow_detail=0,
        ) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):  # fmt: skip
        device, remote = Device(client), Remote(proxy)
        got = device.create_session()
        assert got.header(MARK) is None
        assert entries_of(log)[-1]["injected"] is None
        body = json.loads(got.body)
        assert body == {"from": "a file"} if other == "map_local" else body["actionName"] == "authenticate"
        proxy.wait_for("passlens: skipped: the flow already has a response; override: true in the rule replaces it.")
        remote.run(f"passlens.scenario {tmp_path / 'override.yaml'}")
        got = device.create_session()
        assert got.header(MARK) == "override/over it"
        assert value(got)["reasonType"] == "degraded"
        assert api.seen == []


def test_the_filter_narrows_scenarios_too(confdir: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with (
        Api() as api,
        Proxy(
            confdir, upstream=api, passlens_scenario="pfs-fallback", passlens_filter="~hq kitchen", passlens_log=log,
            flow_detail=0,
        ) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):  # fmt: skip
        device = Device(client)
        path, body = f"/api/v2/{SP}/sessions/sso/Apple", b"domainName=x.example&redirectUrl=https%3A%2F%2Fx.example"
        typed = device.headers(media_type="application/x-www-form-urlencoded")
        assert client.request("POST", path, typed, body).header(MARK) is None
        assert client.request("POST", path, (*typed, ("X-Room", "kitchen")), body).header(MARK) is not None
        assert len(api.received) == len(entries_of(log)) == 1


def test_what_was_streamed_past_is_left_alone_and_said_to_be(confdir: Path, tmp_path: Path) -> None:
    rules = tmp_path / "hold.yaml"
    rules.write_text(
        "rules:\n  - name: merged\n    when: {operation: retrieve-profiles}\n"
        "    then: {rewrite_response: {merge: {added: true}}}\n"
        "  - name: ours\n    when: {operation: create-session}\n    then: {outcome: C5}\n"
    )
    with (
        Api() as api,
        Proxy(
            confdir, upstream=api, passlens_scenario=rules, stream_large_bodies="1", flow_detail=0,
        ) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):  # fmt: skip
        device = Device(client)
        assert "added" not in value(device.profiles())
        proxy.wait_for("passlens: skipped: the response cannot be changed: the body was streamed past the proxy")
        assert value(device.create_session())["actionName"] == "authenticate"
        proxy.wait_for("passlens: skipped: the request cannot be looked into: the body was streamed past the proxy")
        assert len(api.received) == 2


def test_after_switching_off_every_byte_is_the_same_again(confdir: Path) -> None:
    with (
        Api() as api,
        Proxy(confdir, "-s", str(REMOTE), upstream=api, flow_detail=0) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):
        remote = Remote(proxy)
        before = [client.case(made) for made in cases(time.time(), "current", "other")]
        sent = list(api.received)
        api.received.clear()
        for name in ("missing-parameters", "slow-network", "pfs-fallback.provoke"):
            remote.run(f"passlens.scenario {name}")
        Device(client).partner_session()
        remote.run("passlens.scenario.off")
        api.received.clear()
        after = [client.case(made) for made in cases(time.time(), "current", "other")]

        def comparable(requests: list[Any]) -> list[Any]:
            # The cases are built anew, so that tokens and times in them differ; everything else must not.
            return [(one.method, one.target, [name for name, _ in one.headers], len(one.body)) for one in requests]

        assert comparable(api.received) == comparable(sent)
        assert [(got.status, got.headers, got.body) for got in after] == [
            (got.status, got.headers, got.body) for got in before
        ]


# ---- the sandbox


def every_operation(call: Callable[..., Any]) -> dict[str, int]:
    """Call all operations as one device does; the status of each."""
    statuses: dict[str, int] = {}
    device = Device(None)  # type: ignore[arg-type]

    def send(operation: str, method: str, path: str, headers: Any, body: bytes = b"") -> dict[str, Any]:
        got = call(method, path, headers, body)
        statuses[operation] = got.status
        assert got.header(MARK) == f"sandbox/{operation}"
        found = json.loads(got.body) if got.body[:1] == b"{" else {}
        assert isinstance(found, dict)
        return found

    class Recorder:
        """Sends what the device says, under the operation's name."""

        operation = ""

        def request(self, method: str, path: str, headers: Any = (), body: bytes = b"") -> Any:
            """Send, and keep the status."""
            self.body = send(self.operation, method, path, headers, body)
            return self

    recorder = Recorder()
    device.client = recorder  # type: ignore[assignment]

    def step(operation: str, act: Callable[[], Any]) -> dict[str, Any]:
        recorder.operation = operation
        act()
        return recorder.body

    statement = {"software_statement": forge.software_statement()}
    made = step("dcr-register", lambda: device.json("/o/client/register", statement))
    named = {"client_id": made["client_id"], "client_secret": made["client_secret"], "grant_type": "client_credentials"}
    device.token = "Bearer " + step("dcr-token", lambda: device.form("/o/client/token", **named))["access_token"]
    base = f"/api/v2/{SP}"
    providers = step("retrieve-configuration", lambda: device.get(f"{base}/configuration"))["requestor"]["mvpds"]
    assert forge.MVPD in {provider["id"] for provider in providers}
    lacks = step("create-session", lambda: device.create_session(mvpd=forge.MVPD, domainName=forge.DOMAIN))
    assert lacks["actionName"] == "resume"
    step("retrieve-session", lambda: device.retrieve(lacks["code"]))
    whole = step("resume-session", lambda: device.resume(lacks["url"], redirectUrl=forge.REDIRECT_URL))
    step("authenticate", lambda: device.open(whole["url"]))
    polled = step("retrieve-profile-code", lambda: device.poll(lacks["code"]))
    assert list(polled["profiles"]) == [forge.MVPD]
    step("retrieve-profiles", device.profiles)
    step("retrieve-profile-mvpd", lambda: device.get(f"{base}/profiles/{forge.MVPD}"))
    step("preauthorize", device.preauthorize)
    step("authorize", device.authorize)
    back = urlencode({"redirectUrl": forge.REDIRECT_URL})
    step("logout", lambda: device.get(f"{base}/logout/{forge.MVPD}?{back}"))
    partner = step("partner-session", device.partner_session)
    assert partner["actionName"] == "partner_profile"
    step("partner-profile", lambda: device.partner_profile(partner["url"]))
    return statuses


EXPECTED = {operation.id: 200 for operation in OPERATIONS} | {
    "dcr-register": 201, "dcr-token": 201, "partner-profile": 201, "authenticate": 302,
}  # fmt: skip


@pytest.fixture
def alone(confdir: Path, tmp_path: Path) -> Any:
    """``passlens proxy --sandbox`` with no server that could be reached; it ends with the test."""
    log = tmp_path / "log.jsonl"
    words = ("--sandbox-host", "api.tv.example", "--log", str(log), "--scenario", "throttled")
    # Whatever tries to go out meets a closed port.
    script = tmp_path / "nowhere.py"
    script.write_text(
        '"""Sends every connection to a closed port."""\n\n'
        'def server_connect(data):\n    data.server.address = ("127.0.0.1", 9)\n'
    )
    with Proxy(confdir, "-s", str(script), "-s", str(REMOTE), command=becomes(*words), scripts=[]) as proxy:
        remote = Remote(proxy)
        remote.run("passlens.scenario.off")
        yield proxy, remote, log


def test_the_sandbox_answers_all_operations_with_no_server_in_reach(alone: Any) -> None:
    proxy, remote, log = alone
    with Http1Client(proxy.port, proxy.ca) as client:
        assert client.socket.selected_alpn_protocol() == "http/1.1"  # type: ignore[attr-defined]
        assert every_operation(client.request) == EXPECTED
    # TLS to a host that is not the sandbox's still passes unread to its server, which is not there.
    # How a closed connection looks to the client depends on what it was doing at that moment.
    over = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError)
    with pytest.raises(over), Http1Client(proxy.port, proxy.ca, host="www.elsewhere.example"):
        pass
    with Http1Client(proxy.port, proxy.ca) as client:
        got = client.request("GET", "/poster.png")
        assert (got.status, got.header(MARK)) == (404, "sandbox/not found")
    for entry in entries_of(log)[: len(EXPECTED)]:
        assert entry["injected"] == {"scenario": SANDBOX, "rule": entry["operation"], "how": SANDBOX}
        assert {item["severity"] for item in entry["findings"]} <= {"note"}
    remote.run("passlens.reset")
    with Http1Client(proxy.port, proxy.ca, host="api.tv.example") as given:
        assert every_operation(given.request) == EXPECTED
    (line,) = [line for line in remote.run("passlens.status").splitlines() if line.startswith("sandbox for ")]
    assert set(line.removeprefix("sandbox for ").split(", ")) == {*HOSTS, "api.tv.example"}
    # A scenario works on top.
    remote.run("passlens.scenario pfs-fallback")
    with Http1Client(proxy.port, proxy.ca) as client:
        device = Device(client)
        body = value(device.partner_session())
        assert (body["reasonType"], entries_of(log)[-1]["injected"]["scenario"]) == ("pfs_fallback", "pfs-fallback")
        assert device.open(body["url"]).status == 302
        assert list(value(device.poll(body["code"]))["profiles"]) == [forge.MVPD]
    remote.run("passlens.scenario pfs-fallback.provoke")
    with Http1Client(proxy.port, proxy.ca) as client:
        got = Device(client).partner_session()
        assert value(got)["reasonType"] == "pfs_fallback"
        assert got.header(MARK) == "pfs-fallback.provoke/without a partner status"
        assert entries_of(log)[-1]["injected"]["how"] == "rewrite_request, sandbox"
    assert "Traceback" not in proxy.stdout + proxy.stderr


class OnlyHttp2(ssl.SSLContext):
    """Offers nothing but h2, whatever it is told to offer."""

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        """Set h2."""
        super().set_alpn_protocols(["h2"])


def test_the_sandbox_speaks_http2_to_a_client_that_speaks_nothing_else(alone: Any) -> None:
    proxy, _, _ = alone
    context = OnlyHttp2(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(proxy.ca)
    with Http2Client(proxy.port, proxy.ca) as client:
        client.client.close()
        proxied = httpx.Proxy(f"http://127.0.0.1:{proxy.port}")
        client.client = httpx.Client(http2=True, verify=context, proxy=proxied, trust_env=False)

        def call(method: str, path: str, headers: Any, body: bytes) -> Any:
            got = client.request(method, path, headers, body)
            assert got.version == "HTTP/2"
            return got

        assert every_operation(call) == EXPECTED


# ---- pages of another origin


def preflight_of(path: str, host: str = HOST) -> http.HTTPFlow:
    """What a browser asks before it sends a request with headers of the API."""
    headers = {
        "Origin": "https://tv.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "ap-device-identifier,authorization,ap-partner-framework-status",
    }
    flow = tflow.tflow(req=http.Request.make("OPTIONS", f"https://{host}{path}", b"", headers))
    flow.live = True
    return flow


def answered_before(acting: Injector, flow: http.HTTPFlow) -> http.Response | None:
    asyncio.run(acting.before(flow))
    return flow.response


def test_the_sandbox_answers_a_preflight(caplog: pytest.LogCaptureFixture) -> None:
    acting = Injector()
    acting.hosts = frozenset((HOST,))
    got = answered_before(acting, preflight_of(f"/api/v2/{SP}/sessions"))
    assert got is not None
    assert (got.status_code, got.headers["Access-Control-Allow-Origin"]) == (200, "https://tv.example")
    assert got.headers["Access-Control-Allow-Methods"] == "POST, GET, OPTIONS, DELETE"
    allowed = got.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"ap-device-identifier", "authorization", "x-device-info", "ap-partner-framework-status"} <= {*allowed}
    unknown = answered_before(acting, preflight_of("/nothing"))
    assert unknown is not None
    assert (unknown.status_code, unknown.headers["Access-Control-Allow-Origin"]) == (404, "https://tv.example")
    assert not caplog.records


@pytest.mark.parametrize(
    ("then", "operation", "responses"),
    [
        ("outcome: C5", "create-session", True),
        ("respond: {json: {}}", "", True),
        ("outcome: P3", "partner-session", False),
        ("rewrite_response: {merge: {a: 1}}", "create-session", False),
        ("delay: 10", "", False),
    ],
)
def test_a_scenario_answers_the_preflight_of_what_it_answers(
    tmp_path: Path, then: str, operation: str, responses: bool
) -> None:
    path = tmp_path / "injecting.yaml"
    when = f"    when: {{operation: {operation}}}\n" if operation else ""
    path.write_text(f"rules:\n  - name: x\n{when}    then: {{{then}}}\n")
    acting = Injector()
    acting.scenarios.for_all = RunningScenario(Library().load(str(path)), random.Random(1), acting.scenarios.memory)
    flow = preflight_of(f"/api/v2/{SP}/sessions")
    got = answered_before(acting, flow)
    assert (got is not None) is responses
    assert (INJECTED in flow.metadata) is responses
    assert answered_before(acting, preflight_of("/other")) is None


def test_a_virtual_session_answers_the_preflights_of_its_code_and_no_others() -> None:
    acting = Injector()
    session = acting.api.sessions.open(SP, "tv", now=time.time(), rng=random.Random(1))
    assert answered_before(acting, preflight_of(f"/api/v2/{SP}/sessions/{session.code}")) is not None
    assert answered_before(acting, preflight_of(f"/api/v2/{SP}/sessions/0000000")) is None


# ---- without a process


def test_nothing_is_on_to_begin_with() -> None:
    acting = Injector()
    assert acting.idle
    assert status.lines(acting) == ["no scenario"]
    assert acting.scenarios.never_matched() == ()


def test_an_answer_that_nothing_is_to_be_done_about_is_not_looked_into() -> None:
    acting, flow = Injector(), flow_of(case("P1", time.time()), time.time())
    flow.live = True
    assert not acting.concerns(flow)
    assert asyncio.run(acting.after(flow)) is None
    acting.api.sessions.open("SP", "d", now=time.time(), rng=random.Random(1))
    assert acting.concerns(flow)
    assert asyncio.run(acting.after(flow)) is not None


def test_a_template_that_cannot_be_filled_in_is_one_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("rules:\n  - name: x\n    then: {respond: {body: '{{ form.mvpd.what.is }}'}}\n")
    acting = Injector()
    acting.scenarios.for_all = RunningScenario(Library().load(str(path)), random.Random(1), acting.scenarios.memory)
    flow = flow_of(case("P1", time.time()), time.time())
    flow.live, flow.response = True, None
    asyncio.run(acting.before(flow))
    assert flow.response is None
    (record,) = caplog.records
    assert record.getMessage().startswith("passlens: a rule could not be applied: ")
    assert record.exc_info is None


@pytest.mark.parametrize(
    ("then", "marked"),
    [
        ("rewrite_request: {form: {set: {redirectUrl: https://other.example/}}}", True),
        ("rewrite_request: {partner_status: {set: {a: 1}}}", False),
        ("rewrite_response: {merge: {serviceProvider: other}}", True),
        ("rewrite_response: {merge: {nothing: null}}", False),
        ("delay: 0", False),
    ],
)
def test_what_was_left_alone_carries_no_mark(tmp_path: Path, then: str, marked: bool) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(f"rules:\n  - name: x\n    then: {{{then}}}\n")
    acting = Injector()
    acting.scenarios.for_all = RunningScenario(Library().load(str(path)), random.Random(1), acting.scenarios.memory)
    flow = flow_of(case("C1", time.time()), time.time())
    response, flow.response, flow.live = flow.response, None, True

    async def play() -> None:
        await acting.before(flow)
        flow.response = response
        await acting.after(flow)

    asyncio.run(play())
    assert flow.response is not None
    assert (INJECTED in flow.metadata, MARK in flow.response.headers) == (marked, marked)


def test_a_code_carries_the_state_of_its_device_on_whether_or_not_a_rule_took_it(tmp_path: Path) -> None:
    path = tmp_path / "state.yaml"
    path.write_text(
        "rules:\n  - name: marked\n    when: {operation: retrieve-profiles}\n    then: {state: marked}\n"
        "  - name: follows\n    when: {operation: retrieve-profile-code, state: marked}\n"
        "    then: {outcome: throttled}\n"
    )
    acting = Injector()
    acting.scenarios.for_all = RunningScenario(Library().load(str(path)), random.Random(1), acting.scenarios.memory)
    clock = time.time()

    async def play(made: Case) -> http.HTTPFlow:
        flow = flow_of(made, clock)
        response, flow.response, flow.live = flow.response, None, True
        await acting.before(flow)
        flow.response = flow.response or response
        await acting.after(flow)
        return flow

    async def story() -> int:
        await play(case("retrieve-profiles", clock))
        await play(case("C1", clock))
        # A telephone polls: another device, the same code.
        poll = case("retrieve-profile-code", clock).named("poll", path=f"/api/v2/{SP}/profiles/code/{OWN_CODES[0]}")
        flow = await play(poll.with_header("AP-Device-Identifier", forge.device_identifier("phone")))
        assert flow.response is not None
        return flow.response.status_code

    assert asyncio.run(story()) == 429
