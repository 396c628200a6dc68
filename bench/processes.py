"""Starts and watches the processes that are compared: mitmdump in its variants, the server, commands."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
ROOT = HERE.parent
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

MITMDUMP = (sys.executable, "-c", "import sys; from mitmproxy.tools.main import mitmdump; sys.exit(mitmdump())")
PASSLENS = (sys.executable, "-m", "passlens")
TOKEN = "a-token-for-the-benchmark"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(ROOT / "addons"), os.environ.get("PYTHONPATH", "")]),
    "PASSLENS_CONTROL_TOKEN": TOKEN,
}


def keep_compiled(folder: str) -> None:
    """Let all that is started find the compiled files of Python in this folder, as an installation has them."""
    ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
    ENVIRONMENT["PYTHONPYCACHEPREFIX"] = folder


class Process:
    """A running process with an open port; stopped at the end."""

    def __init__(self, words: Sequence[str], port: int) -> None:
        self.port = port
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        self._await_port()

    def _await_port(self) -> None:
        for _ in range(600):
            if self._process.poll() is not None:
                raise RuntimeError(f"{self._process.args!r} ended with status {self._process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"{self._process.args!r} opened no port in 30 seconds")

    def cpu(self) -> float:
        """Seconds of CPU used so far. Linux only: elsewhere a NotImplementedError."""
        stat = Path(f"/proc/{self._process.pid}/stat")
        if not stat.exists():
            raise NotImplementedError("the CPU time of another process is read from /proc")
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Resident memory in MB."""
        words = ("ps", "-o", "rss=", "-p", str(self._process.pid))
        return int(subprocess.run(words, capture_output=True, check=True).stdout) / 1000

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)


class Upstream:
    """The server, in a process of its own; ``port`` is where it listens."""

    def __init__(self, certificate: Path | None = None) -> None:
        words = [sys.executable, str(HERE / "upstream.py"), *([str(certificate)] if certificate else [])]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def __enter__(self) -> "Upstream":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def proxy(words: Sequence[str], folder: Path, *more: str, dashes: bool = False) -> Process:
    """A mitmdump with a folder of its own for its certificates; ``dashes`` where its arguments stand after --."""
    port = free_port()
    common = ["--set", f"confdir={folder}", "--listen-host", "127.0.0.1", "--listen-port", str(port)]
    common += ["--set", "ssl_insecure=true"]
    return Process([*words, *(["--"] if dashes else []), *common, *more], port)


def seconds(words: Sequence[str]) -> float:
    """How long a command takes; RuntimeError if it fails."""
    start = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
    taken = time.perf_counter() - start
    if done.returncode > 1:
        raise RuntimeError(f"{words!r} ended with status {done.returncode}: {done.stderr.decode()[-300:]}")
    return taken


def certificate(folder: Path) -> Path:
    """A certificate and key for the server, signed by an authority that mitmproxy makes in this folder."""
    from mitmproxy.certs import CertStore

    store = CertStore.from_store(folder, "bench", 2048)
    entry = store.get_cert("bench.example", [], None)
    path = folder / "server.pem"
    path.write_bytes(entry.cert.to_pem() + _key(entry.privatekey))
    return path


def _key(key: object) -> bytes:
    from cryptography.hazmat.primitives import serialization

    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, none)  # type: ignore[attr-defined, no-any-return]
