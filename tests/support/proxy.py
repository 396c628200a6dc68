"""A real mitmdump as a process of its own: started on a free port, watched until it listens, always cleaned up."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pytest

from passlens.cli.proxy import proxy as passlens_proxy
from support import warm

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "addons" / "sessions.py"
TO_UPSTREAM = Path(__file__).with_name("to_upstream.py")

MITMDUMP = (sys.executable, "-u", "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()")
PATIENCE = 120.0
"""Seconds that anything may take on a busy machine; a bound, which nothing waits for that works."""


class ProxyFailed(Exception):
    """The proxy ended, or did not come up in time. The message holds its output."""


class Proxy:
    """``with Proxy(confdir, passlens_log="x.jsonl") as proxy``: keyword arguments are mitmproxy options.

    ``scripts`` are given with ``-s`` (by default the passlens addon, if there is one), ``upstream`` sends all
    connections to a local upstream, ``arguments`` follow as they are. ``command`` replaces mitmdump itself. A ``cold``
    process is started from nothing, the others are forked from one that has its imports behind it.
    """

    def __init__(
        self,
        confdir: Path,
        *arguments: str,
        upstream: object = None,
        scripts: Sequence[Path] | None = None,
        command: Sequence[str] = MITMDUMP,
        cold: bool = False,
        environment: dict[str, str] | None = None,
        cwd: Path = ROOT,
        **options: object,
    ) -> None:
        self.confdir = confdir
        self.ca = confdir / "mitmproxy-ca-cert.pem"
        self.port = 0
        chosen = list(scripts) if scripts is not None else [SCRIPT] * SCRIPT.exists()
        settings: dict[str, object] = {"confdir": confdir, "listen_host": "127.0.0.1", "listen_port": 0}
        if upstream is not None:
            chosen.insert(0, TO_UPSTREAM)
            settings |= {
                "upstream_tls": upstream.tls_port,
                "upstream_plain": upstream.plain_port,
            }
            settings["ssl_insecure"] = True
        settings |= options
        self.cold, self.cwd = cold, cwd
        self.command = [*command, *arguments]
        for script in chosen:
            self.command += ["-s", str(script)]
        for name, value in settings.items():
            self.command += ["--set", f"{name}={_option(value)}"]
        path = os.pathsep.join([str(ROOT / "addons"), str(ROOT / "tests")])
        self.environment = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **(environment or {})}
        self._lines: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._news = threading.Condition()
        self._readers: list[threading.Thread] = []

    # ---- life

    def start(self) -> "Proxy":
        """Start the process and wait until it listens."""
        start = warm.from_nothing if self.cold else warm.start
        self.process = start(self.command, env=self.environment, cwd=self.cwd)
        for name in self._lines:
            reader = threading.Thread(target=self._read, args=(name,), daemon=True)
            reader.start()
            self._readers.append(reader)
        try:
            self.port = int(self.wait_for(r"listening at .*?:(\d+)\.").group(1))
        except ProxyFailed:
            self.kill()
            raise
        return self

    def stop(self) -> int:
        """Interrupt the process as Ctrl+C does; its exit status. One that does not end in time is killed."""
        return self._end(signal.SIGINT)

    def kill(self) -> int:
        """Kill the process, which gets no chance to write anything more."""
        return self._end(signal.SIGKILL)

    def _end(self, with_signal: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return status

    def __enter__(self) -> "Proxy":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.stop()
        else:
            self.kill()

    # ---- output

    @property
    def stdout(self) -> str:
        """What the process has written to standard output so far."""
        return "".join(self._lines["stdout"])

    @property
    def stderr(self) -> str:
        """What the process has written to standard error so far."""
        return "".join(self._lines["stderr"])

    def take_output(self) -> list[str]:
        """The lines that the process has written since the last call, which are forgotten then."""
        with self._news:
            taken = [line for lines in self._lines.values() for line in lines]
            for lines in self._lines.values():
                lines.clear()
        return taken

    def wait_for(self, pattern: str, timeout: float = PATIENCE) -> re.Match[str]:
        """Wait until a pattern stands in the output; raise ProxyFailed if it does not come in time."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                ended = all(not reader.is_alive() for reader in self._readers)
                if found := re.search(pattern, self.stdout + self.stderr):
                    return found
                left = deadline - time.monotonic()
                if ended or left <= 0:
                    why = "the proxy ended" if ended else f"nothing within {timeout:.0f} s"
                    raise ProxyFailed(f"{why}; waited for {pattern!r} in\n{self.stdout}{self.stderr}")
                self._news.wait(min(left, 0.2))

    def _read(self, name: str) -> None:
        stream = getattr(self.process, name)
        for line in iter(stream.readline, b""):
            with self._news:
                self._lines[name].append(line.decode("utf-8", "replace"))
                self._news.notify_all()


def _option(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Becomes(BaseException):
    """Stands where a process would become another."""


def becomes(*words: str) -> tuple[str, ...]:
    """The command that ``passlens proxy`` with these words becomes."""

    def note(_: str, command: list[str], variables: dict[str, str]) -> None:
        assert variables["PYTHONSAFEPATH"] == "1"
        raise _Becomes(*command)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "execve", note)
        with pytest.raises(_Becomes) as noted:
            passlens_proxy.main(words, standalone_mode=False)
    return tuple(noted.value.args)


def run(
    confdir: Path, *arguments: str, timeout: float = PATIENCE, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run a mitmdump that ends by itself (``-n -r FILE``) and give its output and exit status."""
    scripts = options.pop("scripts", None)
    made = Proxy(confdir, *arguments, scripts=scripts, **options)  # type: ignore[arg-type]
    return warm.run(made.command, env=made.environment, timeout=timeout)
