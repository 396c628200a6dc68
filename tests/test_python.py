"""passlens as Python imports it: its names, what they are, and that importing it costs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import passlens
from support import python_user
from support.proxy import ROOT

RECORDING = ROOT / "tests" / "recordings" / "apple-tv.mitm"

HEAVY = ("mitmproxy", "pydantic", "click", "tornado", "jinja2", "ruamel", "cryptography", "asyncio")
"""Modules that take their time, at their roots."""


def loaded(code: str) -> set[str]:
    """The heavy modules that a fresh Python has loaded after this code."""
    print_them = "import sys, json; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    words = [sys.executable, "-c", f"{code}\n{print_them}"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT / "addons")
    return set(json.loads(done.stdout)) & set(HEAVY)


def test_importing_it_loads_nothing_that_takes_time() -> None:
    assert loaded("import passlens; assert 'passlens.runner' not in __import__('sys').modules") == set()


def test_the_client_needs_the_standard_library_alone() -> None:
    assert loaded("from passlens import Client; Client('127.0.0.1', 1, 'token')") == set()


def test_the_names_it_exports() -> None:
    assert passlens.__all__ == ["Client", "Entry", "Finding", "Journey", "Result", "__version__", "check"]
    assert set(passlens.__all__) <= set(dir(passlens))
    for name in passlens.__all__:
        assert getattr(passlens, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'chekc'"):
        passlens.chekc  # noqa: B018


def test_a_users_code_runs() -> None:
    result = python_user.judged(RECORDING)
    assert result.status == 1
    assert "partner-session P3" in python_user.answers(result)
    assert len(python_user.answers(result)) == result.summary["exchanges"]
    assert len(python_user.worst(result)) == result.summary["errors"]
    assert python_user.verdicts(result)
    assert "PL230" not in {finding["code"] for finding in result.findings}


def test_types_are_part_of_the_package() -> None:
    assert (Path(passlens.__file__).parent / "py.typed").is_file()
