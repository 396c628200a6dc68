"""A terminal that is closed ends the proxy in order, unless that was to be ignored."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from passlens.proxy import hang_up
from support import warm
from support.terminal import OnTerminal


@pytest.fixture
def handler() -> Iterator[Any]:
    """What sets the handler that a process has from its parent."""
    before = signal.getsignal(signal.SIGHUP)
    yield lambda given: signal.signal(signal.SIGHUP, given)
    signal.signal(signal.SIGHUP, before)


def test_a_hang_up_ends_it_in_order(handler: Any) -> None:
    handler(signal.SIG_DFL)

    async def ended() -> None:
        over = asyncio.Event()
        hang_up.watch(over.set)
        signal.raise_signal(signal.SIGHUP)
        await over.wait()

    asyncio.run(asyncio.wait_for(ended(), 60))


def test_a_hang_up_that_is_ignored_stays_ignored(handler: Any) -> None:
    handler(signal.SIG_IGN)

    async def ignored() -> None:
        hang_up.watch(lambda: pytest.fail("it was told to end"))
        signal.raise_signal(signal.SIGHUP)
        await asyncio.sleep(0)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN

    asyncio.run(ignored())


def test_a_thread_leaves_signals_alone(handler: Any) -> None:
    handler(signal.SIG_DFL)

    async def watch() -> None:
        hang_up.watch(lambda: pytest.fail("it was told to end"))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, watch()).result()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_the_console_writes_its_recording_where_its_terminal_is_closed(tmp_path: Path, confdir: Path) -> None:
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        pytest.skip("SIGHUP is ignored here")
    recording, report, port = tmp_path / "tv.mitm", tmp_path / "report.html", free_port()
    given = [
        *warm.PASSLENS, "proxy", "--ui", "console", "--sandbox", "--no-control", "--port", str(port), "--record",
        str(recording), "--output", f"html={report}", "--", "--listen-host", "127.0.0.1", "--set", f"confdir={confdir}",
    ]  # fmt: skip
    with OnTerminal(given, warm.ENVIRONMENT | {"TERM": "xterm", "LANG": "C.UTF-8"}) as run:
        run.until(lambda: answered(port))
        status = run.close()
    assert (status, recording.exists(), report.exists()) == (0, True, True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answered(port: int) -> bool:
    """Whether a call of the API is answered by now."""
    host = "sp.auth.adobe.com"
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as client:
            client.sendall(f"GET http://{host}/api/v2/REF30/configuration HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            return client.recv(5) == b"HTTP/"
    except OSError:
        return False
