"""``passlens diff``: exit statuses, text and JSON, bad input."""

import io
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from passlens.cli.diff import diff, run
from passlens.runner.settings import CheckSettings
from support.expecting import recorded
from support.sequence import NONE, call, session

RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY, HAR = str(RECORDINGS / "apple-tv.mitm"), str(RECORDINGS / "apple-tv.har")


def compare(old: str, new: str, form: str = "text", **choice: Any) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return run(old, new, CheckSettings(form, **choice), out, err), out.getvalue(), err.getvalue()


def test_a_recording_and_its_har_mean_the_same() -> None:
    status, out, err = compare(STORY, HAR)
    assert (status, err) == (0, "")
    assert out == "13 exchanges alike, 0 changed, 0 only in the older, 0 only in the newer recording\n"


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
    assert "flow 13 is cut off" in err
    assert "missing: cannot be read" in err
    assert "\x1b" not in out + err
    if form == "json":
        assert len(json.loads(out)["unreadable"]) == 2


def test_a_fault_of_passlens_costs_one_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("passlens.runner.analyze.analyze", lambda ex, reveal: 1 // 0)
    status, _, err = compare(STORY, STORY)
    assert status == 2
    assert "flow 0 could not be judged (ZeroDivisionError in test_diff.py" in err


def test_findings_of_sequences_are_compared(tmp_path: Path) -> None:
    def polls(every: float) -> str:
        calls = [call("create-session", 0, session()), *(call("poll", 1 + number * every, NONE) for number in range(7))]
        return str(recorded(tmp_path / f"{every}.mitm", calls))

    status, document = invoked(polls(5), polls(1), "--isolated")
    assert status == 1
    assert "PL632" in changed(document)
    assert {code[:3] for code in changed(document)} == {"PL6"}
    status, document = invoked(polls(5), polls(1), "--isolated", "--select", "PL632")
    assert (status, changed(document)) == (1, {"PL632"})


def test_standard_input_is_one_of_the_two() -> None:
    got = CliRunner().invoke(diff, ["-", "-"], standalone_mode=False)
    assert "standard input can be one of the two recordings" in str(got.exception)
    assert "passlens diff yesterday.mitm today.mitm" in CliRunner().invoke(diff, ["--help"]).output


def invoked(*words: str) -> tuple[int, dict[str, Any]]:
    got = CliRunner().invoke(diff, [*words, "--format", "json"], standalone_mode=False)
    assert got.exception is None, got.exception
    return got.return_value, json.loads(got.stdout)


def test_reports_go_to_files(tmp_path: Path) -> None:
    text, document = tmp_path / "a.txt", tmp_path / "a.json"
    words = [STORY, CURRENT, "--output", f"text={text}", "--output", f"json={document}"]
    got = CliRunner().invoke(diff, words, standalone_mode=False)
    _, told, _ = compare(STORY, CURRENT)
    assert (got.return_value, got.stdout) == (1, told.splitlines()[-1] + "\n")
    assert text.read_text() == told
    assert json.loads(document.read_text()) == invoked(STORY, CURRENT)[1]
    assert CliRunner().invoke(diff, [*words, "--format", "text"], standalone_mode=False).stdout == told


def test_a_file_in_words_is_not_written_beside_a_recording_that_is_not_there(tmp_path: Path) -> None:
    text, document = tmp_path / "a.txt", tmp_path / "a.json"
    words = [STORY, str(tmp_path / "missing"), "--output", f"text={text}", "--output", f"json={document}"]
    got = CliRunner().invoke(diff, words, standalone_mode=False)
    assert (got.return_value, got.stdout) == (2, "")
    assert not text.exists()
    assert len(json.loads(document.read_text())["unreadable"]) == 1


def test_a_place_that_cannot_be_is_told_before_anything_is_read(tmp_path: Path) -> None:
    got = CliRunner().invoke(diff, [STORY, STORY, "--output", f"json={tmp_path / 'missing' / 'a.json'}"])
    assert "cannot be written" in str(got.exception)
    assert "writes text and json, not html" in CliRunner().invoke(diff, [STORY, STORY, "--output", "html=a"]).output


def changed(document: dict[str, Any]) -> set[str]:
    """Codes of findings that only one of the recordings has."""
    changes = [change for pair in document["pairs"] for change in pair["changes"] if change["what"] == "findings"]
    return {text.split()[1] for change in changes for text in (*change["added"], *change["gone"])}


CURRENT = str(RECORDINGS / "current.mitm")


def test_only_the_wanted_findings_and_flows_are_compared() -> None:
    everything = changed(invoked(STORY, CURRENT, "--isolated")[1])
    assert {code[:4] for code in everything} > {"PL22"}
    assert changed(invoked(STORY, CURRENT, "--isolated", "--select", "PL22")[1]) == {
        code for code in everything if code.startswith("PL22")
    }
    assert changed(invoked(STORY, CURRENT, "--isolated", "--ignore", "PL2xx")[1]) == {
        code for code in everything if not code.startswith("PL2")
    }
    pairs = invoked(STORY, CURRENT, "--isolated", "--filter", "~u sessions/sso")[1]["pairs"]
    assert {pair["operation"] for pair in pairs} == {"partner-session"}


def test_the_configuration_counts_as_far_as_it_is_about_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("passlens.toml").write_text(
        'select = ["PL22"]\nfilter = "~u sessions/sso"\nformat = "junit"\nbaseline = "missing.json"\n'
    )
    _, document = invoked(STORY, CURRENT)
    assert {pair["operation"] for pair in document["pairs"]} == {"partner-session"}
    assert {code[:4] for code in changed(document)} == {"PL22"}
    assert len(invoked(STORY, CURRENT, "--isolated")[1]["pairs"]) > len(document["pairs"])
    got = CliRunner().invoke(diff, [STORY, HAR], standalone_mode=False)  # a format that only check has is no mistake
    assert (got.exception, got.return_value) == (None, 0)


def test_a_mistake_in_a_choice_is_one_sentence() -> None:
    for words in (["--select", "PL2OO"], ["--filter", "~u ("], ["--config", "missing.toml"]):
        got = CliRunner().invoke(diff, [STORY, HAR, *words], standalone_mode=False)
        assert isinstance(got.exception, click.ClickException), words


def test_nothing_to_compare_is_status_2_unless_that_is_fine() -> None:
    status, _, err = compare(STORY, HAR, flow_filter="~d nowhere")
    assert status == 2
    assert err.startswith("passlens: nothing to compare: ")
    assert compare(STORY, HAR, flow_filter="~d nowhere", allow_empty=True)[::2] == (0, "")


def test_beside_a_recording_that_is_not_there_nothing_seems_to_be_gone(tmp_path: Path) -> None:
    status, out, err = compare(STORY, str(tmp_path / "missing"))
    assert (status, out) == (2, "")
    assert "missing: cannot be read" in err
