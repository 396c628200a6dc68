"""The options of a check: which codes count, and that they can be handed to another process."""

import json
import os
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner

from passlens.cli.main import cli
from passlens.runner.settings import CheckSettings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("select", "ignore", "code", "wanted"),
    [
        ((), (), "PL204", True),
        (("PL2",), (), "PL204", True),
        (("PL2",), (), "PL301", False),
        ((), ("PL2",), "PL204", False),
        (("PL204",), ("PL2",), "PL204", True),
        (("PL2",), ("PL204",), "PL204", False),
        (("PL2",), ("PL2",), "PL204", False),
    ],
)
def test_the_longer_prefix_wins(select: tuple[str, ...], ignore: tuple[str, ...], code: str, wanted: bool) -> None:
    assert CheckSettings(select=select, ignore=ignore).wants(code) is wanted


def test_settings_travel_to_a_worker() -> None:
    settings = CheckSettings("json", ("PL2",), outputs=(("junit", "report.xml"),), jobs=3)
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("form", "outputs", "shown"), [("html", (), True), ("json", (), False), ("text", ("json", "html"), True)]
)
def test_headers_and_bodies_are_made_only_for_a_report_that_shows_them(
    form: str, outputs: tuple[str, ...], shown: bool
) -> None:
    assert CheckSettings(form, outputs=tuple((name, f"report.{name}") for name in outputs)).shows_messages is shown


def test_the_configuration_in_force_names_all_that_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CheckSettings().in_force() == {
        "file": None, "select": [], "ignore": [], "fail_on": "error", "filter": None, "baseline": None
    }  # fmt: skip
    assert CheckSettings().in_words() is None
    made = CheckSettings(
        ignore=("PL",), fail_on="never", flow_filter="~q", configuration=str(tmp_path / "passlens.toml"), baseline="b"
    )
    assert made.in_force() == {
        "file": "passlens.toml", "select": [], "ignore": ["PL"], "fail_on": "never", "filter": "~q", "baseline": "b"
    }  # fmt: skip
    assert made.in_words() == "configuration passlens.toml: without PL; filter ~q; fails on never"
    assert CheckSettings(configuration="passlens.toml").in_words() == "configuration passlens.toml: as usual"
    assert CheckSettings(select=("PL2",)).in_words() == "configuration of the command: only PL2"


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_file_that_ignores_everything_does_not_stay_unsaid(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "passlens.toml").write_text('ignore = ["PL1xx", "PL2xx", "PL3xx", "PL4xx", "PL5xx", "PL9xx"]\n')
    monkeypatch.chdir(tmp_path)
    recording = str(ROOT / "tests" / "recordings" / "errors.mitm")
    done = CliRunner().invoke(cli, ["check", recording, "--format", form])
    assert "passlens.toml" in done.output
    if form == "json":
        assert json.loads(done.output)["configuration"]["ignore"] == ["PL1", "PL2", "PL3", "PL4", "PL5", "PL9"]
    isolated = CliRunner().invoke(cli, ["check", recording, "--format", form, "--isolated"])
    assert "passlens.toml" not in isolated.output


def test_a_pipe_is_no_configuration_and_no_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "passlens.toml")
    recording = str(ROOT / "tests" / "recordings" / "errors.mitm")
    for more in ([], ["--isolated", "--baseline", "passlens.toml"], ["--config", "/dev/zero"]):
        done = CliRunner().invoke(cli, ["check", recording, *more])
        assert done.exit_code == 2
        assert "it is no ordinary file" in done.output
