"""``passlens demo`` as a newcomer runs it: quick, without a network, with a recording that is clean and an ending that
says what comes next; and what it says when it cannot go on."""

import errno
import io
import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from passlens.demo import run as demo
from passlens.demo.journeys import JOURNEYS
from passlens.demo.run import LOG, RECORDING, ProxyOutput
from passlens.errors import DemoError
from support import warm
from support.proxy import ROOT
from support.stage import entries_of

WATCH = '''"""Notes every address that a process of the demo connects to or looks up."""
import os
import sys

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        with open(os.environ["NOTED"], "a") as file:
            file.write(f"{event} {address!r}\\\\n")

sys.addaudithook(note)
'''.replace("\\\\n", "\\n")


@dataclass
class Ran:
    """One run of the demo."""

    folder: Path
    status: int
    out: str
    err: str
    seconds: float
    noted: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder, beside = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("beside")
    (beside / "sitecustomize.py").write_text(WATCH)
    noted = beside / "noted"
    nowhere = "http://127.0.0.1:9"
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(beside), str(ROOT / "addons")]), "NOTED": str(noted),
        "http_proxy": nowhere, "https_proxy": nowhere, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere,
    }  # fmt: skip
    started = time.monotonic()
    got = subprocess.run(
        [*warm.PASSLENS, "demo", "--folder", str(folder)], capture_output=True, text=True, timeout=120, env=environment
    )
    took = time.monotonic() - started
    return Ran(folder, got.returncode, got.stdout, got.stderr, took, noted.read_text())


def test_it_is_quick_and_speaks_to_loopback_only(ran: Ran) -> None:
    assert (ran.status, ran.err) == (0, "")
    assert ran.seconds < 50
    connected = [line for line in ran.noted.splitlines() if line.startswith("socket.connect")]
    assert connected
    assert all("'127.0.0.1'" in line for line in connected), connected
    looked_up = {line.partition(" ")[2] for line in ran.noted.splitlines() if line.startswith("socket.getaddrinfo")}
    assert looked_up <= {"'127.0.0.1'", "b'127.0.0.1'"}


def test_every_journey_is_told_with_the_blocks_a_user_sees(ran: Ran) -> None:
    places = [ran.out.index(f"== {journey.title}\n{journey.story}") for journey in JOURNEYS]
    assert places == sorted(places)
    parts = [ran.out[start:end] for start, end in zip(places, [*places[1:], len(ran.out)], strict=True)]
    for row, part in zip(("", "P1", "P3", "P4", "P5", "C1", "C2", "C5", "C1"), parts, strict=True):
        assert f"\n  answer    {row}" in part or not row
        assert "  injected  sandbox/" in part
    assert re.search(r"^60 exchanges: 1 error, 1 warning, ", ran.out, re.MULTILINE)
    assert "listening at" not in ran.out
    assert "Traceback" not in ran.out


def test_it_ends_with_what_to_do_next(ran: Ran) -> None:
    end = ran.out[ran.out.rindex("\nThat took ") :]
    assert f"passlens check {ran.folder / RECORDING}" in end
    assert "Next, with a real device: start passlens proxy" in end
    assert "--scenario pfs-fallback" in end
    assert ran.out.endswith("\n")


def test_what_is_left_of_it_is_clean_and_whole(ran: Ran) -> None:
    assert sorted(path.name for path in ran.folder.iterdir()) == sorted([RECORDING, LOG])
    entries = entries_of(ran.folder / LOG)
    assert {entry["injected"]["scenario"] for entry in entries} == {"sandbox"}
    got = warm.run([*warm.PASSLENS, "check", str(ran.folder / RECORDING)])
    # Clean but for the app of the last journey, whose fault is there to be found.
    assert got.returncode == 1, got.stdout
    assert re.search(rf"^{len(entries)} exchanges: 1 error, ", got.stdout, re.MULTILINE)
    errors = [(number, found["code"]) for number, entry in enumerate(entries) for found in entry["findings"]
              if found["severity"] == "error"]  # fmt: skip
    assert errors == [(len(entries) - 1, "PL633")]
    warned = {found["code"] for entry in entries for found in entry["findings"] if found["severity"] == "warning"}
    assert warned == {"PL632"}  # the same app's fault; nothing else is wrong with the demo


# ---- when it cannot go on


def test_a_proxy_that_does_not_start_is_told_in_its_own_words() -> None:
    output = ProxyOutput(io.StringIO("12:00:00.000Z  something\nthe port is taken\n"), io.StringIO())
    with pytest.raises(DemoError, match=r"^the proxy did not start: the port is taken$"):
        output.wait_for_port()
    with pytest.raises(DemoError, match="it said nothing"):
        ProxyOutput(io.StringIO(""), io.StringIO()).wait_for_port()


def test_all_is_passed_on_once_the_proxy_listens() -> None:
    out = io.StringIO()
    log = "starting\n12:00:00.000Z  HTTP(S) proxy listening at 127.0.0.1:4711.\n12:00:00.100Z  a warning\na block\n"
    output = ProxyOutput(io.StringIO(log), out)
    assert output.wait_for_port() == 4711
    output.finish()
    assert out.getvalue() == "12:00:00.100Z  a warning\na block\n"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert demo.run(tmp_path / "file" / "folder", io.StringIO()) == 1
    said = capsys.readouterr().err
    assert said.startswith("passlens: the demo stopped: ")
    assert len(said.splitlines()) == 1


def test_no_title_comes_to_stand_inside_a_block() -> None:
    class Noting(io.StringIO):
        def __init__(self) -> None:
            super().__init__()
            self.written: list[str] = []

        def write(self, text: str) -> int:
            self.written.append(text)
            return super().write(text)

    out = Noting()
    blocks = ["one\n  result\n\n", "two\n\n", "the end\n"]
    ProxyOutput(io.StringIO("proxy listening at 127.0.0.1:4711.\n" + "".join(blocks)), out).finish()
    assert out.written == blocks


def test_an_output_that_takes_nothing_leaves_no_traceback_of_the_thread_that_copies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    ProxyOutput(io.StringIO("proxy listening at 127.0.0.1:4711.\none\n\ntwo\n\n"), Full()).finish()
    assert raised == []
