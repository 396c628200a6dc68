"""``passlens scenarios``: the list, one file, and the validation of files and folders, with statuses for CI."""

import io
from pathlib import Path

import pytest

from passlens.commands.scenarios import list_scenarios, show_scenario, validate
from passlens.scenarios.library import Library, shipped

GOOD = "description: A test.\nrules:\n  - name: x\n    then: {delay: 1}\n"
BROKEN = "rules:\n  - name: x\n    then: {outcom: P3}\n"
NEVER = """rules:
  - name: x
    when: {operation: create-session}
    then: {delay: 1}
  - name: shadowed
    when: {operation: create-session}
    then: {delay: 2}
"""


def test_the_list_has_every_shipped_scenario_with_its_description() -> None:
    out = io.StringIO()
    assert list_scenarios(Library(), out) == 0
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == sorted(path.stem for path in shipped().glob("*.yaml"))
    assert all(line.endswith(".") for line in lines)
    assert len({line.index(line.split()[1], len(line.split()[0])) for line in lines}) == 1


def test_a_folder_of_the_users_goes_first_and_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "degraded.yaml").write_text(GOOD)
    (tmp_path / "mine.yaml").write_text(BROKEN)
    out = io.StringIO()
    assert list_scenarios(Library([tmp_path]), out) == 2
    found = {line.split()[0]: line for line in out.getvalue().splitlines()}
    assert found["degraded"].endswith("  A test.")
    assert "cannot be read: " in found["mine"]
    assert "did you mean outcome?" in found["mine"]


def test_one_is_shown_with_its_path() -> None:
    out = io.StringIO()
    assert show_scenario(Library(), "pfs-fallback", out) == 0
    path = shipped() / "pfs-fallback.yaml"
    assert out.getvalue() == f"# {path}\n{path.read_text()}"
    with pytest.raises(ValueError, match="did you mean pfs-fallback"):
        show_scenario(Library(), "pfs-falback", out)


def test_files_and_folders_are_validated(tmp_path: Path) -> None:
    good, broken = tmp_path / "good.yaml", tmp_path / "broken.yaml"
    good.write_text(GOOD)
    broken.write_text(BROKEN)
    (tmp_path / "note.txt").write_text("no rule file")
    out = io.StringIO()
    assert validate([str(good)], out) == 0
    assert out.getvalue() == "1 rule file, 0 refused\n"
    out = io.StringIO()
    assert validate([str(tmp_path)], out) == 2
    assert f"{broken}:3:12: rules[0].then.outcom" in out.getvalue()
    assert out.getvalue().endswith("2 rule files, 1 refused\n")
    assert validate([str(shipped())], io.StringIO()) == 0


def test_what_can_never_match_is_a_warning_and_what_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "never.yaml").write_text(NEVER)
    out = io.StringIO()
    assert validate([str(tmp_path / "never.yaml")], out) == 0
    assert "never.yaml: warning: " in out.getvalue()
    assert "shadowed" in out.getvalue()
    assert validate([str(tmp_path / "gone.yaml")], io.StringIO()) == 2
    (tmp_path / "empty").mkdir()
    assert validate([str(tmp_path / "empty")], io.StringIO()) == 2
