"""Each shipped scenario, walked to its end by a client behind a real mitmdump, before a real server that does not know
passlens' codes: over HTTP/1.1 and HTTP/2 with intercepted TLS, and by two devices at once."""

import base64
import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader

import forge
from cases import as_exchange, case
from passlens.exchange.decoded import Decoded
from passlens.proxy.annotate import INJECTED_MARKERS, MARKERS
from passlens.scenarios.apply import delay_seconds
from passlens.scenarios.engine import Engine
from passlens.scenarios.library import Library, shipped
from support import decision_walks
from support.api import OWN_CODES, Api
from support.clients import Got, Http1Client, Http2Client
from support.device import FULL, MARK, SP, Device, code_of, value
from support.proxy import Proxy
from support.stage import REMOTE, Entry, Remote, Watch, entries_of

CLIENTS: dict[str, Callable[..., Any]] = {"HTTP/1.1": Http1Client, "HTTP/2": Http2Client}
HOUR_MS = 3_600_000


@dataclass
class Stage:
    """A proxy with a server behind it; ``version`` is what its clients speak."""

    version: str
    api: Api
    proxy: Proxy
    log: Path
    saved: Path
    remote: Remote
    clients: list[Any] = field(default_factory=list)

    def device(self, name: str) -> tuple[Device, Watch]:
        """A device with a connection of its own."""
        client = CLIENTS[self.version](self.proxy.port, self.proxy.ca)
        self.clients.append(client)
        watch = Watch(client, self.log, self.api)
        return Device(watch, name), watch

    def hang_up(self) -> None:
        """Close all connections."""
        while self.clients:
            self.clients.pop().__exit__()


@contextmanager
def on_stage(version: str, confdir: Path, folder: Path) -> Iterator[Stage]:
    """A stage that ends with the block."""
    log, saved = folder / "log.jsonl", folder / "saved.mitm"
    with (
        Api() as api,
        Proxy(confdir, "-s", str(REMOTE), "-w", str(saved), upstream=api, passlens_log=log, flow_detail=0) as proxy,
    ):
        yield Stage(version, api, proxy, log, saved, Remote(proxy))


