"""The end of a terminal: who may listen for it, and output that goes nowhere afterwards."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from passlens.util.closed_terminal import SIGHUP, is_free

SAYS = """
import os, sys
from passlens.util.closed_terminal import Terminals
terminals = Terminals()
print("ready", flush=True)
sys.stdin.read(1)
terminals.let_go()
print("said", flush=True)
"""


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("handler", "free"), [(signal.SIG_DFL, True), (signal.SIG_IGN, False), (lambda number, frame: None, False)]
)
def test_a_signal_that_others_ignore_or_have_taken_is_not_free(handler: signal.Handlers, free: bool) -> None:
    signal.signal(signal.SIGHUP, handler)
    assert is_free() is free


def test_it_is_not_for_a_thread() -> None:
    assert SIGHUP == signal.SIGHUP
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(is_free).result()


@pytest.mark.parametrize("closed", [True, False])
def test_only_what_goes_to_a_closed_terminal_goes_nowhere(closed: bool) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", SAYS], stdin=subprocess.PIPE, stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        said = b""
        while b"ready" not in said:
            said += os.read(ours, 100)
        if closed:
            os.close(ours)
        _, err = process.communicate(b"x", timeout=60)
    assert (process.returncode, err) == (0, b"")
    if not closed:
        while b"said" not in said:
            said += os.read(ours, 100)
        os.close(ours)
