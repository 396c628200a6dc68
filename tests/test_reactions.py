"""Every shipped scenario, live through one real proxy: a right reaction is met, a wrong one is not, none is never met.
Each walk is a device of its own with a scenario of its own, so that all of them go at once; times are shortened."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from passlens.analysis.entry import json_schema
from passlens.demo.client import ProxiedClient
from passlens.demo.device import device_headers
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.exchange.model import Exchange, Request
from passlens.rest_v2.operations import HOSTS
from passlens.scenarios.library import shipped
from support.controlled import Controlled, controlled, eventually
from support.reactions import NEVER, REACTIONS, TOGETHER, ReactingApp
from support.short_times import NEXT, shortened

NAMES = sorted(path.stem for path in shipped().glob("*.yaml"))
KINDS = ("right", "wrong", "none")


def key_of(device: str) -> str:
    """The device key of a device's name."""
    key = device_key(Decoded(Exchange(Request(tuple(device_headers(device).items()), path="/api/v2/REF30/profiles"))))
    assert key is not None
    return key


def walk(stage: Controlled, name: str, kind: str) -> str:
    """One device; its key."""
    device = f"{name} {kind}"
    client = ProxiedClient(stage.proxy.port, stage.proxy.ca, HOSTS[0])
    try:
        app = ReactingApp(client, device)
        key = key_of(device)
        stage.api.call("PUT", "scenario", body={"name": name, "device": key})
        app.register()
        reactions = REACTIONS[name]
        before = reactions.begin(app)
        if kind != "none":
            getattr(reactions, kind)(app, before)
        if kind == "right":
            time.sleep(NEVER / 1000 + TOGETHER)
            app.profiles()  # the app is still there once the time of what must not come is over
    finally:
        client.close()
    return key


def expectations(stage: Controlled, key: str) -> list[dict[str, Any]]:
    found = stage.api.call("GET", "expectations")["expectations"]
    return [one for one in found if one["device"] == key]


def waiting(stage: Controlled, key: str) -> bool:
    return any(one["verdict"] == "open" for one in expectations(stage, key))


def is_against(stage: Controlled, key: str) -> bool:
    return any(one["verdict"] == "not-met" for one in expectations(stage, key))


@pytest.fixture(scope="module")
def walked(
    confdir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], list[dict[str, Any]]]]:
    rules = shortened(tmp_path_factory.mktemp("rules"), NEVER)
    options = {"passlens_sign_in": "at-once", "passlens_rules": str(rules)}
    with controlled(confdir, tmp_path_factory.mktemp("runtime"), **options) as stage, ThreadPoolExecutor(8) as pool:
        asked = [(name, kind) for kind in KINDS for name in NAMES]
        keys = dict(zip(asked, pool.map(lambda one: walk(stage, *one), asked), strict=True))
        going = [key for (_, kind), key in keys.items() if kind == "right"]
        eventually(lambda: not any(waiting(stage, key) for key in going))
        time.sleep(NEXT / 1000 + 1)
        yield {one: expectations(stage, key) for one, key in keys.items()}


def test_every_scenario_has_its_reactions() -> None:
    assert sorted(REACTIONS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_right_reaction_is_met(walked: dict[tuple[str, str], list[dict[str, Any]]], name: str) -> None:
    found = walked[name, "right"]
    assert found
    assert {one["verdict"] for one in found} == {"met"}, [(one["name"], one["verdict"], one["why"]) for one in found]


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_reaction_is_not_met(walked: dict[tuple[str, str], list[dict[str, Any]]], name: str) -> None:
    found = walked[name, "wrong"]
    assert "not-met" in {one["verdict"] for one in found}, [(one["name"], one["verdict"], one["why"]) for one in found]


@pytest.mark.parametrize("name", NAMES)
def test_no_reaction_is_never_met(walked: dict[tuple[str, str], list[dict[str, Any]]], name: str) -> None:
    found = walked[name, "none"]
    assert found
    assert {one["verdict"] for one in found} <= {"not-met", "open"}, found


def test_verdicts_are_lines_of_screen_log_and_summary(confdir: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    options = {"passlens_sign_in": "at-once", "passlens_rules": str(shortened(tmp_path)), "passlens_log": str(log)}
    with controlled(confdir, tmp_path, passlens_scenario="denied", **options) as stage:
        with stage.app("a viewer"):
            pass
        client = ProxiedClient(stage.proxy.port, stage.proxy.ca, HOSTS[0])
        app = ReactingApp(client, "a viewer")
        app.register()
        app.authorize()
        stage.api.call("PUT", "scenario", body={"name": "logout-partner"})
        app.authorize()
        client.close()
        stage.proxy.wait_for(r"expected  denied, takes the denial: not met \(authorize came")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    told = [line for line in lines if line["kind"] == "expectation"]
    checker = jsonschema.Draft202012Validator(json_schema("expectation"))
    for line in told:
        checker.validate(line)
    assert [(line["schema"], line["scenario"], line["verdict"]) for line in told] == [
        (2, "denied", "not-met"), (2, "logout-partner", "not-exercised"),
    ]  # fmt: skip
    (shown,) = [line for line in lines if line["kind"] == "exchange" and line["index"] == told[0]["at"]]
    assert "PL690" in {finding["code"] for finding in shown["findings"]}
    summary = stage.proxy.stdout.rpartition("exchanges: ")[2]
    assert "  expected  denied, takes the denial: not met (authorize came" in summary
    assert (
        "  expected  logout-partner, does not log out twice: not exercised (no rule of the scenario acted)" in summary
    )
