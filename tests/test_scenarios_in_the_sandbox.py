"""The scenarios about profiles, decisions and logouts, walked to their end by an app over TLS where no server can be
reached: the sandbox plays a world of the app's own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.api import Api
from support.clients import Got, Http1Client
from support.decision_walks import WALKS
from support.device import Device
from support.proxy import Proxy
from support.stage import REMOTE, Remote, Watch

WORLD = """service_providers: [DEMOTV]
mvpds:
  - {id: HarbourCable, name: Harbour Cable, mapping: harbour-cable, partner: true}
  - {id: MeridianFiber, name: Meridian Fiber}
resources: {"*": permit}
"""


class Walk:
    """One device in one scenario; whatever the scenario leaves alone, the sandbox answers."""

    def __init__(self, scenario: str, watch: Watch) -> None:
        self.scenario, self.watch = scenario, watch
        self.device = Device(watch, f"device of {scenario}")

    def injected(self, got: Got, rule: str, outcome: str, *allowed: str, how: str = "outcome") -> dict[str, Any]:
        entry = self.watch.injected(f"{self.scenario}/{rule}", how, *allowed)
        assert (entry["outcome"] or entry["error"]) == outcome
        body: dict[str, Any] = json.loads(got.body) if got.body[:1] == b"{" else {}
        return body

    def real(self, got: Got) -> Got:
        entry = self.watch.last.entry
        self.watch.injected(f"sandbox/{entry['operation']}", "sandbox")
        return got


NEW = {
    "denied", "degraded-denied", "not-entitled", "too-many-resources", "no-profile", "profile-expired",
    "temp-pass-spent", "token-revoked", "logout-partner",
}  # fmt: skip


def test_each_scenario_about_profiles_decisions_and_logouts_has_a_walk() -> None:
    assert set(WALKS) == NEW


@pytest.fixture(scope="module")
def proxy(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Path]]:
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "world.yaml").write_text(WORLD)
    options = {"passlens_sandbox": "true", "passlens_world": folder / "world.yaml"}
    log = folder / "log.jsonl"
    with Proxy(confdir, "-s", str(REMOTE), passlens_log=log, flow_detail=0, **options) as running:
        yield running, log


@pytest.mark.parametrize("scenario", sorted(WALKS))
def test_the_scenario_can_be_played_in_the_sandbox(proxy: tuple[Proxy, Path], scenario: str) -> None:
    running, log = proxy
    remote = Remote(running)
    remote.run("passlens.reset")
    remote.run(f"passlens.scenario {scenario}")
    with Api() as nobody, Http1Client(running.port, running.ca) as client:
        WALKS[scenario](Walk(scenario, Watch(client, log, nobody)))
        assert nobody.received == []
    remote.run("passlens.scenario.off")


def test_an_edited_world_is_taken_and_a_broken_one_is_not(proxy: tuple[Proxy, Path]) -> None:
    running, log = proxy
    path = log.with_name("world.yaml")

    def offered() -> list[str]:
        with Http1Client(running.port, running.ca) as client:
            found = json.loads(Device(client).get("/api/v2/DEMOTV/configuration").body)
        return [mvpd["id"] for mvpd in found["requestor"]["mvpds"]]

    assert offered() == ["HarbourCable", "MeridianFiber"]
    path.write_text(WORLD.replace("resources:", "  - {id: LanternDSL}\nresources:"))
    running.wait_for(r"passlens: the world world\.yaml was read again \(3 MVPDs\)\.")
    assert offered() == ["HarbourCable", "MeridianFiber", "LanternDSL"]
    path.write_text(WORLD.replace("mapping:", "maping:"))
    told = running.wait_for(r"passlens: (\S*world\.yaml):(\d+):\d+: (.*)")
    assert (told[2], "did you mean mapping?" in told[3]) == ("3", True)
    assert offered() == ["HarbourCable", "MeridianFiber", "LanternDSL"]
    path.write_text(WORLD)
    running.wait_for(r"was read again \(2 MVPDs\)")
