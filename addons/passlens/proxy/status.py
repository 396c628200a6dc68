"""What is on, in lines, for the command ``passlens.status``: scenarios with their counts, the sandbox, sessions."""

import time
from collections.abc import Callable, Iterator
from typing import Final

from passlens.proxy.injector import Injector
from passlens.proxy.link_state import Link, LinkState
from passlens.rest_v2.wire import moment
from passlens.sandbox.pages import address
from passlens.util.text import escape_controls, plural

MAX_SESSIONS: Final = 20
"""Virtual sessions that a status names; the newest."""

MAX_DEVICES: Final = 20
"""Devices that a status names, those heard of last."""

LINKS: Final[dict[Link, str]] = {
    "seen": "uses the proxy",
    "refuses": "does not trust the certificate",
    "trusts": "trusts the certificate",
    "api": "calls the API",
}


def lines(injector: Injector) -> list[str]:
    """The scenarios, the sandbox, the virtual sessions."""
    return [escape_controls(line) for line in (*_scenarios(injector), *_sandbox(injector), *_sessions(injector))]


def devices(state: LinkState, shown: Callable[[str], str], *, only_waiting: bool = False) -> list[str]:
    """A line for each device: how far it has come; ``shown`` makes its address fit to be shown. With ``only_waiting``
    those that have called the API are left out."""
    if not state.devices:
        return ["no device has used the proxy"]
    rows = [device for device in state.devices if not (only_waiting and device.link == "api")]
    found = [f"{len(rows)} devices, those heard of last:"] if len(rows) > MAX_DEVICES else []
    for device in sorted(rows, key=lambda one: one.last)[-MAX_DEVICES:]:
        words = [f"device {shown(device.address)} {LINKS[device.link]}"]
        words += [f"refused the certificate for {device.refused}"] if device.refused else []
        words += [f"{plural(len(device.passed), 'host')} passed unread"] if device.passed else []
        found.append(escape_controls(", ".join(words)))
    return found


def _scenarios(injector: Injector) -> Iterator[str]:
    for device, running in injector.scenarios.by_device().items():
        counts = ", ".join(f"{name} {count}" for name, count in running.engine.counts.items())
        of_device = f" of device {device}" if device is not None else ""
        yield f"scenario {running.scenario.name}{of_device}: {counts}"
    if not injector.scenarios:
        yield "no scenario"


def _sandbox(injector: Injector) -> Iterator[str]:
    if injector.hosts is not None:
        yield f"sandbox for {', '.join(sorted(injector.hosts))}"
        yield f"sandbox plays {injector.api.world.names()}"


def _sessions(injector: Injector) -> Iterator[str]:
    sessions = injector.api.sessions.list(time.time())
    if len(sessions) > MAX_SESSIONS:
        yield f"{len(sessions)} virtual sessions, the newest of them:"
    for session in sessions[-MAX_SESSIONS:]:
        whose = f"{session.code or 'no code'} {session.service_provider} {session.mvpd or 'no mvpd'}"
        yield f"virtual session {whose} {session.state}, until {moment(session.not_after / 1000)}"
        if injector.api.interactive and (page := address(session)) is not None:
            yield f"  sign in at {page}"
