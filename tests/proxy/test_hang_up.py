"""A terminal that is closed ends the proxy in order, unless that was to be ignored."""

import asyncio
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from passlens.proxy import hang_up


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
