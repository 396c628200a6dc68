"""mitmproxy's lines on the clock of passlens."""

import io
import logging
import re
import time

import pytest
from mitmproxy.log import MitmFormatter

from passlens.proxy.clock_formatter import ClockFormatter, install


def record(client: object = None) -> logging.LogRecord:
    made = logging.LogRecord("mitmproxy.x", logging.INFO, "", 0, "it listens", (), None)
    if client is not None:
        made.client = client
    return made


@pytest.mark.parametrize(
    ("client", "line"),
    [
        (None, r"\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)  it listens"),
        (("192.168.1.5", 81), r"\S+  192\.168\.1\.5:81  it listens"),
    ],
)
def test_a_line_has_the_clock_of_blocks_with_its_zone(client: object, line: str) -> None:
    assert re.fullmatch(line, ClockFormatter(False).format(record(client)))


def test_the_time_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    made = record()
    made.created = 1767323044.25
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XXX-05:30")
        time.tzset()
        assert ClockFormatter(False).format(made) == "08:34:04.250+05:30  it listens"
    time.tzset()


def test_only_mitmproxys_own_lines_on_the_terminal_are_formatted_so(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, other = logging.StreamHandler(io.StringIO()), logging.StreamHandler(io.StringIO())
    terminal.setFormatter(MitmFormatter(False))
    other.setFormatter(logging.Formatter())
    monkeypatch.setattr(logging.getLogger(), "handlers", [terminal, other])
    install()
    assert isinstance(terminal.formatter, ClockFormatter)
    assert type(other.formatter) is logging.Formatter
