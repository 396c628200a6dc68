"""``passlens rewrite``: what it says and its exit statuses."""

import io
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from passlens.cli.main import main
from passlens.cli.rewrite import rewrite_command, run
from passlens.errors import WriteError

STORY = str(Path(__file__).parents[1] / "recordings" / "apple-tv.mitm")


def rewrite(recording: str, scenario: str, output: str, rules: str = "") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run(recording, scenario, rules, output, out, err), out.getvalue(), err.getvalue()


def test_each_change_is_a_line_and_the_counts_stand_at_the_end(tmp_path: Path) -> None:
    output = str(tmp_path / "out.mitm")
    status, out, err = rewrite(STORY, "pfs-fallback", output)
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "flow 3  partner-session  fall back: outcome P3",
        "flow 6  partner-session  fall back: outcome P3",
        f"{output}: 14 flows, 2 rewritten",
    ]


def test_what_cannot_be_shown_what_kept_its_answer_and_what_never_matched_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "rules:\n  - name: break\n    when: {operation: partner-session}\n    then: {fault: slow_drip}\n"
        "  - name: change\n    when: {operation: create-session}\n"
        "    then: {rewrite_request: {headers: {remove: [Accept]}}}\n"
        "  - name: never\n    when: {code: NOTHERE}\n    then: {outcome: throttled}\n"
    )
    _, out, _ = rewrite(STORY, "mine", str(tmp_path / "out.mitm"), str(tmp_path))
    assert "  1 changed request keeps its recorded answer\n" in out
    assert "  The fault slow_drip cannot be shown: a recording does not keep the pieces" in out
    assert "whole. (2 times)\n" in out
    assert "  never matched: never\n" in out


def test_half_a_recording_is_status_2(tmp_path: Path) -> None:
    half = tmp_path / "half.mitm"
    half.write_bytes(Path(STORY).read_bytes()[:-100])
    status, out, err = rewrite(str(half), "throttled", str(tmp_path / "out.mitm"))
    assert status == 2
    assert "13 flows" in out
    assert "half.mitm: flow 13 is cut off" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((STORY, "throttled", STORY), "is the recording itself, which is never written over; name another file."),
        ((STORY, "throtled", "out.mitm"), "There is no scenario 'throtled'; did you mean throttled?"),
        ((STORY, "throttled", "/missing/out.mitm"), "cannot be written (No such file or directory)"),
    ],
)
def test_a_mistake_is_one_sentence(words: tuple[str, str, str], said: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        rewrite(*words)
    assert said in caught.value.message


def test_each_mistake_of_a_rule_file_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text("rules:\n  - name: a\n    then: {outcom: P3}\n    whem: {}\n")
    words = ("rewrite", STORY, "--scenario", "mine", "--rules", str(tmp_path), "-o", str(tmp_path / "out.mitm"))
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "rules[0].then.outcom: is no known key; did you mean outcome?" in first
    assert "rules[0].whem: is no known key; did you mean when?" in second


def test_a_disk_that_fills_up_is_status_4() -> None:
    with pytest.raises(WriteError, match=r"/dev/full cannot be written \(No space left on device\): make room"):
        rewrite(STORY, "throttled", "/dev/full")


def test_a_har_is_not_what_is_written() -> None:
    words = [STORY, "--scenario", "throttled", "-o", "out.har"]
    assert "is a .mitm file" in str(CliRunner().invoke(rewrite_command, words, standalone_mode=False).exception)
