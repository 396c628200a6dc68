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


MISTAKE = "passlens: my-rules/mine.yaml:7:24: rules[0].then.delay: is the text 3s, expected a number of milliseconds."
SIGN_IN = "passlens: sign in at https://sp.auth.adobe.com/api/v2/authenticate/REF30/ABCDEF7, in a browser"


@pytest.mark.parametrize("said", [MISTAKE, f"{MISTAKE}\n{MISTAKE}", SIGN_IN])
@pytest.mark.parametrize("colorize", [False, True])
def test_lines_of_passlens_are_folded_on_a_terminal(said: str, colorize: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("COLUMNS", "80")
    made = record()
    made.msg = said
    lines = re.sub(r"\x1b\[[0-9;]*m", "", ClockFormatter(colorize).format(made)).split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[0].partition("  ")[2].startswith("passlens: ")
    assert "  ".join(lines).split()[1:] == said.split()
    assert made.getMessage() == said


@pytest.mark.parametrize(
    ("said", "columns"), [(MISTAKE, None), ("mitmproxy says " + "a b " * 40, "80"), (SIGN_IN, "70")]
)
def test_other_lines_and_long_addresses_stay_whole(
    said: str, columns: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: columns is not None)
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("COLUMNS", columns or "80")
    made = record()
    made.msg = said
    assert ClockFormatter(False).format(made).endswith(f"  {said}")


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
