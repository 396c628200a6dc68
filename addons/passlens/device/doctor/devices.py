"""How far the devices came, as the running proxy tells it by its control API."""

from collections.abc import Sequence
from typing import Final

from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, unknown, wrong
from passlens.device.link import LinkedDevice
from passlens.errors import NoProxyError
from passlens.proxy.log_filter import shown_address
from passlens.util.local_address import is_local, local_addresses

CAME: Final = "device"
TRUST: Final = "trust"
TRAFFIC: Final = "API traffic"
_HOW: Final = "asked the running proxy"
_SIMULATED: Final = "with a simulator or an emulator that is all there is"
_MAX_COUNT: Final = 5
"""Devices and hosts that are named."""


def came(given: Examined) -> DoctorResult:
    """Some device has used the proxy."""
    found = told(given)
    if found is None:
        return untold(CAME)
    if not found:
        todo = (
            "see that device and computer are in the same network (no guest network), that the profile is installed "
            "and its Wi-Fi in use (not Ethernet), that no VPN is on, and that this machine's firewall lets it in."
        )
        if _called_from_here(given):
            return unknown(CAME, "this machine alone has used the proxy", _HOW, f"{_SIMULATED}; for a device {todo}")
        return wrong(CAME, "no device has used the proxy yet", _HOW, todo)
    return ok(CAME, f"{listed([one.address for one in found])} used the proxy", _HOW)


def trust(given: Examined) -> DoctorResult:
    """Each device that came trusts the certificate."""
    found = told(given)
    if not found:
        return untold(TRUST)
    refusing = [one for one in found if one.link == "refuses"]
    if refusing:
        hosts = sorted({one.refused for one in refusing if one.refused})
        what = f"{listed([one.address for one in refusing])} refuses the certificate"
        todo = (
            "on the device: Settings, General, About, Certificate Trust Settings, turn mitmproxy on; if it is on, "
            "the app pins its certificates, or the profile holds another computer's."
        )
        return wrong(TRUST, what + (f" for {listed(hosts)}" if hosts else ""), _HOW, todo)
    trusting = [one.address for one in found if one.link in ("trusts", "api")]
    if not trusting:
        todo = "open an app that uses the API; until then no certificate is shown to the device."
        return unknown(TRUST, "no device has been shown the certificate yet", _HOW, todo)
    return ok(TRUST, f"{listed(trusting)} trusts the certificate", _HOW)


def api_traffic(given: Examined) -> DoctorResult:
    """Some device has called the API."""
    found = told(given)
    if found is None or given.proxy is None:
        return untold(TRAFFIC)
    calling = [one.address for one in found if one.link == "api"]
    if calling:
        return ok(TRAFFIC, f"{listed(calling)} called the API", _HOW)
    if not found and _called_from_here(given):
        todo = f"{_SIMULATED}; for a device open the app on it."
        return unknown(TRAFFIC, "this machine alone has called the API", _HOW, todo)
    try:
        status = given.proxy.status()
    except NoProxyError:
        return untold(TRAFFIC)
    passed = listed(list(status.passed))
    what = f"no API host among the traffic, which went to {passed}" if passed else "no traffic to an API host yet"
    todo = (
        f"open the app; if it talks to a host of its own that stands for the API, start passlens proxy --host NAME "
        f"(looked into now: {listed(list(status.hosts)) or 'unknown'})."
    )
    return wrong(TRAFFIC, what, _HOW, todo)


def _called_from_here(given: Examined) -> bool:
    """Whether this machine called the API itself, as a simulator does. The doctor's own questions are no such calls."""
    try:
        return given.proxy is not None and any(one.link == "api" for one in given.proxy.devices())
    except NoProxyError:
        return False


def told(given: Examined) -> Sequence[LinkedDevice] | None:
    """The devices that used the proxy, this machine itself left out; None if nobody tells (any more)."""
    if given.proxy is None:
        return None
    try:
        devices = given.proxy.devices()
    except NoProxyError:
        return None
    own = {shown_address(one.address) for one in local_addresses()}
    return [one for one in devices if one.address not in own and not is_local(one.address)]


def untold(subject: str) -> DoctorResult:
    """What hangs on a device, and there is none yet; what to do is said of the proxy or the device."""
    return unknown(subject, "cannot be told", "it takes a running passlens and a device")


def listed(words: Sequence[str]) -> str:
    """Words with commas, the first five of them."""
    shown = ", ".join(words[:_MAX_COUNT])
    return shown + (f" and {len(words) - _MAX_COUNT} more" if len(words) > _MAX_COUNT else "")
