"""Which scenario runs for whom."""

import random
from pathlib import Path

import pytest

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.scenarios.active import MAX_DEVICES, ActiveScenarios
from passlens.scenarios.library import RunningScenario
from scenarios.made import exchange, scenario


def running(name: str) -> RunningScenario:
    return RunningScenario(scenario("rules: [{name: only, then: {delay: 1}}]", Path(f"{name}.yaml")), random.Random(1))


def test_a_device_has_its_own_before_the_one_for_all() -> None:
    scenarios = ActiveScenarios()
    assert not scenarios
    kitchen, den = (Decoded(exchange(f"C1 device={name} client=192.0.2.7")) for name in ("kitchen", "den"))
    for_all, by_key, by_address = running("all"), running("key"), running("address")
    scenarios.set(by_key, device_key(kitchen))
    assert scenarios
    assert (scenarios.of(kitchen), scenarios.of(den)) == (by_key, None)
    scenarios.set(for_all)
    assert (scenarios.of(kitchen), scenarios.of(den)) == (by_key, for_all)
    scenarios.set(by_address, "192.0.2.7")
    assert (scenarios.of(kitchen), scenarios.of(den)) == (by_key, by_address)
    assert list(scenarios.all()) == [for_all, by_key, by_address]
    assert scenarios.never_matched() == ("only", "only", "only")
    assert scenarios.set(None, device_key(kitchen)) is by_key
    assert scenarios.of(kitchen) is by_address
    assert scenarios.set(None, "192.0.2.7") is by_address
    assert scenarios.set(None) is for_all
    assert not scenarios


def test_so_many_devices_have_their_own() -> None:
    scenarios = ActiveScenarios()
    for number in range(MAX_DEVICES):
        scenarios.set(running("x"), f"device {number}")
    scenarios.set(running("y"), "device 0")
    with pytest.raises(ValueError, match="devices have a scenario of their own already"):
        scenarios.set(running("z"), "one more")
