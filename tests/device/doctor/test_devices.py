"""How far devices came, as a running proxy tells it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases import case
from passlens.device.doctor import devices
from passlens.device.doctor.clocks import device_clocks
from passlens.device.doctor.devices import api_traffic, came, trust
from passlens.device.doctor.diagnosis import DoctorState, Examined
from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.device.remote import RemoteProxy
from passlens.proxy.link_state import Link
from passlens.redaction.pseudonym import pseudonym
from passlens.util.local_address import Local
from support import tls_devices
from support.clients import Http1Client
from support.controlled import Controlled, controlled_proxy
from support.running import Running
from support.tls_devices import CERTIFICATE_EXPIRED, HOST

TV = "192.168.1.50"


def given(*devices: LinkedDevice, passed: tuple[str, ...] = ()) -> Examined:
    running = Running(list(devices), ProxyStatus(8080, ("*.auth.adobe.com",), passed))
    return Examined("127.0.0.1", 8080, Path(), "sp.auth.adobe.com", running)


@pytest.mark.parametrize(
    ("link", "states"),
    [
        ("seen", ("ok", "unknown", "wrong")),
        ("refuses", ("ok", "wrong", "wrong")),
        ("trusts", ("ok", "ok", "wrong")),
        ("api", ("ok", "ok", "ok")),
    ],
)
def test_each_link_state(link: Link, states: tuple[DoctorState, ...]) -> None:
    seen = given(LinkedDevice(TV, link))
    assert (came(seen).state, trust(seen).state, api_traffic(seen).state) == states


def test_a_device_that_never_came() -> None:
    diagnosis = came(given())
    assert (diagnosis.state, diagnosis.what) == ("wrong", "no device has used the proxy yet")
    for word in ("same network", "Ethernet", "VPN", "firewall"):
        assert word in diagnosis.todo


def test_this_machine_is_no_device() -> None:
    """The doctor itself goes through the proxy."""
    assert came(given(LinkedDevice("127.0.0.1", "trusts"))).state == "wrong"


def test_calls_from_this_machine_are_those_of_a_simulator() -> None:
    simulated = given(LinkedDevice("127.0.0.1", "api"))
    device, traffic = came(simulated), api_traffic(simulated)
    assert (device.state, device.what) == ("unknown", "this machine alone has used the proxy")
    assert device.todo.startswith("with a simulator or an emulator that is all there is; for a device see that")
    assert (traffic.state, traffic.what) == ("unknown", "this machine alone has called the API")
    # Beside a device it does not count.
    both = given(LinkedDevice("127.0.0.1", "api"), LinkedDevice(TV, "seen"))
    assert (came(both).what, api_traffic(both).state) == (f"{TV} used the proxy", "wrong")


def test_a_device_that_never_trusts_is_named_with_the_host() -> None:
    diagnosis = trust(given(LinkedDevice(TV, "refuses", "sp.auth.adobe.com"), LinkedDevice("192.168.1.51", "api")))
    assert diagnosis.what == f"{TV} refuses the certificate for sp.auth.adobe.com"
    assert "Certificate Trust Settings" in diagnosis.todo


def test_no_api_host_among_the_traffic_names_the_hosts_that_passed() -> None:
    diagnosis = api_traffic(given(LinkedDevice(TV, "trusts"), passed=("a.example", "b.example")))
    assert diagnosis.what == "no API host among the traffic, which went to a.example, b.example"
    assert "--host NAME" in diagnosis.todo
    assert "*.auth.adobe.com" in diagnosis.todo


def test_long_lists_are_cut() -> None:
    hosts = tuple(f"h{number}.example" for number in range(7))
    assert "and 2 more" in api_traffic(given(LinkedDevice(TV, "trusts"), passed=hosts)).what


def test_without_passlens_nothing_can_be_told() -> None:
    nobody = Examined("127.0.0.1", 8080, Path(), "sp.auth.adobe.com")
    assert {check(nobody).state for check in (came, trust, api_traffic)} == {"unknown"}


def test_a_proxy_that_has_just_ended_tells_nothing() -> None:
    gone = Examined("127.0.0.1", 8080, Path(), "sp.auth.adobe.com", Running(ended=True))
    assert {check(gone).state for check in (came, trust, api_traffic)} == {"unknown"}


def test_a_device_outside_of_private_networks_is_one_all_the_same() -> None:
    assert came(given(LinkedDevice("sha256:0123456789ab", "seen"))).state == "ok"


# ---- by the control API of a real proxy, before which the devices really do it


@pytest.fixture
def real(confdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controlled]:
    """All addresses but one are of devices."""
    monkeypatch.setattr(devices, "is_local", lambda address: address == tls_devices.HERE)
    with controlled_proxy(confdir, tmp_path) as stage:
        yield stage


def states(stage: Controlled) -> dict[str, str]:
    examined = Examined("127.0.0.1", stage.proxy.port, Path(), HOST, RemoteProxy(stage.api))
    checks = (came, trust, device_clocks, api_traffic)
    return {check.__name__: f"{found.state}: {found.what}" for check in checks if (found := check(examined))}


def test_each_cause_really_made_is_found_by_the_control_api(real: Controlled) -> None:
    tls_devices.trust(real.proxy)  # this machine itself, as the doctor asks
    assert states(real)["came"] == "wrong: no device has used the proxy yet"
    tls_devices.distrust(real.proxy, "video.elsewhere.example", "127.0.0.2")
    found = states(real)
    assert found["came"] == "ok: 127.0.0.2 used the proxy"
    assert found["trust"] == "unknown: no device has been shown the certificate yet"
    assert found["api_traffic"] == "wrong: no API host among the traffic, which went to video.elsewhere.example"
    tls_devices.distrust(real.proxy, device="127.0.0.2")
    real.proxy.wait_for("127.0.0.2  refuses the certificate")
    found = states(real)
    assert found["trust"] == f"wrong: 127.0.0.2 refuses the certificate for {HOST}"
    assert found["device_clocks"] == "ok: certificates and tokens are used in their time"
    tls_devices.hang_up(real.proxy, device="127.0.0.3", last=CERTIFICATE_EXPIRED)
    real.proxy.wait_for("127.0.0.3  refuses the certificate for .*: set the clocks")
    assert states(real)["device_clocks"] == (
        "wrong: 127.0.0.3 takes the proxy's certificate for expired: its clock is apart"
    )
    for device in ("127.0.0.2", "127.0.0.3"):
        with real.app("tv", device):
            pass
    found = states(real)
    assert {name: words.partition(":")[0] for name, words in found.items()} == dict.fromkeys(found, "ok")
    made = case("C1", time.time() - 86_400)  # what it sends is of yesterday
    with Http1Client(real.proxy.port, real.proxy.ca) as client:
        client.case(made)
    assert states(real)["device_clocks"] == "wrong: an access token was over when it was sent (PL251)"


def test_an_address_is_told_as_a_pseudonym_and_that_of_this_machine_is_no_device(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of an address that is not private the proxy tells the pseudonym only."""
    monkeypatch.setattr(devices, "local_addresses", lambda: [Local("2001:db8::2", "en0")])
    tv = pseudonym("2001:db8::50")
    seen = given(LinkedDevice(pseudonym("2001:db8::2"), "trusts"), LinkedDevice(tv, "api"))
    assert came(seen).what == f"{tv} used the proxy"
