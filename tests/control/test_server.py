"""Every call of the control API, against a real proxy in another process."""

import json
import re
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.io import FlowReader

from passlens.control.calls import CALLS, openapi
from passlens.errors import ControlError, DemoError
from passlens.rest_v2.operations import HOSTS
from support.clients import Http1Client
from support.controlled import Controlled, controlled, eventually

DAY = {"mvpd": "Cablevision", "domainName": "example.com", "redirectUrl": "https://example.com/done"}


@pytest.fixture(scope="module")
def running(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controlled]:
    with controlled(confdir, tmp_path_factory.mktemp("runtime")) as made:
        yield made


@pytest.fixture
def stage(running: Controlled) -> Controlled:
    running.api.call("POST", "reset")
    running.api.call("DELETE", "scenario")
    return running


def refused(stage: Controlled, *call: Any) -> tuple[int, str]:
    with pytest.raises(ControlError) as caught:
        stage.api.call(*call)
    return caught.value.status, str(caught.value)


def test_status_tells_the_port_and_the_counts(stage: Controlled) -> None:
    with stage.app():
        pass
    status = stage.api.call("GET", "status")
    assert status["port"] == stage.proxy.port
    assert (status["sandbox"], status["scenario"], status["counts"]["exchanges"]) == (True, None, 2)
    assert status["kept"]["entries"] == 2


def test_devices_join_addresses_and_keys(stage: Controlled) -> None:
    with stage.app("one"), stage.app("two"):
        pass
    device = next(one for one in stage.api.call("GET", "devices")["devices"] if one["address"] == "127.0.0.1")
    assert (device["address"], device["link"], device["exchanges"]) == ("127.0.0.1", "api", 4)
    assert len(device["keys"]) == 2
    assert device["last"]["operation"] == "dcr-token"


def test_exchanges_are_filtered_and_numbers_lead_on(stage: Controlled) -> None:
    with stage.app() as app:
        made = app.create_session(**DAY)
    found = stage.api.call("GET", "exchanges", {"operation": "create-session"})
    (entry,) = found["exchanges"]
    assert (entry["code"], entry["outcome"]) == (made["code"], "C1")
    assert found["next"] == entry["number"]
    later = stage.api.call("GET", "exchanges", {"since": found["next"]})
    assert later == {"exchanges": [], "next": found["next"]}
    for query, count in (
        ({"injected": "sandbox"}, 3), ({"injected": False}, 0), ({"outcome": "C1"}, 1), ({"status": 201}, 2),
        ({"device": "127.0.0.1"}, 3), ({"device": entry["device"]["key"]}, 3), ({"result": "none"}, 1),
        ({"error": "any"}, 0), ({"device": "127.0.0.2"}, 0),
    ):  # fmt: skip
        got = stage.api.call("GET", "exchanges", query)["exchanges"]
        assert len(got) == count, (query, [one["operation"] for one in got])


def test_a_wait_returns_at_once_when_the_exchange_comes(stage: Controlled) -> None:
    with stage.app() as app:
        got: list[Any] = []
        since = stage.api.call("GET", "status")["kept"]["last"]
        query = {"operation": "create-session", "since": since, "wait": 30}

        def wait() -> None:
            got.append((stage.api.call("GET", "exchanges", query), time.monotonic()))

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.3)
        app.create_session(**DAY)
        done = time.monotonic()
        thread.join(60)
    answer, at = got[0]
    assert [one["operation"] for one in answer["exchanges"]] == ["create-session"]
    assert at - done < 15  # 100 ms on a quiet machine; the wait itself would take 30 s


def test_a_wait_ends_in_time_when_nothing_comes(stage: Controlled) -> None:
    started = time.monotonic()
    assert stage.api.call("GET", "exchanges", {"operation": "logout", "wait": 0.2})["exchanges"] == []
    assert 0.2 <= time.monotonic() - started < 15


