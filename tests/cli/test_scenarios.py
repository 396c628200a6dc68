"""``passlens scenarios``: the list, one file, and the validation of files and folders, with statuses for CI."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.cli.scenarios import list_scenarios, scenarios, show_scenario, validate
from passlens.errors import RuleFileError
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


def test_a_folder_with_the_name_of_a_rule_file_cannot_be_shown(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").mkdir()
    with pytest.raises(RuleFileError, match=r"mine\.yaml.*it is no ordinary file"):
        show_scenario(Library([tmp_path]), "mine", io.StringIO())


@pytest.mark.parametrize(
    ("name", "hint"),
    [("nosuch", "passlens scenarios lists all with what they do."), ("pfs-falback", "did you mean pfs-fallback?")],
)
def test_an_unknown_name_gets_a_hint_and_the_names_below_it(
    name: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(scenarios, [name], standalone_mode=False)
    first, *rest = str(done.exception).splitlines()
    assert first == f"There is no scenario {name!r}; {hint}"
    assert max(map(len, rest)) <= 80
    assert " ".join(line.strip() for line in rest).split(", ") == Library().names()
    path = CliRunner().invoke(scenarios, ["./none.yaml"], standalone_mode=False)
    assert str(path.exception) == "There is no rule file ./none.yaml."


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
    out = io.StringIO()
    assert validate([str(tmp_path / "empty")], out) == 2
    assert "a folder without rule files; they end in .yaml or .yml." in out.getvalue()


SEVERAL = """rules:
  - name: one
    when: {operatio: partner-session}
    then: {outcom: P3}
  - name: two
    then: {respond: {status: 200, body: "{{ servise_provider }}", headers: {Content-Length: "3"}}}
  - name: three
    then: {respond: {status: 2000, template: false, body: "{{ mpvd }}"}}
"""


def test_each_mistake_of_a_file_has_a_line_of_its_own_whatever_else_is_wrong_with_its_rule(tmp_path: Path) -> None:
    path, out = tmp_path / "bad.yaml", io.StringIO()
    path.write_text(SEVERAL)
    assert validate([str(path)], out) == 2
    lines = out.getvalue().splitlines()
    assert [line.removeprefix(f"{path}:").split(" ")[1] for line in lines[:-1]] == [
        "rules[0].when.operatio:",
        "rules[0].then.outcom:",
        "rules[1].then.respond.body:",
        "rules[1].then.respond.headers.Content-Length:",
        "rules[2].then.respond.status:",
    ]
    assert "did you mean service_provider?" in lines[2]
    assert lines[-1] == "1 rule file, 1 refused"
