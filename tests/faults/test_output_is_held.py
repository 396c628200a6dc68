"""Whoever reads the proxy's output sleeps, as a paused pager does, or goes: the traffic is not held up, the log is
whole, and when the reader wakes, the output goes on."""

import fcntl
import os
import re
import select
import subprocess
import sys
from pathlib import Path

from support.clients import Http1Client
from support.device import Device
from support.proxy import ROOT, Proxy
from support.stage import entries_of
from support.trouble import PATH, PATIENCE, TroubledApi

START = (sys.executable, "-u", "-c", "from passlens.cli import main; main()", "proxy", "--")
MANY = 150
"""Exchanges whose blocks are more than the pipe holds."""


def read_until(process: subprocess.Popen[bytes], words: bytes, times: int = 1) -> bytes:
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
        made = Proxy(confdir, upstream=api, command=START, scripts=[], passlens_log=log)
        with subprocess.Popen(made.command, cwd=ROOT, env=made.environment, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
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
            finally:
                process.kill()
