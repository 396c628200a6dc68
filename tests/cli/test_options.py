"""What counts: the options and the file that gives their defaults; the command line wins."""

import json
from pathlib import Path

import pytest

from support.checking import HAR, STORY, check, document, refused

pytestmark = pytest.mark.usefixtures("folder")


def test_a_filter_narrows_both_kinds_of_recording() -> None:
    for path in (STORY, HAR):
        found = document(path, "--filter", "~u sessions/sso")
        assert {entry["operation"] for entry in found["exchanges"]} == {"partner-session"}
        assert found["summary"]["other_flows"] == 12
    assert "is no filter expression of mitmproxy" in refused(STORY, "--filter", "~u (")


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


@pytest.mark.parametrize("more", [(), ("--fail-on", "never"), ("--write-baseline", "new.json"), ("--jobs", "2")])
def test_nothing_to_check_is_not_fine_unless_that_is_said(more: tuple[str, ...], folder: Path) -> None:
    assert check(STORY, HAR, "--filter", "~d nowhere", *more)[0] == 2
    assert check(STORY, HAR, "--filter", "~d nowhere", "--allow-empty", *more)[0] == 0
    Path("passlens.toml").write_text("allow-empty = true")
    assert check(STORY, HAR, "--filter", "~d nowhere", *more)[0] == 0
    assert not Path("new.json").exists()


def test_one_exchange_is_something_to_check() -> None:
    assert check(STORY, "--filter", "~u o/client/token", "--fail-on", "never")[0] == 0


def test_of_nothing_no_finding_is_gone() -> None:
    assert check(STORY, "--write-baseline", "known.json")[0] == 0
    status, out = check(STORY, "--baseline", "known.json", "--filter", "~d nowhere")
    assert status == 2
    assert "what is gone is not told, since there was nothing to check" in out
