"""What goes along with ``passlens check``: a baseline, a dry run."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.cli.main import cli
from support.checking import HAR, RECORDINGS, STORY, check, document, refused

pytestmark = pytest.mark.usefixtures("folder")


# ---- baseline


def test_known_findings_do_not_fail_and_new_ones_do(folder: Path) -> None:
    path = str(folder / "b.json")
    status, out = check(STORY, "--write-baseline", path)
    assert status == 0
    assert out.endswith(f"baseline {path} written: 11 findings of 11 kinds\n")
    status, out = check(HAR, "--baseline", path, "--fail-on", "note")
    assert status == 0
    assert out.endswith(f"baseline {path}: 11 known, 0 new, 0 gone\n")
    found = document(STORY, str(RECORDINGS / "revisions.mitm"), "--baseline", path)
    assert check(STORY, str(RECORDINGS / "errors.mitm"), "--baseline", path)[0] == 1
    assert found["baseline"]["known"] == 11
    assert found["baseline"]["new"] > 0
    found = document(str(RECORDINGS / "current.mitm"), "--baseline", path)
    assert {item["code"] for item in found["baseline"]["gone"]} >= {"PL244", "PL220"}


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


# ---- dry run


def test_a_dry_run_is_a_row_and_a_member() -> None:
    _, out = check(STORY, "--scenario", "code-expired")
    assert "  scenario  outcome invalid_authentication_session: rule 'over' matched.\n" in out
    assert "  scenario  nothing: no rule matched; 'over' came closest and failed on occurrence" in out
    assert out.endswith("scenario code-expired (dry run): over 1\n")
    plain, found = document(STORY), document(STORY, "--scenario", "code-expired", "--jobs", "4")
    told = [entry.pop("dry_run") for entry in found["exchanges"]]
    assert found["exchanges"] == plain["exchanges"]
    assert [item["rule"] for item in told] == [None] * 9 + ["over"] + [None] * 3
    assert found["dry_run"] == {"scenario": "code-expired", "matched": {"over": 1}, "never_matched": []}


def test_rules_that_never_matched_are_named(folder: Path) -> None:
    (folder / "mine.yaml").write_text("rules:\n  - {name: one, when: {code: X}, then: {outcome: throttled}}\n")
    _, out = check(STORY, "--scenario", "mine", "--rules", str(folder))
    assert out.endswith("scenario mine (dry run): one 0\n  never matched: one\n")
    assert "There is no scenario 'mime'" in refused(STORY, "--scenario", "mime")
