"""Scenarios switched and edited while a real mitmdump runs, as somebody at its prompt does; the sandbox's hosts; what
a mistake sounds like at the start and in the middle of a run."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import forge
from passlens.proxy.injector import Injector
from passlens.proxy.scenario_switch import ScenarioSwitch, hosts
from passlens.rest_v2.operations import HOSTS
from support.api import Api
from support.clients import Http1Client
from support.device import MARK, SP, Device, value
from support.proxy import Proxy, run
from support.stage import REMOTE, Remote, entries_of

RULE = """seed: 1
rules:
  - name: one
    when: {{operation: retrieve-profiles, state: Started}}
    then: {{respond: {{json: {{words: {words}}}}}, state: later}}
  - name: two
    when: {{operation: retrieve-profiles, state: later}}
    then: {{respond: {{json: {{words: {words}, later: true}}}}}}
  - name: never
    when: {{operation: logout}}
    then: {{outcome: unauthorized}}
"""


@dataclass
class Bench:
    """A running proxy, orders to it, a device behind it, a folder for rule files."""

    proxy: Proxy
    remote: Remote
    device: Device
    api: Api
    folder: Path
    log: Path


@pytest.fixture
def bench(confdir: Path, tmp_path: Path) -> Iterator[Bench]:
    folder, log = tmp_path / "rules", tmp_path / "log.jsonl"
    folder.mkdir()
    with (
        Api() as api,
        Proxy(
            confdir, "-s", str(REMOTE), upstream=api, passlens_rules=folder, passlens_log=log, flow_detail=0
        ) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):
        yield Bench(proxy, Remote(proxy), Device(client), api, folder, log)
    assert "Traceback" not in proxy.stdout + proxy.stderr


def test_scenarios_go_on_and_off_at_once_and_each_says_so(bench: Bench) -> None:
    device, remote = bench.device, bench.remote
    assert device.partner_session().header(MARK) is None
    assert "\nno scenario" in remote.run("passlens.status")
    for name, rule in (("pfs-fallback", "fall back"), ("degraded", "partner session")):
        remote.run(f"passlens.scenario {name}")
        assert device.partner_session().header(MARK) == f"{name}/{rule}"
        assert f"\nscenario {name}: {rule} 1" in remote.run("passlens.status")
    remote.run("passlens.scenario.off")
    assert device.partner_session().header(MARK) is None
    assert bench.api.seen.count(f"POST /api/v2/{SP}/sessions/sso/Apple") == 2
    said = bench.proxy.stdout
    assert "passlens: scenario pfs-fallback is on (1 rule)." in said
    assert "passlens: scenario pfs-fallback is off.\n" in said
    assert "passlens: scenario degraded is off; never matched: new session, resumed session.\n" in said
    remote.run("passlens.scenario.off")
    assert bench.proxy.stdout.count("passlens: no scenario was on.") == 1
    remote.run("passlens.reset")
    assert bench.proxy.stdout.count("passlens: counts, states and virtual sessions are forgotten.") == 1
    # An option does the same, and its help names it.
    assert remote.set("passlens_scenario=unauthorized") == ""
    assert device.create_session().status == 401


def test_a_refused_scenario_is_one_sentence_and_the_old_one_goes_on(bench: Bench) -> None:
    device, remote = bench.device, bench.remote
    remote.run("passlens.scenario server-error")
    assert device.create_session().status == 500
    sentence = remote.refused("passlens.scenario pfs-falback")
    assert sentence == "There is no scenario 'pfs-falback'; did you mean pfs-fallback?"
    (bench.folder / "broken.yaml").write_text("rules:\n  - name: x\n    then: {outcom: P3}\n")
    refused = remote.refused("passlens.scenario broken")
    assert "broken.yaml:3:12: rules[0].then.outcom: " in refused
    assert "outcom" in refused
    assert "did you mean outcome?" in refused
    assert "rules" in remote.set("passlens_rules=/no/such/folder")
    # The counters of the old one were not begun anew: one more failure, and no third.
    assert "scenario server-error: server error 1" in remote.run("passlens.status")
    assert [device.create_session().status for _ in range(2)] == [500, 200]
    assert bench.proxy.stdout.count("scenario server-error is on") == 1


def test_an_edited_rule_file_is_taken_and_a_broken_one_is_not(bench: Bench) -> None:
    path = bench.folder / "mine.yaml"
    path.write_text(RULE.format(words="first"))
    bench.remote.run("passlens.scenario mine")
    assert value(bench.device.profiles()) == {"words": "first"}
    path.write_text(RULE.format(words="second edit"))
    bench.proxy.wait_for("passlens: scenario mine was read again.")
    # The device is still in the state that the first version put it into.
    assert value(bench.device.profiles()) == {"words": "second edit", "later": True}
    path.write_text(RULE.format(words="third").replace("respond", "respnd", 1))
    told = bench.proxy.wait_for(r"passlens: (\S*mine\.yaml):(\d+):\d+: (.*)")
    assert told[2] == "5"
    assert "respnd" in told[3]
    assert "did you mean respond?" in told[3]
    assert told[3].endswith("The last good version stays.")
    assert value(bench.device.profiles()) == {"words": "second edit", "later": True}
    path.write_text(RULE.format(words="mended at last"))
    bench.proxy.wait_for(r"(?s)was read again.*was read again")
    assert value(bench.device.profiles()) == {"words": "mended at last", "later": True}
    # Told once, though the file was looked at again and again.
    assert bench.proxy.stdout.count("The last good version stays.") == 1
    bench.device.client.close()  # type: ignore[attr-defined]
    bench.proxy.stop()
    assert "\nnever matched: never\n" in bench.proxy.stdout


def test_explaining_names_the_rule_that_matched_or_came_closest(bench: Bench) -> None:
    assert bench.remote.set("passlens_explain=true") == ""
    (bench.folder / "near.yaml").write_text(
        "rules:\n  - name: other tv\n    when: {operation: create-session, device_info: {osName: Roku}}\n"
        "    then: {outcome: C5}\n  - name: once\n    when: {operation: create-session, occurrence: {first: 1}}\n"
        "    then: {outcome: C1}\n"
    )
    bench.remote.run("passlens.scenario near")
    bench.device.create_session()
    bench.device.create_session()
    bench.device.partner_session()
    said = bench.proxy.stdout
    assert (
        "passlens: create-session near: rule 'once' matched; before it, 'other tv' came closest and failed on "
        "device_info.osName: expected equal to Roku, is tvOS." in said
    )
    assert (
        "passlens: create-session near: no rule matched; 'other tv' came closest and failed on "
        "device_info.osName: expected equal to Roku, is tvOS." in said
    )
    assert "passlens: partner-session near: no rule matched; " in said
    assert forge.bearer(time.time())[-40:] not in said


def test_virtual_sessions_are_listed_bounded_and_survive_switching_and_reset_forgets_them(bench: Bench) -> None:
    remote, device = bench.remote, bench.device
    remote.run("passlens.scenario pfs-fallback")
    first = value(device.partner_session())
    rest = [value(device.partner_session()) for _ in range(24)]
    status = remote.run("passlens.status").splitlines()
    listed = [line for line in status if line.startswith("virtual session ")]
    assert "25 virtual sessions, the newest of them:" in status
    assert len(listed) == 20
    assert listed[-1].startswith(f"virtual session {rest[-1]['code']} {SP} {forge.MVPD} open, until 20")
    # Neither another scenario nor none makes the server asked for a code that it does not know.
    remote.run("passlens.scenario throttled")
    assert device.open(first["url"]).status == 302
    remote.run("passlens.scenario.off")
    assert list(value(device.poll(first["code"]))["profiles"]) == [forge.MVPD]
    assert device.poll(rest[0]["code"]).status == 200
    remote.run("passlens.reset")
    assert "\nvirtual session" not in remote.run("passlens.status")
    assert device.poll(first["code"]).status == 400
    assert entries_of(bench.log)[-1]["injected"] is None


def test_the_sign_in_page_asks_and_nobody_else_can_press_its_buttons(bench: Bench) -> None:
    remote, device = bench.remote, bench.device
    assert remote.set("passlens_sign_in=maybe") == "passlens_sign_in is 'maybe', expected at-once or ask."
    assert remote.set("passlens_sign_in=ask") == ""
    remote.run("passlens.scenario pfs-fallback")
    for response, profiles in (("yes", [forge.MVPD]), ("no", [])):
        body = value(device.partner_session())
        page = device.open(body["url"])
        assert (page.status, page.header("Content-Type")) == (200, "text/html;charset=UTF-8")
        assert page.header("X-Frame-Options") == "DENY"
        assert f"Sign in to {forge.MVPD}?" in page.body.decode()
        assert value(device.poll(body["code"])) == {"profiles": {}}
        token = page.body.decode().partition('name="token" value="')[2].partition('"')[0]

        def press(form: str, *headers: tuple[str, str], url: str = body["url"]) -> int:
            typed = ("Content-Type", "application/x-www-form-urlencoded")
            return device.client.request("POST", url, (typed, *headers), form.encode()).status

        # Another page can send the form, but does not know what stands in it.
        elsewhere = ("Origin", "https://elsewhere.example")
        assert press("answer=yes", elsewhere) == 400
        assert press("answer=yes&token=" + "0" * 32, elsewhere) == 400
        assert device.open(body["url"] + "?answer=yes").status == 400
        assert value(device.poll(body["code"])) == {"profiles": {}}
        assert press(f"answer={response}&token={token}") == 302
        assert list(value(device.poll(body["code"]))["profiles"]) == profiles
        device.get(f"/api/v2/{SP}/logout/{forge.MVPD}")


def test_a_mistake_at_the_start_is_one_sentence_and_status_1(confdir: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("rules:\n  - name: x\n    then: {outcome: P33}\n")
    for words, said in (
        ("passlens_scenario=pfs-falback", "There is no scenario 'pfs-falback'; did you mean pfs-fallback?"),
        (f"passlens_scenario={tmp_path}/broken.yaml", f"{tmp_path}/broken.yaml:3:12: rules[0].then.outcome: "),
        ("passlens_rules=/no/such/folder", "passlens_rules is '/no/such/folder', which is no folder; name the folder"),
    ):
        got = run(confdir, "-n", "--set", words)
        assert got.returncode == 1, words
        assert got.stderr.count(f"passlens: {said}") == 1
        assert "Traceback" not in got.stdout + got.stderr


# ---- without a process


def test_the_sandboxs_hosts_are_the_known_ones_and_those_named() -> None:
    assert hosts("false") is None
    assert hosts("") is None
    assert hosts("true") == frozenset(HOSTS)
    assert hosts("API.Example, other.example.") == frozenset((*HOSTS, "api.example", "other.example"))
    for wrong in ("https://api.example", "api.example:443", "api.example/api", "*.example", "True", "yes"):
        with pytest.raises(ValueError, match="expected true, false or host names without scheme or port"):
            hosts(wrong)


def test_naming_the_running_scenario_again_changes_nothing() -> None:
    acting = Injector()
    switch = ScenarioSwitch(acting)
    switch.scenario("pfs-fallback", "")
    running = acting.scenarios.for_all
    switch.scenario("pfs-fallback", "")
    assert acting.scenarios.for_all is running
    with pytest.raises(ValueError, match="There is no scenario"):
        switch.scenario("nothing of the kind", "")
    assert acting.scenarios.for_all is running
    switch.scenario("", "")
    assert acting.scenarios.for_all is None
    assert acting.scenarios.never_matched() == ()


def test_a_scenario_is_switched_off_also_when_the_folder_of_rules_is_gone(tmp_path: Path) -> None:
    acting = Injector()
    switch = ScenarioSwitch(acting)
    folder = tmp_path / "rules"
    folder.mkdir()
    switch.scenario("pfs-fallback", str(folder))
    folder.rmdir()
    for name in ("throttled", "pfs-fallback.provoke"):
        with pytest.raises(ValueError, match="which is no folder"):
            switch.scenario(name, str(folder))
    # What mitmproxy does after a refusal: it sets the old value again.
    switch.scenario("pfs-fallback", str(folder))
    assert acting.scenarios.for_all is not None
    switch.scenario("", str(folder))
    assert acting.scenarios.for_all is None


def test_a_filter_that_mitmproxy_does_not_take_is_a_mistake_of_the_rule_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("rules:\n  - name: x\n    when: {filter: '~zz('}\n    then: {delay: 1}\n")
    with pytest.raises(ValueError, match=r"odd\.yaml:3:12: .*~zz\("):
        ScenarioSwitch(Injector()).scenario(str(path), "")