def test_a_scenario_runs_from_the_next_request_on_for_all_or_for_one_device(stage: Controlled) -> None:
    with stage.app("one") as one, stage.app("two") as two:
        one.create_session(**DAY)
        key = stage.api.call("GET", "exchanges", {"operation": "create-session"})["exchanges"][0]["device"]["key"]
        inline = [{"name": "mine", "when": {"operation": "create-session"}, "then": {"outcome": {"name": "C2"}}}]
        ran = stage.api.call("PUT", "scenario", None, {"rules": inline, "device": key})
        assert ran["scenarios"] == [{"name": "inline", "device": key}]
        before = stage.api.call("GET", "status")["kept"]["last"]
        one.create_session(**DAY)
        two.create_session(**DAY)
        found = stage.api.call("GET", "exchanges", {"since": before, "operation": "create-session"})["exchanges"]
        assert [entry["outcome"] for entry in found] == ["C2", "C1"]
        (rule,) = stage.api.call("GET", "rules")["rules"]
        assert rule == {"scenario": "inline", "device": key, "rule": "mine", "hits": 1}
        assert stage.api.call("DELETE", "scenario", {"device": key})["scenarios"] == []
    assert stage.api.call("PUT", "scenario", None, {"name": "pfs-fallback"})["name"] == "pfs-fallback"
    assert stage.api.call("GET", "scenario")["name"] == "pfs-fallback"
    assert stage.api.call("PUT", "scenario", None, {"rules": inline})["name"] == "inline"
    assert stage.api.call("PUT", "scenario", None, {"name": "pfs-fallback"})["name"] == "pfs-fallback"
    assert stage.api.call("DELETE", "scenario")["name"] is None


def test_rules_and_the_api_mean_the_same_device_by_an_address(stage: Controlled) -> None:
    here, there = "127.0.0.1", "127.0.0.2"
    of_one = {"operation": "create-session", "client": there}
    rules = [{"name": "mine", "when": of_one, "then": {"outcome": {"name": "C2"}}}]
    with stage.app("one", here) as one, stage.app("two", there) as two:

        def outcomes() -> list[tuple[str, str]]:
            before = stage.api.call("GET", "status")["kept"]["last"]
            one.create_session(**DAY)
            two.create_session(**DAY)
            found = {
                device: stage.api.call("GET", "exchanges", {"since": before, "device": device})["exchanges"]
                for device in (here, there)
            }
            return [(device, entry["outcome"]) for device, entries in found.items() for entry in entries]

        # A rule that names a client, for all devices.
        stage.api.call("PUT", "scenario", None, {"rules": rules})
        assert outcomes() == [(here, "C1"), (there, "C2")]
        stage.api.call("DELETE", "scenario")
        # A scenario for a device, named as the same client, in another spelling.
        other = [{"name": "mine", "when": {"operation": "create-session"}, "then": {"outcome": {"name": "C2"}}}]
        ran = stage.api.call("PUT", "scenario", None, {"rules": other, "device": f"::ffff:{here}"})
        assert ran["scenarios"] == [{"name": "inline", "device": here}]
        assert outcomes() == [(here, "C2"), (there, "C1")]
        stage.api.call("DELETE", "scenario", {"device": here})
    devices = stage.api.call("GET", "devices")["devices"]
    assert {here, there} <= {device["address"] for device in devices}


