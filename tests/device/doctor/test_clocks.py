"""The clocks, set apart by a real server's Date."""

import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from passlens.checks.table import BY_CODE
from passlens.device.doctor.clocks import TOKEN_TIMES, TOLERANCE, clocks, device_clocks, span
from passlens.device.doctor.diagnosis import DoctorState, Examined
from passlens.device.link import LinkedDevice, ProxyStatus
from passlens.proxy.link_state import Link
from support.proxy import Proxy
from support.reply import Reply
from support.running import Running
from support.upstream import Upstream


def given(port: int) -> Examined:
    return Examined("127.0.0.1", port, Path(), "sp.auth.adobe.com")


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (0.0, "agree"),
        (TOLERANCE - 15, "agree"),
        (15 - TOLERANCE, "agree"),
        (TOLERANCE + 15, "behind the server's"),
        (-TOLERANCE - 15, "ahead of the server's"),
        (3 * 86400.0, "3 days behind the server's"),
    ],
)
def test_a_server_whose_clock_differs(proxy: Callable[..., Proxy], upstream: Upstream, ahead: float, says: str) -> None:
    port = proxy().port
    upstream.on("HEAD", "/", Reply(404, (("Date", formatdate(time.time() + ahead, usegmt=True)),)))
    diagnosis = clocks(given(port))
    assert says in diagnosis.what
    assert diagnosis.state == ("ok" if says == "agree" else "wrong")


def test_a_server_without_a_date_has_no_clock(proxy: Callable[..., Proxy], upstream: Upstream) -> None:
    upstream.on("HEAD", "/", Reply(404))
    assert clocks(given(proxy().port)).state == "ok"


def test_a_server_that_is_not_reached(confdir: Path) -> None:
    with Upstream() as gone:
        pass
    with Proxy(confdir, upstream=gone) as running:
        diagnosis = clocks(given(running.port))
    assert diagnosis.state == "unknown"
    assert "does not reach sp.auth.adobe.com" in diagnosis.what
    assert clocks(given(running.port)).state == "unknown"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(119, "119 s"), (120, "2 min"), (7199, "120 min"), (7200, "2 h"), (172799, "48 h"), (172800, "2 days")],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("link", "alert", "state"),
    [
        ("refuses", "certificate expired", "wrong"),
        ("refuses", "unknown ca", "ok"),
        ("refuses", None, "ok"),
        ("trusts", "certificate expired", "ok"),
    ],
)
def test_a_device_that_takes_the_certificate_for_expired(link: Link, alert: str | None, state: DoctorState) -> None:
    running = Running([LinkedDevice("192.168.1.50", link, "sp.auth.adobe.com", alert)])
    assert device_clocks(replace(given(1), proxy=running)).state == state
    assert device_clocks(given(1)).state == "unknown"


@pytest.mark.parametrize("code", TOKEN_TIMES)
def test_tokens_that_are_sent_before_or_after_their_time(code: str) -> None:
    assert code in BY_CODE
    running = Running([LinkedDevice("192.168.1.50", "api")], codes=frozenset({"PL220", code}))
    found = device_clocks(replace(given(1), proxy=running))
    assert (found.state, code in found.what, f"passlens explain {code}" in found.todo) == ("wrong", True, True)
    running.codes = frozenset({"PL220"})
    assert device_clocks(replace(given(1), proxy=running)).state == "ok"


def test_the_sandbox_has_no_clock_of_its_own(confdir: Path) -> None:
    with Upstream() as gone:
        pass
    with Proxy(confdir, upstream=gone) as running:
        sandbox = Running(says=ProxyStatus(running.port, sandbox=True))
        assert clocks(replace(given(running.port), proxy=sandbox)).state == "ok"
        assert clocks(replace(given(running.port), proxy=Running(ended=True))).state == "unknown"
