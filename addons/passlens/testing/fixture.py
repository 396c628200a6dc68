"""``Passlens``: what the pytest fixture of that name gives to a test."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, Unpack

from passlens.errors import NothingCameError, PasslensError, UsageError
from passlens.reports.text import block
from passlens.testing.client import Client, ExchangeFilter
from passlens.testing.proxy_process import ProxyProcess
from passlens.util.text import plural

if TYPE_CHECKING:
    from passlens.checks.finding import Severity
    from passlens.control import models

__tracebackhide__ = True
"""pytest shows the line of the test that failed, not how passlens was asked."""

SHOWN: Final = 50
"""Exchanges of a failing test that are shown, the last ones; the report has all."""

MAX_MARK: Final = 300
"""Characters of a mark."""


class Passlens:
    """A running proxy that has forgotten what was before this test. ``client`` has every other call of the control
    API."""

    def __init__(self, process: ProxyProcess, name: str) -> None:
        self._process, self._name = process, name
        self.client: Client = process.client
        self.ca_file = process.ca_file
        self._given: tuple[str | None, str | None] = None, None
        """What a scenario is called while it runs, and how it was given here: a path runs by its file's name."""

    @property
    def proxy_url(self) -> str:
        """The address of the proxy, for the app."""
        return self._process.url

    def begin(self, scenario: str | None = None) -> None:
        """Forget what was, begin the mark of the test, and run its scenario or none."""
        for running in self.client.status()["scenarios"]:
            self.client.scenario(None, running["device"])
        self.client.reset()
        self.client.mark(self._name[-MAX_MARK:])
        self._given = None, None
        if scenario is not None:
            self._run(scenario)

    # ---- what a test does

    def scenario(self, name: str | None) -> "RunningUntil":
        """Run a scenario (None: no longer) from the next request on; at the end of a ``with``, what ran before runs
        again. Rules of ``client.rules`` and a path of ``client.scenario`` cannot be run again: UsageError says so."""
        running = self.client.status()["scenario"]
        ours = running == self._given[0]
        before = self._given[1] if ours else running
        self._run(name)
        return RunningUntil(self, before, not ours and running is not None)

    def _run(self, name: str | None) -> None:
        self._given = self.client.scenario(name)["name"], name

    def wait_for(
        self, operation: str | None = None, *, timeout: float = 30.0, **query: Unpack[ExchangeFilter]
    ) -> "models.ExchangeEntry":
        """The first exchange of this test that fits, as soon as it is there. What came before the call counts, unless
        ``since`` (the number of an exchange) leaves it out. Fails the test where none comes within ``timeout`` seconds.
        """
        found = self.client.wait_for(operation, timeout=timeout, **query)
        if found is None:
            asked = [str(operation or "exchange"), *(f"{name} {value}" for name, value in query.items())]
            raise NothingCameError(f"No {', '.join(asked)} came within {timeout:g} s; {self._came()}")
        return found

    def exchanges(self, operation: str | None = None, **query: Unpack[ExchangeFilter]) -> "list[models.ExchangeEntry]":
        """The exchanges of this test that fit, so far."""
        return self.client.exchanges(operation, **query)

    def findings(self, min: "Severity" = "note") -> "list[models.FindingMember]":
        """The findings of this test of this severity or above, so far."""
        return self.client.findings(min)

    def sign_in(self, code: str | None) -> None:
        """Sign in to the virtual session of a code, as a user would on the provider's page."""
        if code is None:
            raise ValueError("The exchange has no code to sign in with; wait for one that begins a session.")
        self.client.sign_in(code)

    def _came(self) -> str:
        came = [f"{entry['operation']} {_answer(entry)}" for entry in self.exchanges()[-10:]]
        return f"what came: {', '.join(came)}." if came else "nothing came at all: does the app use the proxy?"

    # ---- what is kept of a failing test

    def evidence(self, folder: Path) -> list[tuple[str, str]]:
        """Sections for the report of a failing test: what was exchanged, and where recording and report are."""
        try:
            entries = self.exchanges()
            kept = [self._keep(folder / "exchanges.har"), self._keep(folder / "exchanges.html")]
        except (PasslensError, OSError) as error:
            ended = "" if self._process.runs else f"\nThe last lines of the proxy:\n{self._process.tail()}"
            return [("passlens", f"{error}{ended}")]
        return [("passlens", "\n".join([_told(entries), "", *(f"kept {path}" for path in kept)]))]

    def _keep(self, path: Path) -> Path:
        data = self.client.recording("har" if path.suffix == ".har" else "html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


class RunningUntil:
    """A scenario that runs; as a context manager, until the end of the block."""

    def __init__(self, passlens: Passlens, before: str | None, unsure: bool) -> None:
        self._passlens, self._before = passlens, before
        self._unsure = unsure
        """Others began it: its name may be none that can be run."""

    def __enter__(self) -> Self:
        listed = self._passlens.client.scenarios() if self._unsure else ()
        if self._unsure and self._before not in [one["name"] for one in listed]:
            raise UsageError(
                f"What ran before, {self._before}, cannot be run again by its name at the end of this block: "
                "begin it by passlens.scenario, or this one without with."
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Where the test failed already, that is what has to be told; the next test begins anew.
        with suppress(PasslensError) if error is not None else nullcontext():
            self._passlens._run(self._before)


def _answer(entry: "models.ExchangeEntry") -> str:
    status = "without an answer" if entry["status"] is None else str(entry["status"])
    return entry["outcome"] or entry["error"] or status


def _told(entries: "Sequence[models.ExchangeEntry]") -> str:
    """The last exchanges as the live screen shows them."""
    shown = entries[-SHOWN:]
    left = len(entries) - len(shown)
    head = [plural(len(entries), "exchange") + (f", the last {SHOWN}:" if left else ":" if entries else "")]
    return "\n\n".join([*head, *(block(entry, live=True) for entry in shown)])