@pytest.fixture(scope="module", params=CLIENTS)
def stage(request: pytest.FixtureRequest, confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with on_stage(request.param, confdir, tmp_path_factory.mktemp("stage")) as made:
        yield made


class Walk:
    """One device in one scenario: what it calls, and who has to have answered."""

    def __init__(self, stage: Stage, scenario: str, device: str = "") -> None:
        self.scenario, self.stage = scenario, stage
        self.device, self.watch = stage.device(device or f"device of {scenario}")

    def injected(self, got: Got, rule: str, outcome: str, *allowed: str, how: str = "outcome") -> dict[str, Any]:
        """An answer of the scenario; gives its body."""
        entry = self.watch.injected(f"{self.scenario}/{rule}", how, *allowed)
        assert got is self.watch.last.got
        assert (entry["outcome"] or entry["error"]) == outcome
        assert got.version == self.stage.version
        body: dict[str, Any] = json.loads(got.body) if got.body[:1] == b"{" else {}
        return body

    def virtual(self, got: Got, *allowed: str) -> dict[str, Any]:
        """An answer of a virtual session."""
        self.watch.virtual(*allowed)
        return value(got)

    def real(self, got: Got) -> Got:
        """An answer of the server."""
        self.watch.real()
        return got

    def sign_in(self, body: dict[str, Any], address: str = forge.REDIRECT_URL) -> None:
        """From an answer that says authenticate, to the decisions."""
        assert (body["actionName"], body["actionType"]) == ("authenticate", "interactive")
        code, mvpd = body["code"], body["mvpd"]
        assert code not in OWN_CODES
        existing = self.virtual(self.device.retrieve(code))["existingParameters"]
        assert existing == {**FULL, "mvpd": mvpd, "serviceProvider": SP}
        assert self.virtual(self.device.poll(code)) == {"profiles": {}}
        page = self.device.open(body["url"])
        self.watch.virtual()
        assert (page.status, page.header("Location")) == (302, address)
        # The walk asks again at once, which an app should not do.
        assert set(self.virtual(self.device.poll(code), "PL632")["profiles"]) == {mvpd}
        assert set(self.virtual(self.device.profiles())["profiles"]) == {mvpd}
        self.play(f"/api/v2/{SP}/decisions/authorize/{mvpd}")
        self.play(f"/api/v2/{SP}/decisions/preauthorize/{mvpd}")
        leave = f"/api/v2/{SP}/logout/{mvpd}?redirectUrl=https%3A%2F%2Fdemotv.example%2Fbye"
        left = self.virtual(self.device.get(leave))["logouts"][mvpd]
        assert (left["actionName"], left["actionType"]) == ("logout", "interactive")
        assert left["url"].startswith("https://")
        # Signed out, the device holds nothing of passlens any more.
        self.real(self.device.profiles())

    def play(self, url: str) -> None:
        """Ask for decisions that passlens owns."""
        (decision,) = self.virtual(self.device.decide(url))["decisions"]
        assert decision["authorized"] is True

    def direct(self, body: dict[str, Any], reason: str) -> None:
        """From an answer that says authorize, to the decisions."""
        assert (body["actionName"], body["actionType"], body["reasonType"]) == ("authorize", "direct", reason)
        self.play(body["url"])

    def others(self) -> None:
        """What passlens does not own still reaches the server."""
        other = Walk(self.stage, self.scenario, f"other device of {self.scenario}")
        for got in (
            other.device.get(f"/api/v2/{SP}/configuration"),
            other.device.poll(OWN_CODES[0]),
            other.device.retrieve(OWN_CODES[0]),
            other.device.authorize(),
            other.device.profiles(),
            other.device.open(f"/api/v2/authenticate/{SP}/{OWN_CODES[0]}"),
            other.device.json("/o/client/register", {"software_statement": forge.software_statement()}),
        ):
            assert got.status in (200, 201, 302)
        assert [seen.reached for seen in other.watch.seen] == [1] * 7
        assert {seen.got.header(MARK) for seen in other.watch.seen} == {None}


# ---- the walks, by the scenario's name


def fallback(walk: Walk, row: str) -> None:
    """A fallback is answered by signing in; a later session of the same device is the server's."""
    walk.sign_in(walk.injected(walk.device.partner_session(), "fall back", row))
    walk.real(walk.device.create_session())
    walk.others()


def without_sign_in(walk: Walk, reason: str, **rows: str) -> None:
    """Each session is answered with authorize; decisions follow at once, and the resumed code is known."""
    device, own = walk.device, OWN_CODES[0]
    calls: dict[str, tuple[str, Callable[[], Got]]] = {
        "partner": ("partner session", device.partner_session),
        "create": ("new session", device.create_session),
        "resume": ("resumed session", lambda: device.resume(f"/api/v2/{SP}/sessions/{own}", mvpd=forge.MVPD, **FULL)),
    }
    for name, (rule, call) in calls.items():
        if name in rows:
            walk.direct(walk.injected(call(), rule, rows[name]), reason)
        else:
            assert walk.real(call()).status == 200
    if "resume" in rows:
        assert list(walk.virtual(device.poll(own))["profiles"]) == [forge.MVPD]
        walk.stage.remote.run("passlens.reset")
    walk.others()


def missing_parameters(walk: Walk) -> None:
    for call, rule, row in (
        (walk.device.partner_session, "partner session", "P5"),
        (walk.device.create_session, "new session", "C2"),
    ):
        body = walk.injected(call(), rule, row, "PL423")
        assert (body["actionName"], body["missingParameters"]) == ("resume", ["redirectUrl"])
        # Wrong: still without it, then with one that is no address; then from a second screen, which knows the code.
        again = walk.virtual(walk.device.resume(body["url"], domainName=forge.DOMAIN), "PL111")
        assert (again["actionName"], again["code"], again["missingParameters"]) == (
            "retry",
            body["code"],
            ["redirectUrl"],
        )
        assert code_of(walk.device.resume(body["url"], redirectUrl="nowhere")) == "invalid_parameter_redirect_url"
        phone = Walk(walk.stage, walk.scenario, f"phone of {rule}")
        lacks = phone.virtual(phone.device.retrieve(body["code"]))
        assert lacks["missingParameters"] == ["redirectUrl"]
        walk.sign_in(phone.virtual(phone.device.resume(body["url"], redirectUrl=forge.REDIRECT_URL)))
    walk.others()


def partner_profile(walk: Walk) -> None:
    body = walk.injected(walk.device.partner_session(), "ask the partner", "P1")
    assert body["authenticationRequest"]["type"] == "saml"
    got = walk.device.partner_profile(body["url"])
    assert (got.status, list(walk.virtual(got)["profiles"])) == (201, [forge.MVPD])
    status = ("AP-Partner-Framework-Status", forge.partner_status(time.time()))
    profile = walk.virtual(walk.device.get(f"/api/v2/{SP}/profiles/{forge.MVPD}", status))
    assert list(profile["profiles"]) == [forge.MVPD]
    walk.play(f"/api/v2/{SP}/decisions/authorize/{forge.MVPD}")
    # Nobody is waiting for the response of a device that asked for nothing.
    other = Walk(walk.stage, walk.scenario, "other with a response")
    assert other.real(other.device.partner_profile(body["url"])).status == 201
    walk.others()


def refused_status(walk: Walk, error: str) -> None:
    walk.sign_in(walk.injected(walk.device.partner_session(), "session", "P3"))
    got = walk.device.partner_profile(f"/api/v2/{SP}/profiles/sso/{forge.PARTNER}")
    assert walk.injected(got, "profile", error)["code"] == error
    walk.others()


def once_refused(walk: Walk, rule: str, error: str, status: int, times: int) -> None:
    for call in (walk.device.create_session, walk.device.partner_session)[:times]:
        got = call()
        walk.injected(got, rule, error)
        assert got.status == status
    assert walk.real(walk.device.create_session()).status == 200
    assert walk.real(walk.device.partner_session()).status == 200
    walk.others()


def throttled(walk: Walk) -> None:
    for _ in range(2):
        for _ in range(3):
            assert walk.real(walk.device.profiles()).status == 200
        got = walk.device.profiles()
        walk.injected(got, "too many requests", "throttled")
        assert (got.status, got.header("Content-Type")) == (429, "text/html")
        assert b"<h1>429 Too Many Requests</h1>" in got.body
        assert got.header("Retry-After") is None


def slow_network(walk: Walk) -> None:
    """The seed has short waits and a drip in store for a device of this name."""
    name = "viewer 134"
    turns = _turns(name)
    assert [fault for fault, _ in turns].count("slow_drip") == 1
    device, watch = walk.stage.device(name)
    for fault, seconds in turns:
        got = device.profiles()
        assert value(got)["profiles"]
        if fault:
            watch.injected("slow-network/drip", "fault slow_drip")
            assert watch.last.seconds > 2
        else:
            watch.injected("slow-network/wait", "delay")
            assert seconds <= watch.last.seconds < seconds + 8.0  # a busy machine may add to it
            assert watch.last.entry["duration_ms"] >= seconds * 1000


def _turns(name: str) -> list[tuple[str | None, float]]:
    """What the scenario's seed has in store for the first three requests of a device."""
    engine = Engine(Library().load("slow-network"), random.Random(1))
    ex = as_exchange(case("retrieve-profiles").with_header("AP-Device-Identifier", forge.device_identifier(name)))
    turns = []
    for _ in range(3):
        decision = engine.decide(Decoded(ex), forge.CLOCK)
        assert decision.then is not None
        turns.append((decision.then.fault, delay_seconds(decision.then.delay, decision.random)))
    return turns


def code_expired(walk: Walk) -> None:
    code = value(walk.device.create_session())["code"]
    walk.watch.real()
    for _ in range(2):
        assert walk.real(walk.device.poll(code)).status == 200
    got = walk.device.poll(code)
    assert walk.injected(got, "over", "invalid_authentication_session")["code"] == "invalid_authentication_session"
    assert got.status == 400
    assert walk.real(walk.device.create_session()).status == 200
    assert walk.real(walk.device.poll(OWN_CODES[3])).status == 200


def provoked(walk: Walk, got: Got, rule: str, outcome: str, *allowed: str) -> dict[str, Any]:
    """The server saw another request than the app sent, and its answer came through as it gave it."""
    return walk.injected(got, rule, outcome, *allowed, how="rewrite_request")


def status_seen(walk: Walk) -> dict[str, Any] | None:
    """The partner status that the server got."""
    raw = walk.stage.api.received[-1].header("AP-Partner-Framework-Status".lower())
    found: dict[str, Any] | None = json.loads(base64.b64decode(raw)) if raw is not None else None
    return found


def pfs_fallback_provoked(walk: Walk) -> None:
    body = provoked(walk, walk.device.partner_session(), "without a partner status", "P3", "PL204")
    assert status_seen(walk) is None
    assert body["code"] in OWN_CODES
    assert walk.real(walk.device.retrieve(body["code"])).status == 200
    assert walk.real(walk.device.open(body["url"])).status == 302
    assert walk.real(walk.device.poll(body["code"])).status == 200
    walk.others()


def missing_parameters_provoked(walk: Walk) -> None:
    for call, row in ((walk.device.partner_session, "P5"), (walk.device.create_session, "C2")):
        body = provoked(walk, call(), "without redirectUrl", row, "PL111")
        assert b"redirectUrl" not in walk.stage.api.received[-1].body
        assert b"domainName=demotv.example" in walk.stage.api.received[-1].body
        resumed = walk.real(walk.device.resume(body["url"], **FULL))
        assert value(resumed)["actionName"] == "authenticate"
    walk.others()


def status_provoked(walk: Walk, rule: str, error: str, seen: Callable[[dict[str, Any]], None]) -> None:
    body = provoked(walk, walk.device.partner_session(), rule, "P3", "PL245", "PL240")
    for _ in range(2):
        status = status_seen(walk)
        assert status is not None
        seen(status)
        got = walk.device.partner_profile(f"/api/v2/{SP}/profiles/sso/{forge.PARTNER}")
        assert code_of(got) == error
    assert walk.real(walk.device.poll(body["code"])).status == 200
    # A request without a status stays as it is.
    value(walk.device.partner_session(None))
    walk.watch.real()
    walk.others()


def expired(status: dict[str, Any]) -> None:
    expiry = status["frameworkProviderInfo"]["expirationDate"]
    assert isinstance(expiry, str)
    assert int(expiry) < time.time() * 1000 - 29 * 24 * HOUR_MS
    assert status["frameworkProviderInfo"]["id"] == forge.MVPD


def denied(status: dict[str, Any]) -> None:
    assert status == {"frameworkPermissionInfo": {"accessStatus": "denied"}, "frameworkProviderInfo": {}}


def unauthorized_provoked(walk: Walk) -> None:
    got = walk.device.create_session()
    provoked(walk, got, "broken token", "unauthorized", "PL210", "PL211")
    assert got.status == 401
    assert walk.stage.api.received[-1].header("authorization") == "Bearer broken-by-passlens"
    assert walk.real(walk.device.create_session()).status == 200
    assert walk.stage.api.received[-1].header("authorization") == walk.device.token
    walk.others()


def code_expired_provoked(walk: Walk) -> None:
    code = value(walk.device.create_session())["code"]
    for _ in range(2):
        assert walk.real(walk.device.poll(code)).status == 200
    got = walk.device.poll(code)
    assert provoked(walk, got, "another code", "invalid_parameter_code")["code"] == "invalid_parameter_code"
    assert walk.stage.api.received[-1].target == f"/api/v2/{SP}/profiles/code/0000000"
    assert walk.real(walk.device.create_session()).status == 200


WALKS: dict[str, Callable[[Walk], None]] = {
    # These are also played in the sandbox, by test_scenarios_in_the_sandbox.py.
    **decision_walks.WALKS,
    "pfs-fallback": lambda walk: fallback(walk, "P3"),
    "configuration-fallback": lambda walk: fallback(walk, "P4"),
    "degraded": lambda walk: without_sign_in(walk, "degraded", partner="P2", create="C5", resume="R5"),
    "missing-parameters": missing_parameters,
    "temporary": lambda walk: without_sign_in(walk, "temporary", create="C4", resume="R4"),
    "authenticated": lambda walk: without_sign_in(walk, "authenticated", partner="P6", create="C3", resume="R3"),
    "authenticated-sso": lambda walk: without_sign_in(walk, "authenticatedSSO", partner="P7", create="C6"),
    "partner-profile": partner_profile,
    "expired-provider": lambda walk: refused_status(walk, "invalid_header_pfs_provider_info_expired"),
    "permission-denied": lambda walk: refused_status(walk, "invalid_header_pfs_permission_access_not_granted"),
    "throttled": throttled,
    "unauthorized": lambda walk: once_refused(walk, "token not accepted", "unauthorized", 401, 1),
    "server-error": lambda walk: once_refused(walk, "server error", "internal_server_error", 500, 2),
    "slow-network": slow_network,
    "code-expired": code_expired,
    "pfs-fallback.provoke": pfs_fallback_provoked,
    "missing-parameters.provoke": missing_parameters_provoked,
    "expired-provider.provoke": lambda walk: status_provoked(
        walk, "session", "invalid_header_pfs_provider_info_expired", expired
    ),
    "permission-denied.provoke": lambda walk: status_provoked(
        walk, "session", "invalid_header_pfs_permission_access_not_granted", denied
    ),
    "unauthorized.provoke": unauthorized_provoked,
    "code-expired.provoke": code_expired_provoked,
}


@pytest.mark.parametrize("scenario", sorted(path.stem for path in shipped().glob("*.yaml")))
def test_the_scenario_can_be_played_to_its_end(stage: Stage, scenario: str) -> None:
    stage.remote.run("passlens.reset")
    stage.remote.run(f"passlens.scenario {scenario}")
    try:
        WALKS[scenario](Walk(stage, scenario))
    finally:
        stage.hang_up()
        stage.remote.run("passlens.scenario.off")


def test_no_walk_is_for_a_scenario_that_is_gone() -> None:
    assert set(WALKS) == {path.stem for path in shipped().glob("*.yaml")}


# ---- two devices at once


STEPS = """rules:
  - name: first answer
    when: {operation: retrieve-profiles, state: Started}
    then: {respond: {json: {step: 1}}, state: second}
  - name: second answer
    when: {operation: retrieve-profiles, state: second}
    then: {respond: {json: {step: 2}}, state: done}
"""


def test_two_devices_at_once_have_states_counters_and_sessions_of_their_own(stage: Stage, tmp_path: Path) -> None:
    stage.remote.run("passlens.reset")
    stage.remote.run("passlens.scenario throttled")
    one, two = (stage.device(name)[0] for name in ("one of two", "two of two"))

    def eight(device: Device) -> list[int]:
        client = CLIENTS[stage.version](stage.proxy.port, stage.proxy.ca)
        stage.clients.append(client)
        alone = Device(client, device.name)
        return [alone.profiles().status for _ in range(8)]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(eight, (one, two))) == [[200, 200, 200, 429] * 2] * 2
    steps = tmp_path / "steps.yaml"
    steps.write_text(STEPS)
    stage.remote.run(f"passlens.scenario {steps}")
    got = [json.loads(device.profiles().body).get("step") for device in (one, two, one, one, two, two)]
    assert got == [1, 1, 2, None, 2, None]
    stage.remote.run("passlens.scenario missing-parameters")
    bodies = [value(device.create_session()) for device in (one, two)]
    assert bodies[0]["code"] != bodies[1]["code"]
    # Each goes on with its own, in turns.
    resumed = [value(device.resume(body["url"], **FULL)) for device, body in zip((one, two), bodies, strict=True)]
    assert [body["code"] for body in resumed] == [body["code"] for body in bodies]
    one.open(resumed[0]["url"])
    assert [list(value(one.poll(body["code"]))["profiles"]) for body in bodies] == [[forge.MVPD], []]
    watch = two.client
    assert isinstance(watch, Watch)
    two.profiles()
    watch.real()
    status = stage.remote.run("passlens.status")
    for body, state in zip(bodies, ("authenticated", "open"), strict=True):
        assert f"virtual session {body['code']} {SP} {forge.MVPD} {state}, until " in status
    stage.hang_up()
    stage.remote.run("passlens.scenario.off")


