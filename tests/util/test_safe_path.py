"""The folders in which a process looks for modules: Python's own search path after ``protect``, and the variables of
what is started."""

import os
import sys
from pathlib import Path

import pytest

from passlens.util.safe_path import PACKAGES, environment, protect

LIBRARY = os.path.dirname(os.__file__)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["", "/x", LIBRARY, "/site"], ["/x", LIBRARY, "/site"]),
        ([".", LIBRARY], [LIBRARY]),
        (["HERE", "/x", LIBRARY, "HERE"], ["/x", LIBRARY, "HERE"]),
        (["/x", LIBRARY], ["/x", LIBRARY]),
        (["HERE/below", LIBRARY], ["HERE/below", LIBRARY]),
    ],
)
def test_the_current_folder_stands_before_nothing(
    given: list[str], kept: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {})
    here = str(tmp_path)
    monkeypatch.setattr(sys, "path", [part.replace("HERE", here) for part in given])
    protect()
    assert sys.path == [part.replace("HERE", here) for part in kept]
    assert os.environ == {"PYTHONSAFEPATH": "1"}


def test_the_folder_that_holds_passlens_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGES)
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(sys, "path", ["", LIBRARY, "/site"])
    protect()
    assert sys.path == [LIBRARY, "/site", PACKAGES]
    assert os.environ == {"PYTHONSAFEPATH": "1", "PYTHONPATH": PACKAGES}


@pytest.mark.parametrize(
    ("given", "made"), [("", ""), (":/x", "/x"), ("/x:", "/x"), ("/x::/y", "/x:/y"), (".:/x", "/x"), ("/x", "/x")]
)
def test_variables_name_no_current_folder(
    given: str, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert environment({"PYTHONPATH": given, "A": "b"}) == {"A": "b", "PYTHONSAFEPATH": "1", "PYTHONPATH": made}


def test_variables_come_from_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert environment() == dict(os.environ) | {"PYTHONSAFEPATH": "1"}
