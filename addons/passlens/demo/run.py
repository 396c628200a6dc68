"""Runs the demo: a sandboxed proxy as a process of its own, the scripted app in front of it, files to keep."""

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, TextIO

from passlens.demo.app import App
from passlens.demo.client import ProxiedClient
from passlens.demo.journeys import JOURNEYS
from passlens.demo.panel import BEGIN, END, Ask, control_options, show_panel
from passlens.errors import DemoError
from passlens.proxy.launch import command_line
from passlens.rest_v2.operations import HOSTS
from passlens.util.safe_path import environment
from passlens.util.terminal import width
from passlens.util.text import fold, paint, paragraph

RECORDING: Final = "demo.mitm"
LOG: Final = "sessions.jsonl"

PAUSE: Final = 0.25
"""Seconds before each call: all devices have one address, and the API takes 10 calls at once and then one a second."""

_READY_WITHIN: Final = 30
"""Seconds that the proxy may take to start."""


class ProxyOutput:
    """Passes the proxy's output on, a block at a time, so that no title comes to stand inside one, and finds the port
    in it."""

    def __init__(self, stream: IO[str], out: TextIO) -> None:
        self.port: int | None = None
        self.lines: list[str] = []
        self._found = threading.Event()
        self._thread = threading.Thread(target=self._copy, args=(stream, out), daemon=True)
        self._thread.start()

    def _copy(self, stream: IO[str], out: TextIO) -> None:
        # Where nothing can be written, the walk finds out as well, and says it.
        with suppress(OSError):
            self._copy_blocks(stream, out)
        self._found.set()

    def _copy_blocks(self, stream: IO[str], out: TextIO) -> None:
        block: list[str] = []
        for line in stream:
            match = re.search(r"listening at \S*?:(\d+)", line)
            if match is not None and self.port is None:
                self.port = int(match[1])
                self._found.set()
            elif self.port is None:
                self.lines.append(line)
            else:
                block.append(line)
                if not line.strip():
                    _write(block, out)
        _write(block, out)

    def wait_for_port(self) -> int:
        """The port the proxy listens on; raises DemoError if it did not start."""
        self._found.wait(_READY_WITHIN)
        if self.port is None:
            why = self.lines[-1].strip() if self.lines else "it said nothing"
            raise DemoError(f"the proxy did not start: {why}")
        return self.port

    def finish(self) -> None:
        """Wait for the last lines."""
        self._thread.join(10)


def _write(block: list[str], out: TextIO) -> None:
    out.write("".join(block))
    out.flush()
    block.clear()


@contextmanager
def _proxy(folder: Path, certificates: str, out: TextIO, panel: bool) -> Iterator[int]:
    """A sandboxed proxy on a free port; it ends, with its summary, when the block does."""
    control, variables = control_options(Path(certificates)) if panel else ({}, {})
    options = {"passlens_sandbox": "true", "passlens_log": str(folder / LOG)} | control
    own = ["--listen-host", "127.0.0.1", "--listen-port", "0", "-w", str(folder / RECORDING)]
    quiet = ["--set", "termlog_verbosity=info", "--set", f"confdir={certificates}"]
    words = command_line("dump", options, [*own, *quiet], end_with_input=True)
    variables |= {"FORCE_COLOR": "1"} if out.isatty() else {}
    process = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment() | variables,
    )
    assert process.stdout is not None
    output = ProxyOutput(process.stdout, out)
    try:
        yield output.wait_for_port()
    finally:
        process.terminate()
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        output.finish()


def run(folder: Path | None, out: TextIO, *, panel: bool = False, ask: Ask | None = None) -> int:
    """Walk all journeys; returns the exit status. Needs no network and half a minute.

    With ``panel`` the proxy has one. ``ask`` waits for whoever looks on, before the walk and before the end.
    """
    started = time.monotonic()
    try:
        place = folder or Path(tempfile.mkdtemp(prefix="passlens-demo-"))
        place.mkdir(parents=True, exist_ok=True)
        # The certificate authority made for the demo goes with it: nobody should come to trust its key.
        with tempfile.TemporaryDirectory() as certificates, _proxy(place, certificates, out, panel) as port:
            if panel:
                show_panel(Path(certificates), out)
            if ask is not None:
                ask(BEGIN)
            authority = Path(certificates) / "mitmproxy-ca-cert.pem"
            _walk(ProxiedClient(port, authority, HOSTS[0], PAUSE), out)
            if ask is not None:
                ask(END)
    except (DemoError, OSError) as error:
        print(f"passlens: the demo stopped: {error}.", file=sys.stderr)
        return 1
    ending = _ending(place, time.monotonic() - started)
    out.writelines(f"{line}\n" for text in ending.splitlines() for line in fold(text, width(out)))
    return 0


def _walk(client: ProxiedClient, out: TextIO) -> None:
    for journey in JOURNEYS:
        time.sleep(PAUSE)  # the block of the last call is on its way through the pipe
        title = f"== {journey.title}"
        out.write(f"\n{paint(title, 'bold', out.isatty())}\n{paragraph(journey.story, width(out))}\n\n")
        out.flush()
        # Each journey is a device of its own, so that none is signed in already.
        app = App(client, journey.title)
        app.register()
        app.profiles()
        journey.walk(app)
    client.close()
    out.write("\n")
    out.flush()


def _ending(place: Path, seconds: float) -> str:
    return f"""
That took {seconds:.0f} seconds. {place} has what is left of it:
  {RECORDING:<16} the recording
  {LOG:<16} one JSON line for each exchange

Read it again: passlens check {place / RECORDING}

Next, with a real device: start passlens proxy, and in a second terminal passlens device apple-tv --ssid YOUR-WIFI \
(passlens device --help names other devices). Add --sandbox to the first to go on without a server, or \
--scenario pfs-fallback to make one answer happen.
"""
