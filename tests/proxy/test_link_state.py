"""The table of devices: what is new is told once, later refusals take nothing back, everything is bounded."""

import pytest

from passlens.device.remote import read_device
from passlens.proxy.link_state import CLOSINGS, MAX_DEVICES, MAX_HOSTS, PATIENCE, DeviceEvent, LinkState, plain_address

TV, HOST = "192.168.1.50", "sp.auth.adobe.com"


def kinds(events: list[DeviceEvent]) -> list[str]:
    return [event.kind for event in events]


def test_a_device_that_does_all_right_is_told_of_step_by_step_and_once() -> None:
    state = LinkState()
    for at in (0.0, 1.0):
        first = at == 0.0
        assert kinds(state.connected(TV, at)) == ["seen"] * first
        assert kinds(state.trusted(TV, at)) == ["trusts"] * first
        assert kinds(state.exchanged(TV, "key", at)) == ["api"] * first
    assert state.idle(1.0 + 10 * PATIENCE) == []
    (device,) = state.devices
    assert (device.link, device.first, device.last, device.last_exchange) == ("api", 0.0, 1.0, 1.0)


def test_one_that_never_trusts_is_told_once_for_each_host() -> None:
    state = LinkState()
    state.connected(TV, 0.0)
    events = [event for at in range(5) for event in state.refused(TV, HOST, "unknown ca", float(at))]
    assert [(event.kind, event.host, event.alert, event.pins) for event in events] == [
        ("refuses", HOST, "unknown ca", False)
    ]
    assert kinds(state.refused(TV, "api.auth.adobe.com", "unknown ca", 5.0)) == ["refuses"]
    assert state.devices[0].link == "refuses"


def test_one_that_trusts_elsewhere_pins_and_still_trusts() -> None:
    state = LinkState()
    state.trusted(TV, 0.0)
    (event,) = state.refused(TV, HOST, "bad certificate", 1.0)
    assert event.pins
    assert state.devices[0].link == "trusts"
    assert state.devices[0].refused == HOST


def test_one_that_only_closes_counts_when_it_does_so_again() -> None:
    state = LinkState()
    told = [kinds(state.refused(TV, HOST, None, float(at))) for at in range(CLOSINGS + 2)]
    assert told == [["seen"], *[[]] * (CLOSINGS - 2), ["refuses"], [], []]
    state = LinkState()
    for number in range(CLOSINGS - 1):
        state.refused(TV, HOST, None, float(number))
    assert state.devices[0].link == "seen"


@pytest.mark.parametrize(("waited", "told"), [(PATIENCE - 0.1, []), (PATIENCE, ["waiting"])])
def test_what_is_missing_is_told_after_half_a_minute(waited: float, told: list[str]) -> None:
    state = LinkState()
    state.connected(TV, 100.0)
    state.let_pass(TV, "video.example", 101.0)
    events = state.idle(100.0 + waited)
    assert kinds(events) == told
    for event in events:
        assert (event.link, event.passed) == ("seen", ("video.example",))
    assert state.idle(100.0 + waited) == []


def test_it_is_told_anew_for_the_next_step_only() -> None:
    state = LinkState()
    state.connected(TV, 0.0)
    assert len(state.idle(PATIENCE)) == 1
    state.trusted(TV, 2 * PATIENCE)
    assert state.idle(2 * PATIENCE) == []
    (event,) = state.idle(3 * PATIENCE)
    assert event.link == "trusts"
    assert state.idle(9 * PATIENCE) == []


@pytest.mark.parametrize(("came", "told"), [(False, ["nobody"]), (True, [])])
def test_that_nobody_came_is_told_once(came: bool, told: list[str]) -> None:
    state = LinkState()
    state.started(0.0)
    if came:
        state.exchanged(TV, None, 1.0)
    assert state.idle(PATIENCE - 0.1) == []
    assert kinds(state.idle(PATIENCE)) == told
    assert state.idle(5 * PATIENCE) == []


def test_a_device_that_comes_back_with_another_address_is_known_by_its_key() -> None:
    state = LinkState()
    state.exchanged(TV, "key", 0.0)
    events = state.exchanged("192.168.1.77", "key", 1.0)
    assert kinds(events) == ["seen", "api"]
    assert events[1].before == TV
    assert state.exchanged("192.168.1.78", "other", 2.0)[1].before is None


@pytest.mark.parametrize("count", [40, MAX_DEVICES, MAX_DEVICES + 1])
def test_many_devices_are_told_once_each_and_the_table_is_bounded(count: int) -> None:
    state = LinkState()
    state.exchanged(TV, None, -1.0)
    events = [event for number in range(count - 1) for _ in range(2) for event in state.connected(f"d{number}", number)]
    assert len(events) == count - 1
    assert len(state.devices) == min(count, MAX_DEVICES)
    # The one that called the API is the last to make room.
    assert TV in [device.address for device in state.devices]


def test_hosts_of_a_device_are_bounded() -> None:
    state = LinkState()
    for number in range(MAX_HOSTS + 5):
        state.let_pass(TV, f"{number}.example", 0.0)
        state.refused(TV, f"{number}.example", "unknown ca", 0.0)
        state.refused(TV, f"{number}.example", None, 0.0)
    (device,) = state.devices
    assert len(device.passed) == len(device.refusals) == MAX_HOSTS
    assert len(device.closings) <= MAX_HOSTS + 1
    assert state.passed == list(device.passed)


def test_an_address_has_one_spelling() -> None:
    state = LinkState()
    assert kinds(state.connected("::ffff:192.168.1.50", 0.0)) == ["seen"]
    assert state.connected(TV, 1.0) == []
    assert kinds(state.connected("2001:db8::0:1", 2.0)) == ["seen"]
    assert state.connected("2001:db8::1", 3.0) == []
    assert plain_address("fe80::1%en0") == "fe80::1"


def test_a_row_is_what_the_doctor_reads() -> None:
    state = LinkState()
    state.connected(TV, 0.0)
    state.refused(TV, HOST, "certificate expired", 1.5)
    (device,) = state.devices
    member = device.member()
    assert member["first_seen"] == "1970-01-01T00:00:00.000Z"
    assert member["last_seen"] == "1970-01-01T00:00:01.500Z"
    read = read_device(member)
    assert read is not None
    assert (read.address, read.link, read.refused, read.alert) == (TV, "refuses", HOST, "certificate expired")
