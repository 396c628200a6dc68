"""Whether the clocks of proxy, server and devices agree: tokens, sessions and certificates are judged by them."""

import time
from typing import Final

from passlens.device.doctor.devices import listed, told, untold
from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, unknown, wrong
from passlens.device.doctor.probe import ask
from passlens.device.doctor.through import visit
from passlens.device.link import RunningProxy
from passlens.errors import NoProxyError

EXPIRED: Final = "expired"
"""Stands in the TLS alert ``certificate expired`` (45), which also says that a certificate is not valid yet."""

TOKEN_TIMES: Final = {
    "PL252": "an access token was not valid yet when it was sent",
    "PL251": "an access token was over when it was sent",
    "PL245": "a partner status was over when it was sent",
    "PL272": "a service token was over when it was sent",
}
"""Findings that clocks which are apart bring about, as well as apps that keep what is over."""

TOLERANCE: Final = 60.0
"""Seconds that two clocks may differ, the tolerance with which passlens judges times."""


def clocks(given: Examined) -> DoctorResult:
    """This machine's clock against the server's, as its responses date themselves."""
    subject = "clock"
    at = next((one for one in (given.address, "127.0.0.1") if ask(one, given.port).kind == "mitmproxy"), None)
    if at is None:
        return unknown(subject, "no server's clock to compare with", "no proxy runs", "start passlens proxy first.")
    if given.proxy is not None and _sandbox(given.proxy):
        return ok(subject, "the sandbox answers by this machine's clock", "asked the running proxy")
    seen = visit(at, given.port, given.host)
    if seen.problem is not None:
        todo = "see whether this machine itself reaches it: network, VPN, another proxy."
        return unknown(subject, f"the proxy does not reach {given.host}: {seen.problem}", "asked through it", todo)
    how = f"asked {given.host} through the proxy"
    if seen.date is None:
        return ok(subject, "the response has no date to compare with", how)
    ahead = time.time() - seen.date
    if abs(ahead) > TOLERANCE:
        words = f"{span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the server's"
        todo = "set it automatically (by a time server), and the device's, too."
        return wrong(subject, f"this machine's clock is {words}", f"{how}; its Date says so", todo)
    return ok(subject, "this machine's clock and the server's agree", f"{how}; its Date says so")


def _sandbox(proxy: RunningProxy) -> bool:
    try:
        return proxy.status().sandbox
    except NoProxyError:  # it has just ended
        return False


def device_clocks(given: Examined) -> DoctorResult:
    """The devices' clocks: one that is apart takes a valid certificate for expired, or for not valid yet, and sends
    tokens before or after their time."""
    subject = "device clock"
    devices = told(given)
    if not devices:
        return untold(subject)
    apart = [one.address for one in devices if one.link == "refuses" and EXPIRED in (one.alert or "")]
    if apart:
        todo = "set the device's clock automatically: Settings, General, Date and Time."
        what = f"{listed(apart)} takes the proxy's certificate for expired: its clock is apart"
        return wrong(subject, what, "asked the running proxy for the TLS alert", todo)
    if (code := _token_time(given)) is not None:
        todo = f"set the clocks of device and computer automatically; where they are right: passlens explain {code}."
        return wrong(subject, f"{TOKEN_TIMES[code]} ({code})", "asked the running proxy for its findings", todo)
    return ok(subject, "certificates and tokens are used in their time", "asked the running proxy")


def _token_time(given: Examined) -> str | None:
    try:
        codes = given.proxy.finding_codes() if given.proxy is not None else frozenset()
    except NoProxyError:  # it has just ended
        return None
    return next((code for code in TOKEN_TIMES if code in codes), None)


def span(seconds: float) -> str:
    """A length of time in words.

    >>> span(61), span(7200), span(200000)
    ('61 s', '2 h', '2 days')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172800 else f"{seconds / 86400:.0f} days"
