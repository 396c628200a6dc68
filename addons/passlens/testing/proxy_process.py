"""``passlens proxy`` as a process of its own, for tests: on free ports, found by the file of its control API."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final, TypeVar

from passlens.control import runtime_file
from passlens.control.connection import TOKEN
from passlens.errors import NoProxyError, UsageError
from passlens.testing.client import Client
from passlens.util.safe_path import environment

T = TypeVar("T")

HOST: Final = "127.0.0.1"
READY_WITHIN: Final = 60.0
"""Seconds that the proxy may take to start on a busy machine."""

ENDED_WITHIN: Final = 10.0
"""Seconds that the proxy has to end by itself."""

CONTROL: Final = "PASSLENS_CONTROL"
"""Variable that tells a test where the control API is."""

_MOMENT: Final = 0.02
TAIL: Final = 5
"""Lines of the proxy's output that are quoted."""


class ProxyProcess:
    """A running proxy. ``folder`` is empty and takes its output (``output``), ``confdir`` holds mitmproxy's certificate
    authority, ``arguments`` are further words of ``passlens proxy``.

    Raises NoProxyError, with the last lines of the output, if it does not start.
    """

    def __init__(self, folder: Path, confdir: Path, arguments: Sequence[str] = ()) -> None:
        self.ca_file = confdir / "mitmproxy-ca-cert.pem"
        self.output = folder / "proxy.log"
        token = secrets.token_urlsafe(32)
        variables = environment() | {TOKEN: token, "XDG_RUNTIME_DIR": str(folder), "PYTHONUTF8": "1"}
        self._listens = not any(word.partition("=")[0] in ("-m", "--mode") for word in arguments)
        with self.output.open("wb") as stream:
            self._process = _start(_words(confdir, arguments), variables, stream)
        try:
            self._ready(runtime_file.folder(variables))
        except BaseException:
            self.close()
            raise

    def _ready(self, place: Path) -> None:
        deadline = time.monotonic() + READY_WITHIN
        address = self._eventually(lambda: next(runtime_file.addresses(place), None), deadline)
        self.control_variables = {CONTROL: f"{address.host}:{address.port}", TOKEN: address.token}
        self.client = Client(address.host, address.port, address.token)
        if self._listens:
            self.port = self._eventually(lambda: self.client.status()["port"], deadline)
        self._eventually(self.ca_file.exists, deadline)

    def _eventually(self, condition: Callable[[], T | None], deadline: float) -> T:
        while not (found := condition()):
            if not self.runs:
                raise NoProxyError(f"The proxy did not start (status {self._process.returncode}): {self.tail()}")
            if time.monotonic() > deadline:
                raise NoProxyError(f"The proxy did not start within {READY_WITHIN:.0f} s: {self.tail()}")
            time.sleep(_MOMENT)
        return found

    @property
    def url(self) -> str:
        """The proxy's address, as HTTP clients take it; UsageError in a mode that listens at no port."""
        if not self._listens:
            raise UsageError("This proxy runs in a mode of its own (--mode), which has no address to give to a client.")
        return f"http://{HOST}:{self.port}"

    @property
    def runs(self) -> bool:
        """False once the process has ended."""
        return self._process.poll() is None

    def tail(self) -> str:
        """The last lines of the output."""
        lines = self.output.read_text("utf-8", "replace").split("\n")
        return "\n".join([line for line in lines if line.strip()][-TAIL:]) or "it said nothing"

    def close(self) -> None:
        """End the process, and kill it if it does not end in time."""
        self._process.terminate()
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _words(confdir: Path, arguments: Sequence[str]) -> list[str]:
    """The command: passlens' own arguments, then mitmproxy's, where the last one given wins."""
    given = list(arguments)
    cut = given.index("--") if "--" in given else len(given)
    own, others = given[:cut], given[cut + 1 :]
    port = [] if any(word.partition("=")[0] == "--port" for word in own) else ["--listen-port", "0"]
    place = ["--listen-host", HOST, *port, "--set", f"confdir={confdir}"]
    control = ["--control", f"{HOST}:0"]
    return [sys.executable, "-P", "-m", "passlens", "proxy", "--end-with-input", *control, *own, "--", *place, *others]


def _start(words: list[str], variables: dict[str, str], stream: IO[bytes]) -> "subprocess.Popen[bytes]":
    # A group of its own: Ctrl-C ends the tests, and they end the proxy when nobody needs it any more; where they are
    # killed, the end of its input does.
    return subprocess.Popen(
        words,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=stream,
        stderr=subprocess.STDOUT,
        start_new_session=os.name == "posix",
    )
