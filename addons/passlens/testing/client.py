"""``Client``: a running passlens from Python, over its control API, with the standard library alone.

client = Client.connect()
client.scenario("pfs-fallback")
entry = client.wait_for("partner-session", outcome="P3")
"""

import math
import os
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypedDict, Unpack
from urllib.parse import quote

from passlens.control.connection import ControlConnection, connect
from passlens.control.runtime_file import Address

if TYPE_CHECKING:
    # Types alone: what they are made with takes longer to load than a test may wait.
    from passlens.analysis.entry import Expectation, Journey
    from passlens.checks.finding import Severity
    from passlens.control import models
    from passlens.control.recording import Format
    from passlens.sandbox.session_actions import SessionAction


__tracebackhide__ = True
"""pytest shows the line of the test that failed, not how passlens was asked."""


class ExchangeFilter(TypedDict, total=False):
    """Which exchanges: all that is given has to fit. docs/control.md says what the members mean."""

    since: int | None
    outcome: str | None
    error: str | None
    status: int | None
    result: Literal["permit", "deny", "profile", "none"] | None
    resource: str | None
    injected: bool | str | None
    device: str | None
    mark: str | None


HELD: Final = 60.0
"""Seconds that one request waits at most; a longer wait is several."""


class Client:
    """Calls of the control API. NoProxyError where none answers, ControlError (``status``, ``code``) for what it
    refuses; both are one sentence."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._connection = ControlConnection(Address(host, port, token))

    @classmethod
    def connect(cls, address: str | None = None, environment: Mapping[str, str] = os.environ) -> Self:
        """The running proxy of this user; ``address`` (``[HOST:]PORT``) chooses among several."""
        found = connect(address, environment).address
        return cls(found.host, found.port, found.token)

    # ---- what is

    def status(self) -> "models.StatusReport":
        """What runs, and what it has seen."""
        found: models.StatusReport = self._call("GET", "status")
        return found

    def devices(self) -> "list[models.DeviceMember]":
        """Devices with link state and last exchange."""
        found: models.DeviceList = self._call("GET", "devices")
        return found["devices"]

    def exchanges(self, operation: str | None = None, **query: Unpack[ExchangeFilter]) -> "list[models.ExchangeEntry]":
        """All entries that fit."""
        return list(self._pages("exchanges", {**query, "operation": operation}))

    def findings(self, min: "Severity" = "note", since: int = 0) -> "list[models.FindingMember]":
        """All findings of this severity or above, with their exchange."""
        return list(self._pages("findings", {"min": min, "since": since}))

    def journeys(self) -> "list[Journey]":
        """Journeys that have ended, and after them those that go on, as they stand."""
        found: models.JourneyList = self._call("GET", "journeys")
        return found["journeys"]

    def expectations(self) -> "list[Expectation]":
        """What scenarios expect of the app: what is decided, then what is waited for and what nothing came to."""
        found: models.ExpectationList = self._call("GET", "expectations")
        return found["expectations"]

    def wait_for(
        self, operation: str | None = None, *, timeout: float = 30.0, **query: Unpack[ExchangeFilter]
    ) -> "models.ExchangeEntry | None":
        """The first entry that fits, as soon as it is there; None where it did not come in time. ``since`` (a number)
        leaves out what came before."""
        if math.isnan(timeout):
            raise ValueError(f"timeout is {timeout}; give seconds.")
        deadline = time.monotonic() + timeout
        given: dict[str, object] = {**query, "operation": operation}
        while True:
            left = max(0.0, min(deadline - time.monotonic(), HELD))
            patient = ControlConnection(self._connection.address, self._connection.patience + left)
            page: models.ExchangeList = patient.call("GET", "exchanges", {**given, "wait": round(left, 3)})
            if page["exchanges"]:
                return page["exchanges"][0]
            given["since"] = page["next"]
            if time.monotonic() >= deadline:
                return None

    def events(self) -> Iterator[tuple[str, Any]]:
        """Names and data of events as they come, until the proxy ends."""
        return self._connection.events()

    # ---- what is done

    def scenarios(self) -> "list[models.ScenarioMember]":
        """Scenarios that can be run."""
        found: models.ScenarioList = self._call("GET", "scenarios")
        return found["scenarios"]

    def scenario(self, name: str | None, device: str | None = None) -> "models.RunningScenarios":
        """Run a scenario from the next request on, for all devices or for one; None: no longer. ``name`` is a name, or
        the path of a rule file, which is looked for from the current folder."""
        if name is None:
            stopped: models.RunningScenarios = self._call("DELETE", "scenario", {"device": device})
            return stopped
        # The proxy may have been started in another folder.
        is_here = name.endswith((".yaml", ".yml")) and os.path.isfile(name)
        return self._run({"name": os.path.abspath(name) if is_here else name}, device)

    def rules(self, rules: list[dict[str, Any]], device: str | None = None) -> "models.RunningScenarios":
        """Run the rules of an inline scenario."""
        return self._run({"rules": rules}, device)

    def _run(self, body: dict[str, object], device: str | None) -> "models.RunningScenarios":
        given = body if device is None else {**body, "device": device}
        found: models.RunningScenarios = self._call("PUT", "scenario", None, given)
        return found

    def sessions(self) -> "list[models.SessionMember]":
        """Virtual sessions that are not over."""
        found: models.SessionList = self._call("GET", "sessions")
        return found["sessions"]

    def session(self, code: str, action: "SessionAction") -> "list[models.SessionMember]":
        """Sign in to a virtual session, deny it, or let it expire."""
        found: models.SessionList = self._call("POST", f"sessions/{quote(code, safe='')}", None, {"action": action})
        return found["sessions"]

    def sign_in(self, code: str) -> "list[models.SessionMember]":
        """Sign in to a virtual session."""
        return self.session(code, "sign-in")

    def mark(self, name: str) -> int:
        """From here on entries count as of this mark; the number after which they come."""
        return int(self._call("POST", "marks", None, {"name": name})["next"])

    def reset(self) -> int:
        """Forget counters, states, virtual sessions and entries; the number after which new entries come."""
        return int(self._call("POST", "reset")["next"])

    def recording(self, format: "Format" = "har") -> bytes:
        """What was seen, as a clean copy or report."""
        patient = ControlConnection(self._connection.address, 120.0)
        return patient.download("GET", "recording", {"format": format})

    # ---- how

    def _call(self, method: str, path: str, query: Mapping[str, object] | None = None, body: object = None) -> Any:
        return self._connection.call(method, path, query, body)

    def _pages(self, name: str, query: Mapping[str, object]) -> Iterator[Any]:
        given = dict(query)
        while True:
            page = self._call("GET", name, given)
            yield from page[name]
            if not page[name] or page["next"] == given.get("since"):
                return
            given["since"] = page["next"]
