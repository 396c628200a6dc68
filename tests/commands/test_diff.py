"""``passlens diff``: exit statuses, text and JSON, bad input."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.commands.diff import diff, run

RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY, HAR = str(RECORDINGS / "apple-tv.mitm"), str(RECORDINGS / "apple-tv.har")


def compare(old: str, new: str, form: str = "text") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run(old, new, form, out, err), out.getvalue(), err.getvalue()


def test_a_recording_and_its_har_mean_the_same() -> None:
    status, out, err = compare(STORY, HAR)
    assert (status, err) == (0, "")
    assert out == "10 exchanges alike, 0 changed, 0 only in the older, 0 only in the newer recording\n"


def test_a_change_is_status_1_and_shown_in_both_forms() -> None:
    current = str(RECORDINGS / "current.mitm")
    status, text, _ = compare(STORY, current)
    assert status == 1
    assert "  outcome     P3 -> P1\n" in text
    status, out, _ = compare(STORY, current, "json")
    document = json.loads(out)
    assert status == 1
    assert (document["old"], document["new"]) == (STORY, current)
    assert document["summary"]["only_new"] > 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_read_is_said_and_is_status_2(form: str, tmp_path: Path) -> None:
    half = tmp_path / "half\x1b.mitm"
    half.write_bytes(Path(STORY).read_bytes()[:-100])
    status, out, err = compare(str(half), str(tmp_path / "missing"), form)
    assert status == 2
    assert "flow 10 is cut off" in err
    assert "missing: cannot be read" in err
    assert "\x1b" not in out + err
    if form == "json":
        assert len(json.loads(out)["unreadable"]) == 2


def test_a_fault_of_passlens_costs_one_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passlens.commands.diff.judge", lambda ex: 1 // 0)
    status, _, err = compare(STORY, STORY)
    assert status == 2
    assert "flow 0 could not be judged (ZeroDivisionError in test_diff.py" in err


def test_standard_input_is_one_of_the_two() -> None:
    got = CliRunner().invoke(diff, ["-", "-"], standalone_mode=False)
    assert "standard input can be one of the two recordings" in str(got.exception)
    assert "passlens diff yesterday.mitm today.mitm" in CliRunner().invoke(diff, ["--help"]).output