@pytest.mark.parametrize("version", CLIENTS)
def test_flows_keep_the_original_and_say_what_was_done(version: str, confdir: Path, tmp_path: Path) -> None:
    # A stage of its own: it ends before its flows are read.
    with on_stage(version, confdir, tmp_path) as stage:
        for scenario in ("pfs-fallback", "expired-provider.provoke", "server-error", "throttled", "unauthorized"):
            stage.remote.run(f"passlens.scenario {scenario}")
            WALKS[scenario](Walk(stage, scenario))
            stage.hang_up()
        stage.remote.run("passlens.scenario.off")
        stage.device("keeper")[0].profiles()
        stage.hang_up()
    entries = entries_of(stage.log)
    with stage.saved.open("rb") as file:
        flows = [flow for flow in FlowReader(file).stream() if isinstance(flow, http.HTTPFlow)]
    analyzed = [flow for flow in flows if "passlens" in flow.metadata]
    assert len(analyzed) == len(entries)
    assert {bool(entry["injected"]) for entry in entries} == {True, False}
    for flow, entry in zip(analyzed, entries, strict=True):
        _check_flow(flow, entry)
    assert "Traceback" not in stage.proxy.stdout + stage.proxy.stderr


def _check_flow(flow: http.HTTPFlow, entry: Entry) -> None:
    assert flow.response is not None
    injected = entry["injected"]
    assert flow.metadata.get("passlens.injected") == injected
    worst = next((level for level in MARKERS if level in {item["severity"] for item in entry["findings"]}), None)
    if injected is None:
        assert flow.marked == (MARKERS[worst] if worst else "")
        assert "  injected  " not in flow.comment
        assert not flow.modified()
        assert MARK not in flow.response.headers
        return
    assert flow.marked == INJECTED_MARKERS[worst]
    name = f"{injected['scenario']}/{injected['rule']}"
    assert f"\n  injected  {name}  ({injected['how']})" in flow.comment
    assert flow.response.headers[MARK] == name
    if injected["how"] in ("outcome", "respond", "virtual session", "sandbox"):
        # The server was not asked: there is nothing to go back to.
        assert not flow.modified()
        return
    assert flow.modified()
    request = flow.request.copy()
    flow.revert()
    if injected["how"].startswith("rewrite_request"):
        assert flow.request.get_state() != request.get_state()
    else:
        assert flow.request.get_state() == request.get_state()
