"""The command in place of a tester: how it ends, and that nothing of it goes on."""

import sys
import time

import pytest

from passlens.errors import UsageError
from passlens.testing.conformance import drive
from passlens.testing.conformance.drive import Driver, parse_command


def ended(code: str, **variables: str) -> str:
    driver = Driver([sys.executable, "-c", code], variables)
    deadline = time.monotonic() + 60
    while (how := driver.ended()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    driver.stop()
    return how


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("", ""),
        ("import sys; sys.exit(7)", "the command ended with status 7"),
        ("import os; os.kill(os.getpid(), 9)", "the command was ended by SIGKILL"),
        ("import os, sys; sys.exit(os.environ['PASSLENS_SCENARIO'] != 'denied')", ""),
    ],
)
def test_how_it_ends(code: str, how: str) -> None:
    assert ended(code, PASSLENS_SCENARIO="denied") == how


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "PATIENCE", 0.0)
    driver = Driver([sys.executable, "-c", "import time; time.sleep(60)"], {})
    assert driver.ended() == "the command took longer than 0 s"
    assert driver.ended() == "the command was ended by SIGTERM"


def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "_ENDED_WITHIN", 0.2)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)"
    driver = Driver([sys.executable, "-c", code], {})
    driver.stop()
    assert driver.ended() in ("the command was ended by SIGKILL", "the command was ended by SIGTERM")


def test_words_of_a_command() -> None:
    assert parse_command("pytest 'my tests'") == ["pytest", "my tests"]
    with pytest.raises(UsageError, match="cannot be taken apart"):
        parse_command("pytest 'ui")
    with pytest.raises(UsageError, match="names no command"):
        parse_command(" ")
    with pytest.raises(UsageError, match="--drive: no-such-program cannot be run"):
        Driver(["no-such-program"], {})