def test_scenarios_are_listed_and_unknown_names_get_the_nearest(stage: Controlled) -> None:
    names = [one["name"] for one in stage.api.call("GET", "scenarios")["scenarios"]]
    assert "pfs-fallback" in names
    assert refused(stage, "PUT", "scenario", None, {"name": "pfs-fallbak"}) == (
        404, "There is no scenario 'pfs-fallbak'; did you mean pfs-fallback?"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        (("GET", "exchanges", {"operaton": "x"}), 400, "There is no operaton; did you mean operation?"),
        (("GET", "exchanges", {"operation": "create-sesion"}), 400, "did you mean create-session?"),
        (("GET", "exchanges", {"since": "x"}), 400, "since is no whole number"),
        (("GET", "exchanges", {"wait": 301}), 400, "wait is above 300"),
        (("GET", "status", {"x": 1}), 400, "takes no parameters"),
        (("GET", "findings", {"min": "fatal"}), 400, "min is 'fatal'; known are"),
        (("GET", "statu"), 404, "did you mean /api/v1/status?"),
        (("PUT", "status", None, {}), 405, "takes GET"),
        (("PUT", "scenario", None, {}), 400, "one of the two"),
        (("PUT", "scenario", None, {"name": "x", "device": "tv"}), 400, "neither a client address nor a device key"),
        (("PUT", "scenario", None, {"rules": [{"when": {"operatio": "x"}}]}), 400, "operation"),
        (("PUT", "scenario", None, {"rules": [{"then": {"respond": {"body_file": "x"}}}]}), 400, "body_file"),
        (("POST", "sessions/NOSUCH1", None, {"action": "deny"}), 404, "no virtual session"),
        (("POST", "sessions/NOSUCH1", None, {"action": "shout"}), 400, "action"),
        (("POST", "marks", None, {}), 400, "name"),
        (("POST", "marks", None, [1]), 400, "no object"),
        (("GET", "recording", {"format": "pcap"}), 400, "format"),
    ],
)
def test_mistakes_are_one_sentence(stage: Controlled, call: tuple[Any, ...], status: int, words: str) -> None:
    got, message = refused(stage, *call)
    assert got == status, message
    assert words in message
    assert "Traceback" not in message


def test_findings_come_with_their_exchange(stage: Controlled) -> None:
    with stage.app() as app, pytest.raises(DemoError):
        app.create_session(mvpd="Cablevision", domainName="example.com", redirectUrl="nowhere")
    found = stage.api.call("GET", "findings", {"min": "note"})
    assert found["next"] == stage.api.call("GET", "status")["kept"]["last"]
    for finding in found["findings"]:
        assert finding["code"].startswith("PL")
        assert finding["exchange"]["operation"]
    worst = stage.api.call("GET", "findings", {"min": "error"})["findings"]
    assert all(finding["severity"] == "error" for finding in worst)


def test_a_journey_that_ends_is_one_line_and_is_listed(stage: Controlled) -> None:
    with stage.app("a viewer") as app:
        made = app.create_session(**DAY)
        stage.api.call("POST", f"sessions/{made['code']}", body={"action": "sign-in"})
        assert app.poll(made)["profiles"]
        app.authorize("Cablevision")
        app.create_session(**DAY)  # begins the next one, which goes on
    journey, _ = stage.api.call("GET", "journeys")["journeys"]
    assert (journey["verdict"], len(journey["steps"]), journey["codes"]) == ("authorized", 5, [made["code"]])
    line = stage.proxy.wait_for(rf"journey   authorized: signed in.*\(REF30 {made['code']}\)")[0]
    assert stage.proxy.stdout.count(line) == 1


def test_journeys_go_on_until_they_have_ended(stage: Controlled) -> None:
    assert stage.api.call("GET", "journeys") == {"journeys": []}
    with stage.app() as app:
        made = app.create_session(**DAY)
        (waiting,) = stage.api.call("GET", "journeys")["journeys"]
        assert (waiting["verdict"], waiting["codes"]) == ("waiting", [made["code"]])
        stage.api.call("POST", f"sessions/{made['code']}", None, {"action": "sign-in"})
        app.poll(made)
        (signed_in,) = stage.api.call("GET", "journeys")["journeys"]
        assert (signed_in["verdict"], signed_in["id"]) == ("signed-in", waiting["id"])
        app.create_session(**DAY)  # another journey
        ended, begun = stage.api.call("GET", "journeys")["journeys"]
        assert ended == signed_in
        assert begun["id"] != ended["id"]


def test_expectations_are_a_list(stage: Controlled) -> None:
    assert stage.api.call("GET", "expectations") == {"expectations": []}


def a_rule(**expected: Any) -> dict[str, Any]:
    """A rule for new sessions that expects something of the app."""
    return {"name": "slow", "when": {"operation": "create-session"}, "then": {"delay": 1}, "expect": [expected]}


