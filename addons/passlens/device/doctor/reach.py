"""Whether the proxy runs, and whether a device reaches it at the address it was given."""

from ipaddress import ip_address
from typing import Final

from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, unknown, wrong
from passlens.device.doctor.probe import ProbeResult, ask
from passlens.device.set_up import running_port
from passlens.util.local_address import is_local, local_addresses, named
from passlens.util.port_owner import port_owner

PROXY: Final = "proxy"
LOOPBACK: Final = "127.0.0.1"


def running(given: Examined) -> DoctorResult:
    """Something listens on the port, it is a mitmproxy, and passlens is in it."""
    at = f"port {given.port}"
    here, there = ask(LOOPBACK, given.port), ask(given.address, given.port)
    # A proxy that listens on one address only may be found at the other.
    proxy = next((one for one in (there, here) if one.kind == "mitmproxy"), None)
    if proxy is None:
        return _not_running(given, here, there)
    if given.proxy is None:
        todo = "start passlens proxy in its place, without --no-control; what follows from traffic cannot be told."
        return unknown(
            PROXY, f"mitmproxy {proxy.detail} runs on {at}, and no control API of passlens", "asked it", todo
        )
    return ok(PROXY, f"passlens runs in mitmproxy {proxy.detail} on {at}", "asked it")


def _not_running(given: Examined, here: ProbeResult, there: ProbeResult) -> DoctorResult:
    kinds = (there.kind, here.kind)
    if any(kind in ("other", "silent", "hung-up") for kind in kinds):
        owner = port_owner(given.port) or "another program"
        how = "asked it, and it is no mitmproxy" if "other" in kinds else "it takes connections and never answers"
        other = given.port + 1 if given.port < 65535 else 8080
        todo = f"end that program, or use another port: passlens proxy --port {other}, and a profile with it."
        return wrong(PROXY, f"port {given.port} is taken by {owner}", how, todo)
    start = f"passlens proxy --port {given.port}"
    todo = f"start it: {start}"
    if (runs := running_port(given.proxy)) is not None:
        todo = f"passlens runs on port {runs}: give the device that one, or start another: {start}"
    return wrong(PROXY, f"no proxy listens on port {given.port}", "connected to it in vain", todo)


def blocks(given: Examined, here: ProbeResult, there: ProbeResult) -> bool:
    """Whether a mitmproxy hangs up on the address only, as its options block_global and block_private make it."""
    return there.kind == "hung-up" and here.kind == "mitmproxy"


def address(given: Examined) -> DoctorResult:
    """The address that devices are told is one of this machine, and the proxy answers there."""
    subject, at = "address", f"{given.address} port {given.port}"
    if ip_address(given.address).is_loopback and not local_addresses():
        todo = "join the network that the device is in."
        return wrong(subject, "this machine has no address that a device could reach", "listed the interfaces", todo)
    here, there = ask(LOOPBACK, given.port), ask(given.address, given.port)
    locals_ = local_addresses()
    mine = is_local(given.address)
    if blocks(given, here, there):
        return _blocked(given)
    if there.kind == "mitmproxy":
        return ok(subject, f"the proxy answers at {at}", "connected to it")
    if mine is False:
        what = f"{given.address} is no address of this machine, which has {named(locals_) or 'none'}"
        todo = "give one of these with --address, and make the profile anew: passlens device apple-tv."
        return wrong(subject, what, "listed the interfaces", todo)
    if there.kind == "timeout":
        todo = "let mitmproxy's Python through the firewall of this machine, for incoming connections."
        return wrong(subject, f"no answer from {at}: a firewall drops it", "connected to it and waited", todo)
    if here.kind == "mitmproxy":
        todo = "start it without --listen-host, or with --listen-host 0.0.0.0, so that it takes devices."
        return wrong(subject, f"the proxy listens on this machine only, not at {at}", "connected to both", todo)
    if here.kind == "refused":
        return unknown(subject, f"nothing to connect to at {at}", "connected in vain", "start passlens proxy first.")
    return unknown(subject, f"no proxy answers at {at}", "connected to it", "see the line of the proxy.")


def _blocked(given: Examined) -> DoctorResult:
    option = "block_global" if ip_address(given.address).is_global else "block_private"
    kind = "public" if option == "block_global" else "private"
    return wrong(
        "address",
        f"the proxy hangs up on clients with {kind} addresses ({option})",
        f"connected from {given.address}, and from this machine itself",
        f"start it with passlens proxy -- --set {option}=false, on a network where nobody else can use it.",
    )
