"""Runs the demo: a sandboxed proxy as a process of its own, the scripted app in front of it, files to keep."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, TextIO

from passlens.demo.app import App, DemoFailed
from passlens.demo.client import Client
from passlens.demo.journeys import JOURNEYS
from passlens.live.launch import command_line
from passlens.reports.words import paint
from passlens.spec.operations import HOSTS

RECORDING: Final = "demo.mitm"
LOG: Final = "sessions.jsonl"
_OF_MITMPROXY: Final = re.compile(r"\[\d\d:\d\d:\d\d\.\d{3}\]")
"""How mitmproxy's own log lines begin."""

_READY_WITHIN: Final = 30
"""Seconds that the proxy may take to start."""


class Output:
    """Passes the proxy's output on, and finds the port in it."""

    def __init__(self, stream: IO[str], out: TextIO) -> None:
        self.port: int | None = None
        self.lines: list[str] = []
        self._found = threading.Event()
        self._thread = threading.Thread(target=self._copy, args=(stream, out), daemon=True)
        self._thread.start()

    def _copy(self, stream: IO[str], out: TextIO) -> None:
        for line in stream:
            match = re.search(r"listening at \S*?:(\d+)", line)
            if match is not None and self.port is None:
                self.port = int(match[1])
                self._found.set()
            elif self.port is not None and not _OF_MITMPROXY.match(line):
                out.write(line)
                out.flush()
            elif self.port is None:
                self.lines.append(line)
        self._found.set()

    def wait_for_port(self) -> int:
        """The port the proxy listens on; raises DemoFailed if it did not start."""
        self._found.wait(_READY_WITHIN)
        if self.port is None:
            why = self.lines[-1].strip() if self.lines else "it said nothing"
            raise DemoFailed(f"the proxy did not start: {why}")
        return self.port

    def finish(self) -> None:
        """Wait for the last lines."""
        self._thread.join(10)


@contextmanager
def _proxy(folder: Path, certificates: str, out: TextIO) -> Iterator[int]:
    """A sandboxed proxy on a free port; it ends, with its summary, when the block does."""
    options = {"passlens_sandbox": "true", "passlens_log": str(folder / LOG)}
    own = ["--listen-host", "127.0.0.1", "--listen-port", "0", "-w", str(folder / RECORDING)]
    quiet = ["--set", "termlog_verbosity=info", "--set", f"confdir={certificates}"]
    words = command_line("dump", options, [*own, *quiet])
    environment = dict(os.environ, FORCE_COLOR="1") if out.isatty() else None
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    )
    assert process.stdout is not None
    output = Output(process.stdout, out)
    try:
        yield output.wait_for_port()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        output.finish()


def run(folder: Path | None, out: TextIO) -> int:
    """Walk all journeys; returns the exit status. Needs no network and a few seconds."""
    colour = out.isatty()
    started = time.monotonic()
    try:
        place = folder or Path(tempfile.mkdtemp(prefix="passlens-demo-"))
        place.mkdir(parents=True, exist_ok=True)
        # The certificate authority made for the demo goes with it: nobody should come to trust its key.
        with tempfile.TemporaryDirectory() as certificates, _proxy(place, certificates, out) as port:
            client = Client(port, Path(certificates) / "mitmproxy-ca-cert.pem", HOSTS[0])
            token: str | None = None
            for journey in JOURNEYS:
                out.write(f"\n{paint(f'== {journey.title}', 'bold', colour)}  {journey.story}\n\n")
                out.flush()
                # Each journey is a device of its own, so that none is signed in already; the app's token serves all.
                app = App(client, journey.title, token)
                journey.walk(app)
                token = app.token
            client.close()
            out.write("\n")
    except (DemoFailed, OSError) as error:
        print(f"passlens: the demo stopped: {error}.", file=sys.stderr)
        return 1
    out.write(_ending(place, time.monotonic() - started))
    return 0


def _ending(place: Path, seconds: float) -> str:
    return f"""
That took {seconds:.0f} seconds. {place} has what is left of it:
  {RECORDING:<16} the recording; try: passlens check {place / RECORDING}
  {LOG:<16} one JSON line for each exchange

Next, with a real device: start passlens proxy, set this machine as the device's HTTP proxy (port 8080), and trust
mitmproxy's certificate authority on it. Add --sandbox to go on without a server, or --scenario pfs-fallback to make
one answer happen. The README tells how to put an Apple TV behind it.
"""