def verdicts(stage: Controlled) -> list[tuple[str, str, int | None]]:
    """Name, verdict, and how many flows after the one acted on it was shown."""
    found = stage.api.call("GET", "expectations")["expectations"]
    return [(one["name"], one["verdict"], None if one["at"] is None else one["at"] - one["acted"]) for one in found]


def test_an_expectation_is_not_exercised_then_open_then_met(stage: Controlled) -> None:
    rule = a_rule(name="goes on", within=60000, next="authenticate", say="Open the url.")
    stage.api.call("PUT", "scenario", body={"rules": [rule]})
    assert verdicts(stage) == [("goes on", "not-exercised", None)]
    with stage.app() as app:
        made = app.create_session(**DAY)
        assert verdicts(stage) == [("goes on", "open", None)]
        app.poll(made)
        with pytest.raises(DemoError):
            app.authenticate(made)  # the sandbox asks here
    (met,) = stage.api.call("GET", "expectations")["expectations"]
    assert (met["scenario"], met["rule"], met["verdict"], met["at"] - met["acted"]) == ("inline", "slow", "met", 2)
    assert (met["say"], met["why"].partition(" came")[0]) == ("Open the url.", "authenticate")


def test_an_expectation_that_is_not_met_is_an_event_and_a_finding(stage: Controlled) -> None:
    told: list[Any] = []
    listening = threading.Event()

    def listen() -> None:
        for name, data in stage.api.events():
            listening.set()
            if name == "expectation":
                told.append(data)
                return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    # Whether the stream is open shows in its first event.
    for name in ("pfs-fallback", "") * 300:
        stage.api.call(*(("PUT", "scenario", None, {"name": name}) if name else ("DELETE", "scenario")))
        if listening.wait(0.1):
            break
    stage.api.call("POST", "reset")
    stage.api.call("PUT", "scenario", body={"rules": [a_rule(name="asks once", within=30000, never="create-session")]})
    with stage.app() as app:
        app.create_session(**DAY)
        app.create_session(**DAY)
    assert ("asks once", "not-met", 1) in verdicts(stage)
    found = stage.api.call("GET", "findings", {"min": "error"})["findings"]
    assert [(one["code"], one["exchange"]["operation"]) for one in found] == [("PL690", "create-session")]
    assert len(found[0]["related"]) == 1
    thread.join(60)
    assert [(one["name"], one["verdict"]) for one in told] == [("asks once", "not-met")]


def test_time_alone_decides_that_nothing_came(stage: Controlled) -> None:
    rule = a_rule(name="goes on", within=50, next="logout")
    stage.api.call("PUT", "scenario", body={"rules": [rule]})
    with stage.app() as app:
        app.create_session(**DAY)
    eventually(lambda: verdicts(stage) == [("goes on", "not-met", 0)])


def test_a_mistake_in_what_is_expected_is_refused(stage: Controlled) -> None:
    status, words = refused(stage, "PUT", "scenario", None, {"rules": [a_rule(name="x", next="logout")]})
    assert (status, "expect[0].next: needs within" in words) == (400, True)


def test_sessions_are_signed_in_denied_and_ended(stage: Controlled) -> None:
    with stage.app() as app:
        made = app.create_session(**DAY)
        (session,) = stage.api.call("GET", "sessions")["sessions"]
        assert (session["code"], session["state"]) == (made["code"], "open")
        stage.api.call("POST", f"sessions/{made['code']}", None, {"action": "sign-in"})
        assert app.poll(made)["profiles"]
        stage.api.call("POST", f"sessions/{made['code']}", None, {"action": "deny"})
        assert stage.api.call("GET", "sessions")["sessions"][0]["state"] == "denied"
        stage.api.call("POST", f"sessions/{made['code']}", None, {"action": "expire"})
        assert stage.api.call("GET", "sessions")["sessions"] == []
        assert refused(stage, "POST", f"sessions/{made['code']}", None, {"action": "deny"})[0] == 400


