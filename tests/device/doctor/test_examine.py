"""The doctor as a whole, and its exit status."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from passlens.device.doctor.diagnosis import DoctorResult, Examined, ok, unknown, wrong
from passlens.device.doctor.examine import CHECKS, examine, rendered, status
from passlens.device.link import LinkedDevice, ProxyStatus
from support.proxy import Proxy
from support.reply import Reply
from support.running import Running
from support.upstream import Upstream


def test_all_is_well_with_a_device_that_calls_the_api(
    proxy: Callable[..., Proxy], upstream: Upstream, confdir: Path
) -> None:
    upstream.on("HEAD", "/", Reply(404))
    port = proxy().port
    running = Running([LinkedDevice("192.168.1.50", "api")], ProxyStatus(port))
    out = io.StringIO()
    assert examine(Examined("127.0.0.1", port, confdir, "sp.auth.adobe.com", running), out) == 0
    lines = out.getvalue().splitlines()
    assert len(lines) == len(CHECKS)
    assert all(line.startswith("ok ") for line in lines)


def test_without_a_proxy_the_status_says_so(confdir: Path) -> None:
    out = io.StringIO()
    assert examine(Examined("127.0.0.1", 1, confdir, "sp.auth.adobe.com"), out) == 5
    assert "WRONG  proxy         no proxy listens on port 1 (connected to it in vain)\n" in out.getvalue()
    assert "do: start it: passlens proxy --port 1\n" in out.getvalue()


WELL = ok("proxy", "it runs", "asked it")


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ([WELL], 0),
        ([WELL, unknown("trust", "a", "b", "c")], 1),
        ([WELL, wrong("trust", "a", "b", "c")], 1),
        ([wrong("proxy", "a", "b", "c"), wrong("trust", "a", "b", "c")], 5),
        ([wrong("versions", "a", "b", "c"), wrong("proxy", "a", "b", "c")], 3),
        ([unknown("proxy", "a", "b", "c")], 1),
    ],
)
def test_the_exit_status(others: list[DoctorResult], code: int) -> None:
    assert status(others) == code


def test_a_line_says_what_how_and_what_to_do() -> None:
    assert rendered(WELL) == "ok     proxy         it runs (asked it)\n"
    text = rendered(wrong("clock", "it is late", "looked", "set it."))
    assert text == "WRONG  clock         it is late (looked)\n                     do: set it.\n"


def test_names_from_elsewhere_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in rendered(wrong("proxy", "a\x1b[2J", "b\x1b[2J", "c\x1b[2J"))


def test_a_terminal_gets_lines_of_its_width() -> None:
    lines = rendered(wrong("clock", "it is late " * 9, "looked", "set it " * 20), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line[:21].strip() for line in lines[1:]] == [""] * (len(lines) - 1)
