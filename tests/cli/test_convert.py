"""``passlens scrub`` and ``passlens convert`` as a user meets them: what they write, say and refuse."""

import os
import shutil
import signal
import stat
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from passlens.cli import convert
from passlens.cli.main import main
from passlens.runner.progress import Progress
from support.planted import RECORDINGS, entries, findings


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    return int(end.value.code or 0)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    return Path(shutil.copy(RECORDINGS / "apple-tv.mitm", tmp_path / "tv.mitm"))


def test_what_holds_the_secrets_of_a_recording_is_read_by_nobody_else(story: Path, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for mode in (0o600, 0o440, 0o644):
            story.chmod(mode)
            for command, name in (("convert", "copy.har"), ("scrub", "copy.mitm")):
                (tmp_path / name).unlink(missing_ok=True)
                assert run(command, story, "-o", tmp_path / name) == 0
                kept = mode | 0o600 if command == "convert" else 0o644
                assert stat.S_IMODE((tmp_path / name).stat().st_mode) == kept
    finally:
        os.umask(before)


def test_a_clean_copy_is_written_and_told(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = story.with_name("clean.mitm")
    assert run("scrub", story, "-o", out) == 0
    told = capsys.readouterr().out
    assert "14 flows copied, 13 of the API" in told
    assert "Replaced: 12 tokens" in told
    assert [findings(one) for one in entries(out)] == [findings(one) for one in entries(story)]
    assert sorted(path.name for path in story.parent.iterdir()) == ["clean.mitm", "tv.mitm"]


def test_a_key_gives_equal_copies(story: Path) -> None:
    copies = [story.with_name(name) for name in ("a.mitm", "b.mitm")]
    for out in copies:
        assert run("scrub", story, "-o", out, "--key", "one", "--other", "keep-scrubbed") == 0
    assert copies[0].read_bytes() == copies[1].read_bytes()


def test_formats_are_converted(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    har, back = story.with_name("tv.har"), story.with_name("back.mitm")
    assert run("convert", story, "-o", har) == 0
    assert "14 flows written" in capsys.readouterr().out
    assert run("convert", har, "-o", back) == 0
    assert run("scrub", har, "-o", story.with_name("clean.har")) == 0
    assert [findings(one) for one in entries(back)] == [findings(one) for one in entries(story)]


def test_half_a_recording_gives_half_a_copy_and_status_2(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story.write_bytes(story.read_bytes()[:-100])
    for command, name in (("scrub", "x.mitm"), ("convert", "x.har")):
        out = story.with_name(name)
        assert run(command, story, "-o", out) == 2
        assert "cut off" in capsys.readouterr().err
        assert len(entries(out)) >= 8


@pytest.mark.parametrize("through_a_pipe", [True, False])
@pytest.mark.parametrize("command", ["scrub", "convert"])
def test_standard_input_is_read_like_a_file(
    command: str, through_a_pipe: bool, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suffix, key = ("har", ()) if command == "convert" else ("mitm", ("--key", "one"))
    outs = [story.with_name(f"{name}.{suffix}") for name in ("named", "piped")]
    assert run(command, story, "-o", outs[0], *key) == 0
    reading, writing = os.pipe()

    def pour() -> None:
        with open(writing, "wb") as stream:
            stream.write(story.read_bytes() if through_a_pipe else b"")

    pouring = threading.Thread(target=pour)
    pouring.start()
    with open(reading, encoding="latin-1") as pipe, story.open(encoding="latin-1") as file:
        monkeypatch.setattr(sys, "stdin", pipe if through_a_pipe else file)
        assert run(command, "-", "-o", outs[1], *key) == 0
    pouring.join()
    assert outs[1].read_bytes() == outs[0].read_bytes()


def test_standard_input_is_never_written_over(
    story: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = story.read_bytes()
    with story.open(encoding="latin-1") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert run("scrub", "-", "-o", story) == 2
    assert "is the recording itself" in capsys.readouterr().err
    assert story.read_bytes() == before


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing_half(number: int, status: int, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: BinaryIO, target: BinaryIO, **words: Any) -> None:
        target.write(b"half")
        os.kill(os.getpid(), number)

    monkeypatch.setattr(convert, "copy", half)
    before = signal.getsignal(number)
    assert run("scrub", story, "-o", story.with_name("x.mitm")) == status
    assert [path.name for path in story.parent.iterdir()] == ["tv.mitm"]
    assert signal.getsignal(number) is before


def test_progress_is_told(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int | None]] = []
    monkeypatch.setattr(Progress, "bytes", lambda self, done, total: told.append((done, total)))
    size = story.stat().st_size
    for command, name, passes in (("scrub", "x.mitm", 2), ("convert", "x.har", 1)):
        told.clear()
        assert run(command, story, "-o", story.with_name(name)) == 0
        assert told[-1] == (passes * size, passes * size)


@pytest.mark.parametrize("command", ["scrub", "convert"])
def test_mistakes_are_one_sentence_and_status_2(
    command: str, story: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = story.read_bytes()
    (tmp_path / "empty.mitm").touch()
    (tmp_path / "text.mitm").write_text("hello")
    (tmp_path / "folder.mitm").mkdir()
    (tmp_path / "link.mitm").symlink_to(story)
    other = "x.har" if command == "scrub" else "x.mitm"
    for source, target, words in (
        ("no.mitm", "x.mitm", "cannot be read"),
        ("empty.mitm", "x.mitm", "is empty"),
        ("text.mitm", "x.har", "neither"),
        ("folder.mitm", "x.mitm", "cannot be read"),
        ("tv.mitm", "tv.mitm", "itself"),
        ("tv.mitm", "link.mitm", "itself"),
        ("tv.mitm", "x.txt", "does not say its format"),
        ("tv.mitm", "no/x.har" if command == "convert" else "no/x.mitm", "cannot be written"),
        ("tv.mitm", other, "is a .mitm recording"),
    ):
        assert run(command, tmp_path / source, "-o", tmp_path / target) == 2, source
        err = capsys.readouterr().err
        assert words in err
        assert err.count("\n") == 1
        assert not (tmp_path / target).exists() or target in ("tv.mitm", "link.mitm")
    assert story.read_bytes() == before
    assert run("scrub", story, "-o", tmp_path / "x.mitm", "--key", "") == 2


@pytest.mark.parametrize(("command", "name"), [("scrub", "full.mitm"), ("convert", "full.har")])
def test_a_disk_that_fills_up_is_status_4(
    command: str, name: str, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = story.with_name(name)
    out.symlink_to("/dev/full")
    assert run(command, story, "-o", out) == 4
    wanted = f"passlens: {out} cannot be written (No space left on device): make room or name another place.\n"
    assert capsys.readouterr().err == wanted
