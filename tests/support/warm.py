"""Processes that begin warm: forked from one that has imported mitmproxy and passlens already. Each is as real as one
that was started from nothing (signals, output, exit status) and costs a tenth of it; what is about the start of Python
itself, its imports or its streams starts a process of its own."""

import atexit
import contextlib
import functools
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import IO

# Where this is set, nobody notices an output that stays in a buffer.
os.environ.pop("PYTHONUNBUFFERED", None)

ROOT = Path(__file__).parents[2]
MODULES = ("mitmproxy.tools.main", "mitmproxy.tools.dump")
PASSLENS = (sys.executable, "-c", "from passlens.cli.main import main; main()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "COLUMNS": "100"}
Words = Sequence[str]
Variables = Mapping[str, str]
NUMBER = struct.Struct("!i")
PATIENCE = 180.0
CAN_FORK = sys.platform == "linux"
"""Elsewhere the libraries of the system may not bear it, and every process is started from nothing."""


BEGIN = """
from support import warm
try:
    exec(warm.serve({}))
except SystemExit as end:
    warm.end(end.code)
else:
    warm.end(0)
"""

_ORDERING = threading.Lock()


class Process:
    """One running process: ``words`` are those of a Python with ``-c CODE`` or ``-m MODULE``, ``streams`` the files
    that it reads and writes. ``stdout`` and ``stderr`` are there where ``start`` made pipes for them."""

    def __init__(self, words: Words, env: Variables, cwd: Path, streams: Sequence[int]) -> None:
        self.words = words
        self.returncode: int | None = None
        self.stdout: IO[bytes] | None = None
        self.stderr: IO[bytes] | None = None
        self._line, theirs = socket.socketpair()
        with theirs:
            order = json.dumps([[str(word) for word in words], dict(env), str(cwd)]).encode()
            # Tests start processes from several threads; the parts of an order belong together.
            with _ORDERING:
                _server().order(order, [*streams, theirs.fileno()])
        self.pid = self._number(PATIENCE)

    def _number(self, timeout: float | None) -> int:
        self._line.settimeout(timeout)
        try:
            data = self._line.recv(NUMBER.size)
        except (BlockingIOError, TimeoutError):
            raise subprocess.TimeoutExpired(self.words, timeout or 0.0) from None
        assert data, "the process that all are forked from has ended"
        return int(NUMBER.unpack(data)[0])

    def poll(self) -> int | None:
        """The exit status, or the number of the signal that ended it below zero; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; subprocess.TimeoutExpired if it does not come in time."""
        if self.returncode is None:
            self.returncode = self._number(timeout)
            self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def start(words: Words, *, env: Variables = ENVIRONMENT, cwd: Path = ROOT) -> "Process | subprocess.Popen[bytes]":
    """Start a process that has nothing to read; its output comes through pipes."""
    if not CAN_FORK:
        return from_nothing(words, env=env, cwd=cwd)
    (out, of_out), (err, of_err) = os.pipe(), os.pipe()
    with open(os.devnull, "rb") as nothing, open(of_out, "wb") as to_out, open(of_err, "wb") as to_err:
        process = Process(words, env, cwd, [file.fileno() for file in (nothing, to_out, to_err)])
    process.stdout, process.stderr = os.fdopen(out, "rb"), os.fdopen(err, "rb")
    return process


def from_nothing(words: Words, *, env: Variables = ENVIRONMENT, cwd: Path = ROOT) -> "subprocess.Popen[bytes]":
    """Start a Python of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(words, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)


def run(
    words: Words,
    *,
    env: Variables = ENVIRONMENT,
    cwd: Path = ROOT,
    timeout: float = PATIENCE,
    stdin: bytes = b"",
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, with files as its streams, and give its status and its output."""
    if not CAN_FORK:
        return subprocess.run(
            words, env=env, cwd=cwd, timeout=timeout, input=stdin.decode(), capture_output=True, encoding="utf-8"
        )
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        process = Process(words, env, cwd, [file.fileno() for file in (given, out, err)])
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)
            raise
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return subprocess.CompletedProcess(words, status, *texts)


