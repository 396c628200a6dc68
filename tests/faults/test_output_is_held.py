"""Whoever reads the proxy's output sleeps, as a paused pager does, or goes: the traffic is not held up, the log is
whole, and when the reader wakes, the output goes on."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support import warm
from support.clients import Http1Client
from support.device import Device
from support.proxy import ROOT, Proxy, becomes
from support.stage import entries_of
from support.trouble import PATH, PATIENCE, TroubledApi

MANY = 150
"""Exchanges whose blocks are more than the pipe holds."""


@contextmanager
def ended(process: "subprocess.Popen[bytes] | warm.Process") -> Iterator["subprocess.Popen[bytes] | warm.Process"]:
    """The process, which is killed in the end."""
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)
        if process.stderr is not None:
            process.stderr.close()


def read_until(process: "subprocess.Popen[bytes] | warm.Process", words: bytes, times: int = 1) -> bytes:
    """Read the output until these words have come so many times."""
    assert process.stdout is not None
    said = b""
    while said.count(words) < times or not said.endswith(b"\n"):
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        assert ready, said
        piece = os.read(process.stdout.fileno(), 1 << 16)
        assert piece, said
        said += piece
    return said


def test_the_traffic_is_not_held_up(confdir: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"

    with TroubledApi() as api:
        made = Proxy(confdir, upstream=api, command=becomes(), scripts=[], passlens_log=log)
        with ended(warm.start(made.command, env=made.environment)) as process:
            assert process.stdout is not None
            with process.stdout:
                fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
                listens = re.search(rb" listening at .*?:(\d+)\.", read_until(process, b" listening at "))
                assert listens
                port = int(listens[1])
                with Http1Client(port) as client:
                    for turn in range(MANY):
                        assert Device(client).get(f"{PATH}?m{turn}=").status == 200
                    assert len(entries_of(log)) == MANY
                    # It wakes: what it missed comes without another exchange.
                    read_until(process, b"retrieve-profiles", MANY)
                    # It goes.
                    process.stdout.close()
                    for turn in range(2):
                        assert Device(client).get(f"{PATH}?n{turn}=").status == 200
                assert len(entries_of(log)) == MANY + 2


TALKATIVE = """
import logging

class Talkative:
    def request(self, flow):
        for turn in range(12):
            logging.warning("line %d %s", turn, "x" * 500)

addons = [Talkative()]
"""
"""An addon that logs a dozen lines for each request, as mitmproxy does on a bad network."""


@pytest.mark.parametrize("where", ["pipe", "terminal"])
def test_mitmproxys_own_lines_hold_up_nothing(confdir: Path, tmp_path: Path, where: str) -> None:
    script = tmp_path / "talkative.py"
    script.write_text(TALKATIVE)
    ours, theirs = pty.openpty() if where == "terminal" else os.pipe()
    with TroubledApi() as api:
        made = Proxy(confdir, upstream=api, command=becomes(), scripts=[script])
        # Who reads: it takes what comes until it is stopped.
        reader = subprocess.Popen((sys.executable, "-uc", READER), stdin=ours, stdout=subprocess.PIPE)
        with reader, open(os.devnull, "rb") as nothing:
            streams = [nothing.fileno(), theirs, theirs]
            process = warm.Process(made.command, made.environment, ROOT, streams)
            try:
                os.close(theirs)
                # On a terminal, the banner says it.
                said = read_until(reader, b" port " if where == "terminal" else b" listening at ")
                listens = re.search(rb"(?: port | listening at .*?:)(\d+)", said)
                assert listens
                reader.send_signal(signal.SIGSTOP)
                with Http1Client(int(listens[1]), timeout=PATIENCE) as client:
                    for turn in range(MANY // 3):
                        assert Device(client).get(f"{PATH}?m{turn}=").status == 200
                reader.send_signal(signal.SIGCONT)
                said = read_until(reader, b"line 11 ", MANY // 3)
                assert said.count(b"line 0 ") == MANY // 3
            finally:
                process.kill()
                process.wait(PATIENCE)
                reader.kill()
                os.close(ours)


READER = "import os\nwhile piece := os.read(0, 65536): os.write(1, piece)"
