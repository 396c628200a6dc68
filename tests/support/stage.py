"""A client's view and the proxy's view of the same exchange: what the client got, what was logged, what reached the
server. Scenarios are switched on and off by passlens' own commands while the proxy runs."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from passlens.checks.table import BY_CODE
from support import remote
from support.api import Api
from support.clients import TIMEOUT, Got, Headers, Http1Client
from support.device import MARK, Client
from support.proxy import Proxy

REMOTE = Path(remote.__file__)
Entry = dict[str, Any]


class Remote:
    """Orders to a running mitmdump."""

    def __init__(self, running: Proxy, timeout: float = TIMEOUT) -> None:
        self.port, self.timeout = running.port, timeout

    def _order(self, path: str, words: str) -> tuple[int, str]:
        with Http1Client(self.port, host=remote.HOST, timeout=self.timeout) as client:
            got = client.request("POST", path, (), words.encode())
            return got.status, got.body.decode()

    def set(self, words: str) -> str:
        """Set an option; what mitmproxy objects, if it does."""
        return self._order("/set", words)[1]

    def run(self, words: str) -> str:
        """Run a command and give its result."""
        status, result = self._order("/run", words)
        assert status == 200, result
        return result

    def refused(self, words: str) -> str:
        """Run a command that mitmproxy objects to; its sentence."""
        status, result = self._order("/run", words)
        assert status == 409, result
        return result


def entries_of(log: Path) -> list[Entry]:
    """The entries of a log, without its journeys; each line is whole."""
    text = log.read_text() if log.exists() else ""
    assert not text or text.endswith("\n")
    lines = [json.loads(line) for line in text.splitlines()]
    return [line for line in lines if line["kind"] == "exchange"]


@dataclass(frozen=True)
class Seen:
    """One exchange: the answer, its entry in the log, the requests that reached the server for it, how long it took."""

    got: Got
    entry: Entry
    reached: int
    seconds: float


class Watch:
    """A client that remembers what each of its exchanges came to."""

    def __init__(self, client: Client, log: Path, api: Api) -> None:
        self.client, self.log, self.api = client, log, api
        self.seen: list[Seen] = []

    def request(self, method: str, path: str, headers: Headers = (), body: bytes = b"") -> Got:
        """Send a request and read the answer."""
        before, count, started = len(self.api.received), len(entries_of(self.log)), time.monotonic()
        got = self.client.request(method, path, headers, body)
        # A journey that ends has a line of its own.
        new = [entry for entry in entries_of(self.log)[count:] if entry["kind"] == "exchange"]
        mine = next((entry for entry in new if entry["path"] == path), new[-1])
        took = time.monotonic() - started
        self.seen.append(Seen(got, mine, len(self.api.received) - before, took))
        return got

    @property
    def last(self) -> Seen:
        """The exchange that ended last."""
        return self.seen[-1]

    def injected(self, by: str, how: str, *allowed: str) -> Entry:
        """The last answer was given by this scenario and rule, says so in every place, and is free of findings but
        for those allowed, which are notes."""
        seen = self.last
        scenario, _, rule = by.partition("/")
        assert seen.got.header(MARK) == by, seen
        assert seen.entry["injected"] == {"scenario": scenario, "rule": rule, "how": how}
        # Tests call as it suits them; what a scenario expects is another matter.
        codes = {finding["code"] for finding in seen.entry["findings"]} - {"PL690"}
        assert codes <= set(allowed), seen.entry["findings"]
        # What the app did over time is its own doing, whoever answered it.
        alone = [
            item for item in seen.entry["findings"] if BY_CODE[item["code"]].scope not in ("sequence", "expectation")
        ]
        assert {item["severity"] for item in alone if item["side"] != "request"} <= {"note"}
        assert seen.reached == how.startswith(("rewrite_", "delay", "fault "))
        return seen.entry

    def virtual(self, *allowed: str) -> Entry:
        """The last answer was that of a virtual session."""
        return self.injected(f"virtual session/{self.last.entry['operation']}", "virtual session", *allowed)

    def real(self) -> Entry:
        """The last answer came from the server, which was asked once."""
        assert self.last.got.header(MARK) is None
        assert self.last.entry["injected"] is None
        assert self.last.reached == 1
        return self.last.entry
