"""Where the tests of ``passlens check`` start the command."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is started: a folder of its own below one with a configuration that does nothing."""
    (tmp_path / "passlens.toml").write_text("")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path
