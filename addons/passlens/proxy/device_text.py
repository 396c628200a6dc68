"""What the terminal says of a device: one line for each thing that is new, with what to do about it."""

from collections.abc import Callable
from typing import Final

from passlens.proxy.link_state import DeviceEvent
from passlens.reports.entry_text import clock_at
from passlens.util.text import escape_controls, fold, paint

_TRUST: Final = "trust is off (on an Apple TV: Settings, General, About, Certificate Trust Settings), or the app pins"
_PINS: Final = "the device trusts it elsewhere, so this app pins; use a build of the app that does not"
_ALERTS: Final = {
    "certificate expired": "set the clocks of the device and of this machine, and install today's certificate",
    "certificate revoked": "install today's certificate",
    "unsupported certificate": "the device does not take this kind of certificate",
}
"""Alerts that say more than that there is no trust (RFC 8446, section 6.2)."""

_TO_BE_DONE: Final = ("refuses", "waiting", "nobody")
"""Events after which somebody has to do something."""

MAX_NAMED: Final = 5
"""Hosts that are named in one line."""


def event_text(
    event: DeviceEvent,
    shown: Callable[[str], str],
    *,
    width: int | None = None,
    colour: bool = False,
) -> str:
    """The line of an event, folded at ``width``; ``shown`` makes an address fit to be shown."""
    at = clock_at(event.at, live=True)
    who = shown(event.address) if event.address else ""
    head = f"{at}  {who}  " if who else f"{at}  "
    first, *rest = fold(_words(event, shown), width, first=head, rest=" " * 12)
    warns = colour and event.kind in _TO_BE_DONE
    first = paint(at, "dim", colour) + paint(first.removeprefix(at), "warning", warns)
    return "\n".join([first, *(paint(line, "warning", warns) for line in rest)])


def _words(event: DeviceEvent, shown: Callable[[str], str]) -> str:
    match event.kind:
        case "seen":
            return "uses the proxy"
        case "trusts":
            return "trusts the certificate"
        case "api":
            again = f"; it was {shown(event.before)} before" if event.before not in (None, event.address) else ""
            return f"calls the API{again}"
        case "refuses":
            return _refusal(event)
        case "nobody":
            return (
                "no device has come so far: type address and port, as above, into the device's network settings; "
                "both must be in one network (passlens doctor looks into it)"
            )
        case "waiting":
            return _missing(event)


def _refusal(event: DeviceEvent) -> str:
    host = escape_controls(event.host or "a host")
    how = "refuses the certificate" if event.alert is not None else "breaks off at the certificate"
    why = _PINS if event.pins else _ALERTS.get(event.alert or "", _TRUST)
    return f"{how} for {host}: {why}"


def _missing(event: DeviceEvent) -> str:
    passed = ""
    if event.passed:
        named = ", ".join(escape_controls(host) for host in event.passed[-MAX_NAMED:])
        more = f" and {len(event.passed) - MAX_NAMED} more" if len(event.passed) > MAX_NAMED else ""
        example = escape_controls(event.passed[-1])
        passed = f"; passed unread: {named}{more}; if one of them serves the API, start with --host {example}"
    if event.link == "refuses":
        host = escape_controls(event.host or "a host")
        what = "install it, switch its trust on, and open the app anew"
        return f"still does not take the certificate for {host}: {what}"
    if event.link == "trusts":
        return f"trusts the certificate, but has called no operation of the API yet: sign in or play in the app{passed}"
    return f"has not asked for a host of the API yet: open the app{passed}"