class _Server:
    """The process that all are forked from, seen from the tests."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            path = os.pathsep.join([str(ROOT / "addons"), str(ROOT / "tests")])
            code = BEGIN.format(theirs.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-c", code],
                env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.end)

    def order(self, order: bytes, descriptors: Sequence[int]) -> None:
        """Have a process forked."""
        socket.send_fds(self._control, [NUMBER.pack(len(order))], descriptors)
        self._control.sendall(order)

    def end(self) -> None:
        """No more are wanted."""
        self._control.close()
        self._process.wait(PATIENCE)


@functools.cache
def _server() -> _Server:
    return _Server()


# ---- in the process that all are forked from


def serve(descriptor: int) -> CodeType:
    """Fork a process for each order until nobody can give one any more. What returns is a forked process, with the code
    that it is to run."""
    for name in (*MODULES, *(module.name for module in pkgutil.walk_packages([str(ROOT / "addons")]))):
        # What the archive rests on takes long to load and has threads, which do not come along.
        if not name.endswith("__main__") and not name.startswith("passlens.runner.archive"):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=descriptor)
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    lines: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            woken.recv(1 << 12)
            _report(lines)
        if control not in ready:
            continue
        head, descriptors, _, _ = socket.recv_fds(control, NUMBER.size, 4)
        if not head:
            sys.exit()
        order = b""
        while missing := NUMBER.unpack(head)[0] - len(order):
            order += control.recv(missing)
        words, environment, folder = json.loads(order)
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for own in (control, woken, wake, *lines.values()):
                own.close()
            return _begin(words, environment, folder, descriptors)
        lines[pid] = socket.socket(fileno=descriptors.pop())
        for stream in descriptors:
            os.close(stream)
        with contextlib.suppress(OSError):
            lines[pid].sendall(NUMBER.pack(pid))


def end(status: object) -> None:
    """End as Python does, but for what was loaded before the fork: to tear that down, object by object, takes ten times
    as long as to fork. What Python would say at an end, it says itself."""
    if not isinstance(status, int | None):
        sys.exit(str(status))
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        sys.exit(status)
    os._exit((status or 0) & 0xFF)


def _report(lines: dict[int, socket.socket]) -> None:
    """Say of each process that has ended how it ended."""
    while lines:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with lines.pop(pid) as line, contextlib.suppress(OSError):
            line.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _begin(words: list[str], environment: dict[str, str], folder: str, descriptors: list[int]) -> CodeType:
    """Become the process that was asked for."""
    for place, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, place)
    for descriptor in descriptors:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    _streams("-u" in words)
    _, *rest = (word for word in words if word not in ("-u", "-P"))
    match rest:
        case ["-c", code, *arguments]:
            sys.argv = ["-c", *arguments]
        case ["-m", module, *arguments]:
            sys.argv = ["-m", *arguments]
            code = f"import runpy; runpy.run_module({module!r}, run_name='__main__', alter_sys=True)"
        case _:
            raise SystemExit(f"not a Python with -c or -m: {words}")
    return compile(code, "<string>", "exec")


def _streams(unbuffered: bool) -> None:
    """The streams of a Python in UTF-8 mode; those it was forked with know the files of another process."""
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8", "surrogateescape")
    for number, name, errors in ((1, "stdout", "surrogateescape"), (2, "stderr", "backslashreplace")):
        raw = io.FileIO(number, "w", closefd=False)
        stream = io.TextIOWrapper(
            raw if unbuffered else io.BufferedWriter(raw),  # type: ignore[arg-type]
            "utf-8",
            errors,
            line_buffering=name == "stderr" or raw.isatty(),
            write_through=unbuffered,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
