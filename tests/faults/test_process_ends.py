"""The proxy is ended under load, by SIGTERM, SIGHUP or SIGKILL: every line of the log is whole, and nothing that was
answered is missing from it. An orderly end also says what was still without an answer."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from support.clients import Http1Client
from support.device import Device
from support.proxy import Proxy
from support.stage import entries_of
from support.trouble import PATH, TroubledApi, marker_of, wait_until

DEVICES = 4
SILENT = "silent"


class Load:
    """Devices that ask as fast as they are answered; ``answered`` are the markers of whole answers."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.answered: list[str] = []
        self.threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(DEVICES)]

    def _ask(self, number: int) -> None:
        with suppress(OSError, HTTPException), Http1Client(self.proxy.port, self.proxy.ca) as client:
            device = Device(client, f"device {number}")
            for turn in range(10_000):
                marker = f"d{number}t{turn}"
                if device.get(f"{PATH}?{marker}=").status != 200:
                    return
                self.answered.append(marker)


@contextmanager
def under_load(confdir: Path, log: Path) -> Iterator[tuple[Proxy, Load]]:
    """A proxy whose devices have begun to be answered, and one that the server leaves waiting."""
    with ExitStack() as stack:
        api = stack.enter_context(TroubledApi())
        api.trouble[SILENT] = "silent"
        proxy = stack.enter_context(Proxy(confdir, upstream=api, passlens_log=log, flow_detail=0))
        waiting = stack.enter_context(Http1Client(proxy.port, proxy.ca))
        fields = "".join(f"{name}: {text}\r\n" for name, text in Device(waiting, "waiting").headers())
        waiting.send(f"GET {PATH}?{SILENT}= HTTP/1.1\r\nHost: {waiting.host}\r\n{fields}\r\n".encode())
        load = Load(proxy)
        for thread in load.threads:
            thread.start()
        wait_until(lambda: len(load.answered) > 40 and api.has(SILENT), "the load")
        yield proxy, load
        for thread in load.threads:
            thread.join(60)


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_what_was_answered_is_in_the_log(confdir: Path, tmp_path: Path, by: signal.Signals) -> None:
    if signal.getsignal(by) is signal.SIG_IGN:
        pytest.skip(f"{by.name} is ignored here")
    log = tmp_path / "log.jsonl"
    with under_load(confdir, log) as (proxy, load):
        proxy.process.send_signal(by)
        status = proxy.process.wait(60)
    entries = {marker_of(entry["path"]): entry for entry in entries_of(log)}
    assert len(entries) == len(entries_of(log))
    assert set(load.answered) <= set(entries)
    assert len(entries) <= len(load.answered) + DEVICES + 1
    if by is signal.SIGKILL:
        assert status == -by
        assert SILENT not in entries
        return
    assert status == 0
    (finding,) = [one for one in entries[SILENT]["findings"] if one["code"] == "PL906"]
    assert finding["message"] == "There is no answer: the proxy was ended while the answer was awaited."
    assert f"\n{len(entries)} exchanges: " in proxy.stdout
