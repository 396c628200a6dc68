"""Versions, and a mitmdump that is none of passlens'."""

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from passlens.device.doctor.diagnosis import Examined
from passlens.device.doctor.installation import FLOORS, numbers, standalone, versions
from support.proxy import ROOT, Proxy
from support.running import Running


def given(port: int = 1, running: Running | None = None) -> Examined:
    return Examined("127.0.0.1", port, Path(), "sp.auth.adobe.com", running)


def test_this_installation_fits() -> None:
    assert versions(given()).state == "ok"


def test_an_old_mitmproxy_beside_passlens_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "mitmproxy-10.4.2.dist-info"
    old.mkdir()
    (old / "METADATA").write_text("Metadata-Version: 2.1\nName: mitmproxy\nVersion: 10.4.2\n")
    monkeypatch.syspath_prepend(tmp_path)
    diagnosis = versions(given())
    assert diagnosis.state == "wrong"
    assert "mitmproxy 10.4.2 is too old" in diagnosis.what
    assert "or later" in diagnosis.todo


def test_a_missing_mitmproxy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    diagnosis = versions(given())
    assert (diagnosis.state, diagnosis.what) == ("wrong", "mitmproxy is not installed beside passlens")


def test_the_floors_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = [text for text in project["dependencies"] if text.startswith("mitmproxy>=")]
    assert declared == [
        f"mitmproxy>={dict(FLOORS)[(3, 11)]}; python_version < '3.12'",
        f"mitmproxy>={dict(FLOORS)[(3, 12)]}; python_version >= '3.12'",
    ]
    assert project["requires-python"] == ">=3.11"


@pytest.mark.parametrize(("older", "newer"), [("11.0.2", "12.2"), ("9.0", "11.0.2"), ("12.2.0rc1", "12.10")])
def test_versions_are_compared_by_their_numbers(older: str, newer: str) -> None:
    assert numbers(older) < numbers(newer)


def program(folder: Path, first: bytes) -> None:
    folder.mkdir()
    (folder / "mitmdump").write_bytes(first)
    (folder / "mitmdump").chmod(0o755)


@pytest.mark.parametrize(
    ("first", "is_"),
    [
        (b"\x7fELF\x02\x01\x01\0", "a standalone binary with a Python of its own"),
        (b"#!/opt/other/bin/python3\n", "of another Python"),
    ],
)
def test_another_mitmdump_that_runs_without_passlens_is_a_cause(
    first: bytes, is_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: Callable[..., Proxy]
) -> None:
    program(tmp_path / "bin", first)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    running = proxy(scripts=[])
    diagnosis = standalone(given(running.port))
    assert diagnosis.state == "wrong"
    assert is_ in diagnosis.what
    assert "passlens proxy" in diagnosis.todo
    assert standalone(given(running.port, Running())).state == "ok"


def test_this_installations_own_mitmdump_is_no_cause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert "of this installation" in standalone(given()).what
    monkeypatch.setenv("PATH", str(tmp_path))
    assert standalone(given()).what == "no other mitmdump is in the way"
