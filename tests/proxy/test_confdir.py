"""mitmproxy's folder: what can be used, and the sentence about what cannot."""

from pathlib import Path

import pytest

from passlens.proxy.confdir import confdir_fault


def test_a_folder_that_can_be_made_or_written_will_do(tmp_path: Path) -> None:
    made = tmp_path / "new" / "confdir"
    assert confdir_fault(str(made)) is None
    assert list(made.iterdir()) == []
    assert confdir_fault(str(made)) is None


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = confdir_fault(str(tmp_path / "file" / "confdir"))
    assert said == (
        f"mitmproxy's certificate authority cannot be kept in {tmp_path / 'file' / 'confdir'} (Not a directory); "
        "name a folder that can be written: passlens proxy -- --set confdir=FOLDER."
    )


def test_an_authority_that_is_there_needs_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mitmproxy-ca.pem").touch()

    def refuse(**options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert confdir_fault(str(tmp_path)) is None
    (tmp_path / "mitmproxy-ca.pem").unlink()
    assert "Permission denied" in (confdir_fault(str(tmp_path)) or "")