def test_where_a_person_signs_in_is_said_to_whoever_plays_with_the_sandbox(stage: Controlled) -> None:
    with stage.app() as app:
        made = app.create_session(**DAY)
        page = f"https://{HOSTS[0]}{made['url']}"
        stage.proxy.wait_for(rf"passlens: sign in at {re.escape(page)}, in a browser that uses this proxy\.")
        app.poll(made)
        with Http1Client(stage.proxy.port, stage.proxy.ca, HOSTS[0]) as browser:
            got = browser.request("GET", made["url"], (("User-Agent", "Browser"),))
        assert got.status == 200
        assert b"Sign in" in got.body
    assert stage.proxy.stdout.count(f"sign in at {page}") == 1


def test_marks_and_reset(stage: Controlled) -> None:
    with stage.app() as app:
        assert stage.api.call("POST", "marks", None, {"name": "test_x"})["mark"] == "test_x"
        app.configuration()
    (entry,) = stage.api.call("GET", "exchanges", {"mark": "test_x"})["exchanges"]
    assert (entry["operation"], entry["mark"]) == ("retrieve-configuration", "test_x")
    assert stage.api.call("POST", "reset") == {"next": entry["number"]}
    status = stage.api.call("GET", "status")
    assert (status["counts"]["exchanges"], status["kept"]["entries"], status["mark"]) == (0, 0, None)


def test_events_tell_exchanges_scenarios_and_sessions(stage: Controlled) -> None:
    got: list[tuple[str, Any]] = []
    ready = threading.Event()

    def read() -> None:
        for event in stage.api.events():
            got.append(event)
            ready.set()
            if event[0] == "session":
                return

    thread = threading.Thread(target=read)
    thread.start()
    # Whether the stream is open shows in its first event.
    for name in ("pfs-fallback", "") * 300:
        stage.api.call(*(("PUT", "scenario", None, {"name": name}) if name else ("DELETE", "scenario")))
        if ready.wait(0.1):
            break
    with stage.app() as app:
        made = app.create_session(**DAY)
        stage.api.call("POST", f"sessions/{made['code']}", None, {"action": "sign-in"})
    thread.join(60)
    names = [name for name, _ in got]
    assert {"scenario", "exchange", "session"} <= set(names)
    assert got[-1][1]["code"] == made["code"]


def test_recordings_are_clean_copies(stage: Controlled) -> None:
    with stage.app() as app:
        app.create_session(**DAY)
        token = app.token
    assert token
    har = stage.api.download("GET", "recording", {"format": "har"})
    assert len(json.loads(har)["log"]["entries"]) == 3
    mitm = stage.api.download("GET", "recording", {"format": "mitm"})
    assert len(list(FlowReader(BytesIO(mitm)).stream())) == 3
    html = stage.api.download("GET", "recording", {"format": "html"})
    assert html.startswith(b"<!doctype html>")
    for data in (har, mitm, html, json.dumps(stage.api.call("GET", "exchanges")).encode()):
        assert token.encode() not in data


def test_recordings_of_nothing_are_whole(stage: Controlled) -> None:
    assert json.loads(stage.api.download("GET", "recording", {"format": "har"}))["log"]["entries"] == []
    assert list(FlowReader(BytesIO(stage.api.download("GET", "recording", {"format": "mitm"}))).stream()) == []


def test_openapi_describes_what_is_routed(stage: Controlled) -> None:
    described = {
        (method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods
    }  # fmt: skip
    assert described == {(call.method, call.path) for call in CALLS}
    for path in openapi()["paths"]:
        with pytest.raises(ControlError) as caught:
            stage.api.call("PATCH", path.removeprefix("/api/v1/").replace("{code}", "X"))
        takes = {method for method, of in described if of == path}
        assert str(caught.value) == f"{path} takes {' and '.join(c.method for c in CALLS if c.path == path)}."
        assert takes


def test_the_file_is_the_users_alone_and_goes_with_the_proxy(confdir: Path, tmp_path: Path) -> None:
    with controlled(confdir, tmp_path) as stage:
        (path,) = eventually(lambda: list((tmp_path / "passlens").glob("control-*.json")))
        assert path.stat().st_mode & 0o777 == 0o600
        assert json.loads(path.read_text())["port"] == stage.api.address.port
    assert list((tmp_path / "passlens").iterdir()) == []
