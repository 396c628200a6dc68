"""The ``passlens`` command as a process: exit statuses, pipes and terminals, one sentence for every mistake."""

import contextlib
import json
import os
import pty
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import forge
from passlens import __version__
from passlens.cli.main import cli, main
from support import warm
from support.proxy import PATIENCE, ROOT, SCRIPT
from support.warm import ENVIRONMENT

START = (sys.executable, "-m", "passlens")
STORY = str(ROOT / "tests" / "recordings" / "apple-tv.mitm")
CLEAN = str(ROOT / "tests" / "recordings" / "current.mitm")


def passlens(*words: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[str]":
    return warm.run([*START, *words], stdin=stdin)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_the_shell_has_closed_takes_nothing_and_changes_no_status(closed: str) -> None:
    line = f'"$@" {closed}'
    words = ["sh", "-c", line, "sh", *START, "check", CLEAN]
    got = subprocess.run(words, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, text=True)
    assert got.returncode == passlens("check", CLEAN).returncode
    assert "Traceback" not in got.stdout + got.stderr


def cold(*words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run in a Python of its own."""
    return subprocess.run([*START, *words], capture_output=True, timeout=PATIENCE, env={**ENVIRONMENT, **environment})


def test_statuses_are_as_the_help_says(tmp_path: Path) -> None:
    assert passlens("check", CLEAN, "--select", "PL9").returncode == 0
    assert cold("check", STORY).returncode == 1
    assert cold("check", str(tmp_path)).returncode == 2
    assert "Exit status:\n  0    nothing at or above --fail-on\n" in passlens("check", "--help").stdout
    assert "  4    the comparison could not be written\n" in passlens("diff", "--help").stdout


@pytest.mark.parametrize("words", [("diff", CLEAN, CLEAN), ("schema",), ("--help",)])
def test_output_that_cannot_be_written_is_one_sentence_and_status_4(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        command = [*START, *words]
        got = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, env=ENVIRONMENT, text=True)
    assert got.stderr.startswith("passlens: cannot write the report: ")
    assert got.stderr.count("\n") == 1
    assert got.returncode == 4


MISTAKES = [
    ("frob",),
    ("prox",),
    ("prox", "--scenario", "throttled"),
    ("check",),
    ("check", "--format", "xml", STORY),
    ("check", "--select", "PL2OO", STORY),
    ("check", "--ignore", "PL1,nonsense", STORY),
    ("check", "--fail-on", "bad", STORY),
    ("check", "--formt", "json", STORY),
    ("check", "--output", "junit", STORY),
    ("check", "--output", "xml=report.xml", STORY),
    ("check", "--output", "json=tv.mitm", STORY),
    ("check", "--output", "json=report", "--output", "sarif=./report", STORY),
    ("check", "--jobs", "0", STORY),
    ("archive", STORY),
    ("archive", STORY, "-o", "archive", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"),
    ("archive", STORY, "-o", "archive", "--partition", "month"),
    ("decode", "--header", "X-Foo", "abc"),
    ("decode", ""),
    ("decode",),
    ("explain", "PL999999"),
    ("explain", "PL204", "PL205"),
    ("schema", "Nothing"),
    ("proxy", "--lgo", "x"),
    ("addon", "x"),
]


def test_every_mistake_is_one_sentence_and_status_2() -> None:
    script = """
import json, sys
from passlens.cli.main import main
for words in json.loads(sys.argv[1]):
    try:
        main(words)
    except SystemExit as end:
        print("status", end.code, file=sys.stderr)
"""
    got = warm.run([sys.executable, "-c", script, json.dumps(MISTAKES)])
    lines = got.stderr.splitlines()
    assert got.stdout == ""
    assert len(lines) == 2 * len(MISTAKES), got.stderr
    for words, sentence, status in zip(MISTAKES, lines[::2], lines[1::2], strict=True):
        assert sentence.startswith("passlens: "), words
        assert len(sentence) < 400
        assert status == "status 2", words


def test_without_a_word_the_help_is_shown() -> None:
    got = passlens()
    assert got.returncode == 2
    assert got.stderr.startswith("Usage: passlens ")


def test_a_misspelt_code_gets_the_nearest() -> None:
    assert "did you mean partner-status-missing?" in passlens("explain", "partner-status-mising").stderr


def test_standard_input_is_read() -> None:
    piped = passlens("check", "-", "--format", "jsonl", stdin=Path(STORY).read_bytes())
    named = passlens("check", STORY, "--format", "jsonl")
    assert piped.returncode == named.returncode == 1
    assert piped.stdout.replace('"file":"-"', "") == named.stdout.replace(f'"file":"{STORY}"', "")
    decoded = passlens("decode", stdin=f"X-Device-Info: {forge.device_info()}\n".encode())
    assert '"model": "AppleTV"' in decoded.stdout


def test_nothing_is_coloured_in_a_pipe() -> None:
    got = passlens("check", STORY)
    assert "\x1b" not in got.stdout + got.stderr


def on_a_terminal(*words: str, **environment: str) -> str:
    """Run with standard output on a terminal, and give what stands on it."""
    master, slave = pty.openpty()
    with open(os.devnull, "rb") as nothing:
        process = warm.Process([*START, *words], {**ENVIRONMENT, **environment}, ROOT, [nothing.fileno(), slave, slave])
    os.close(slave)
    got = b""
    try:
        while piece := os.read(master, 1 << 16):
            got += piece
    except OSError:
        pass  # the other side of the terminal has gone
    finally:
        os.close(master)
        process.wait(PATIENCE)
    return got.decode()


def test_a_terminal_gets_colours_and_wrapped_lines() -> None:
    text = on_a_terminal("check", STORY)
    assert "\x1b[31m" in text
    assert "\x1b[0m" in text
    assert all(len(line) < 130 for line in text.splitlines())
    assert "\x1b[31m" not in on_a_terminal("check", STORY, NO_COLOR="1")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_whoever_stops_reading_gets_no_complaint_and_changes_no_status(unbuffered: str) -> None:
    # The reports are longer than a pipe holds.
    for words in (["check", *[STORY] * 20], ["explain"], ["check", *[CLEAN] * 20, "--fail-on", "never"]):
        process = subprocess.Popen(
            [*START, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered},
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        assert process.wait(PATIENCE) == (1 if words[1:2] == [STORY] else 0)
        assert said == b""


def test_reports_are_whole_when_nobody_reads_standard_output(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    line = '"$@" | head -c 1 >/dev/null'
    words = ["sh", "-c", line, "sh", *START, "check", *[STORY] * 40, "--format", "text", f"--output=json={report}"]
    subprocess.run(words, timeout=PATIENCE, env=ENVIRONMENT, check=True)
    assert len(json.loads(report.read_text())["exchanges"]) == 520


@pytest.mark.parametrize("words", [("check", STORY), ("proxy", "--", "--listen-port", "0")])
def test_ctrl_c_at_any_moment_of_the_start_ends_without_a_traceback(words: tuple[str, ...]) -> None:
    for seconds in (0.1, 0.4):
        process = subprocess.Popen(
            [*START, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
        # Before the first line of passlens it is Python that ends, in words of its own.
        assert "passlens" not in said or "Traceback" not in said, said
        assert process.returncode in (0, 1, 130, -signal.SIGINT)


def test_a_full_disk_is_one_sentence() -> None:
    with open("/dev/full", "wb") as full:
        got = subprocess.run(
            [*START, "check", STORY], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, env=ENVIRONMENT
        )
    assert got.returncode == 4
    assert got.stderr.startswith(b"passlens: cannot write the report: No space left on device")
    assert len(got.stderr.splitlines()) == 1


def test_what_the_system_refuses_is_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(cli, "invoke", lambda _: (tmp_path / "none").read_bytes())
    with pytest.raises(SystemExit) as ended:
        main(["explain"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"passlens: {tmp_path}/none: No such file or directory; name another place.\n"


def test_a_disk_that_fills_up_in_the_middle_leaves_no_half_report(tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    old = tmp_path / "old.json"
    old.write_text("old")
    outputs = [
        f"--output=json={old}",
        f"--output=sarif={tmp_path / 'new.sarif'}",
        f"--output=markdown={tmp_path / 'm'}",
    ]
    words = [*START, "check", CLEAN, "--select", "PL110,PL427", *outputs]
    got = subprocess.run(words, capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, preexec_fn=small, text=True)
    assert got.returncode == 4
    assert [line.partition(" cannot be written ")[2] for line in got.stderr.splitlines()] == [
        "(File too large): make room or name another place."
    ] * len(outputs)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.json"]
    assert b"32 exchanges" in got.stdout.encode()


def test_a_report_goes_to_a_file_and_its_summary_to_standard_output(tmp_path: Path) -> None:
    got = passlens("check", STORY, "--output", f"junit={tmp_path / 'report.xml'}")
    assert got.returncode == 1
    assert got.stdout.startswith("13 exchanges, 1 other flow: ")
    assert (tmp_path / "report.xml").read_bytes().startswith(b"<?xml")
    both = passlens("check", STORY, "--format", "jsonl", "--output", f"text={tmp_path / 'report.txt'}")
    assert both.stdout == passlens("check", STORY, "--format", "jsonl").stdout
    assert (tmp_path / "report.txt").read_text("utf-8") == passlens("check", STORY).stdout


def test_an_encoding_that_knows_little_is_written_to_all_the_same() -> None:
    value = f"X-Device-Info: {forge.device_info(model='Fernseher ☃')}"
    got = cold("decode", value, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert got.returncode == 0
    assert b"\\u2603" in got.stdout


def test_the_list_of_codes_and_the_page_are_printed() -> None:
    listed = passlens("explain").stdout.splitlines()
    assert listed[0].startswith("PL101  note")
    assert passlens("explain", "--markdown").stdout == (ROOT / "docs" / "findings.md").read_text("utf-8")
    assert "What to do: " in passlens("explain", "pl204").stdout


def test_the_schema_of_every_model_is_printed() -> None:
    for name in passlens("schema").stdout.split()[:3]:
        assert "properties" in json.loads(passlens("schema", name).stdout)


def test_the_path_of_the_script_and_the_version_are_printed() -> None:
    done = passlens("addon")
    assert (done.returncode, done.stdout) == (0, f"{SCRIPT}\n")
    assert passlens("--version").stdout == f"passlens {__version__}\n"


@pytest.mark.parametrize("words", [("-h",), ("check", "-h"), ("decode", "-h"), ("proxy", "-h"), ("explain", "-h")])
def test_help_is_short_and_shows_examples(words: tuple[str, ...]) -> None:
    got = passlens(*words)
    assert got.returncode == 0
    assert "passlens " in got.stdout


@pytest.mark.parametrize("words", [["ctl", "status"], ["proxy"], ["doctor"]])
def test_without_a_home_folder_it_says_so(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "PASSLENS_CONTROL_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as for a user whom the system does not know
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert capsys.readouterr().err == "passlens: there is no home folder; set HOME to a folder that can be written.\n"
