"""Options of ``passlens check``: configuration, filter, baseline, dry run; the command line wins."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from passlens.cli import cli

RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY, HAR = str(RECORDINGS / "apple-tv.mitm"), str(RECORDINGS / "apple-tv.har")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is started: a folder of its own below one with a configuration that does nothing."""
    (tmp_path / "passlens.toml").write_text("")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def check(*words: str) -> tuple[int, str]:
    got = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    assert got.exception is None, got.exception
    return got.return_value, got.stdout


def document(*words: str) -> dict[str, Any]:
    return dict(json.loads(check(*words, "--format", "json")[1]))


def refused(*words: str) -> str:
    got = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    assert isinstance(got.exception, click.ClickException), got.output
    return got.exception.format_message()


# ---- baseline


def test_known_findings_do_not_fail_and_new_ones_do(folder: Path) -> None:
    path = str(folder / "b.json")
    status, out = check(STORY, "--write-baseline", path)
    assert status == 0
    assert out.endswith(f"baseline {path} written: 10 findings of 10 kinds\n")
    status, out = check(HAR, "--baseline", path, "--fail-on", "note")
    assert status == 0
    assert out.endswith(f"baseline {path}: 10 known, 0 new, 0 gone\n")
    found = document(STORY, str(RECORDINGS / "revisions.mitm"), "--baseline", path)
    assert check(STORY, str(RECORDINGS / "errors.mitm"), "--baseline", path)[0] == 1
    assert found["summary"]["baseline"]["known"] == 10
    assert found["summary"]["baseline"]["new"] > 0
    found = document(str(RECORDINGS / "current.mitm"), "--baseline", path)
    assert {item["code"] for item in found["summary"]["baseline"]["gone"]} >= {"PL244", "PL220"}


def test_a_renewed_baseline_is_compared_with_the_old_one_only_if_that_is_named(folder: Path) -> None:
    path = str(folder / "b.json")
    (folder / "here" / "passlens.toml").write_text('baseline = "../b.json"')
    assert check(STORY, "--write-baseline", path)[0] == 0
    assert check(HAR)[0] == 0
    assert check(HAR, "--isolated")[0] == 1
    status, _ = check(str(RECORDINGS / "errors.mitm"), "--baseline", path, "--write-baseline", path)
    assert status == 1
    assert check(str(RECORDINGS / "errors.mitm"))[0] == 0


def test_half_an_input_writes_no_baseline(folder: Path) -> None:
    got = CliRunner().invoke(
        cli, ["check", STORY, "missing.mitm", "--write-baseline", "b.json"], standalone_mode=False
    )  # fmt: skip
    assert got.return_value == 2
    assert "The baseline b.json was not written, since not all input was read" in got.stderr
    assert not Path("b.json").exists()


def test_a_baseline_of_another_version_is_one_sentence() -> None:
    Path("b.json").write_text('{"kind": "passlens baseline", "schema": 9}')
    assert "b.json is a baseline of version 9" in refused(STORY, "--baseline", "b.json")
    assert "check the name, or write one with --write-baseline" in refused(STORY, "--baseline", "missing.json")
    assert "without --reveal" in refused(STORY, "--baseline", "b.json", "--reveal")


# ---- filter


def test_a_filter_narrows_both_kinds_of_recording() -> None:
    for path in (STORY, HAR):
        found = document(path, "--filter", "~u sessions/sso")
        assert {entry["operation"] for entry in found["exchanges"]} == {"partner-session"}
        assert found["summary"]["other_flows"] == 9
    assert "is no filter expression of mitmproxy" in refused(STORY, "--filter", "~u (")


# ---- dry run


def test_a_dry_run_is_a_row_and_a_member() -> None:
    _, out = check(STORY, "--scenario", "code-expired")
    assert "  scenario  outcome invalid_authentication_session: rule 'over' matched.\n" in out
    assert "  scenario  nothing: no rule matched; 'over' came closest and failed on occurrence" in out
    assert out.endswith("scenario code-expired (dry run): over 1\n")
    plain, found = document(STORY), document(STORY, "--scenario", "code-expired", "--jobs", "4")
    told = [entry.pop("dry_run") for entry in found["exchanges"]]
    assert found["exchanges"] == plain["exchanges"]
    assert [item["rule"] for item in told] == [None] * 9 + ["over"]
    assert found["summary"]["dry_run"] == {"scenario": "code-expired", "matched": {"over": 1}, "never_matched": []}


def test_rules_that_never_matched_are_named(folder: Path) -> None:
    (folder / "mine.yaml").write_text("rules:\n  - {name: one, when: {code: X}, then: {outcome: throttled}}\n")
    _, out = check(STORY, "--scenario", "mine", "--rules", str(folder))
    assert out.endswith("scenario mine (dry run): one 0\n  never matched: one\n")
    assert "There is no scenario 'mime'" in refused(STORY, "--scenario", "mime")


# ---- configuration


def test_the_nearest_file_gives_the_defaults_and_the_command_line_wins(folder: Path) -> None:
    (folder / "here" / "pyproject.toml").write_text(
        '[tool.passlens]\nselect = ["PL2xx"]\nignore = "PL244"\nfail-on = "warning"\nformat = "json"\n'
        'filter = "~u sessions"\n'
    )
    status, out = check(STORY)
    found = json.loads(out)
    codes = {finding["code"] for entry in found["exchanges"] for finding in entry["findings"]}
    assert status == 1
    assert codes
    assert all(code.startswith("PL2") and code != "PL244" for code in codes)
    assert all("sessions" in entry["path"] for entry in found["exchanges"])
    assert check(STORY, "--fail-on", "never", "--format", "text", "--filter", "")[0] == 0
    assert check(STORY, "--format", "text")[1].startswith("03:0")
    assert "PL244" in check(STORY, "--isolated")[1]


def test_a_named_file_counts_instead(folder: Path) -> None:
    (folder / "ci.toml").write_text('fail-on = "never"')
    assert check(STORY, "--config", str(folder / "ci.toml"))[0] == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('slect = ["PL2"]', "passlens.toml: slect is no known key; did you mean select?"),
        ('filter = "~u ("', "passlens.toml: filter: '~u (' is no filter expression of mitmproxy"),
        ("select = ", "passlens.toml is no TOML"),
        ('baseline = "missing.json"', "missing.json cannot be read (No such file or directory)"),
    ],
)
def test_a_mistake_in_the_file_names_it(text: str, words: str) -> None:
    Path("passlens.toml").write_text(text)
    assert words in refused(STORY)


def test_a_configuration_cannot_be_named_and_ignored() -> None:
    assert "leave one of the two out" in refused(STORY, "--config", "x.toml", "--isolated")
    assert "cannot be read" in refused(STORY, "--config", "x.toml")
