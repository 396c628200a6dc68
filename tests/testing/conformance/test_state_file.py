"""The file of a run: written and read, and one sentence for what is no such file."""

import json
from pathlib import Path
from typing import Any

import pytest

from passlens.errors import InputError, WriteError
from passlens.testing.conformance.state_file import RunState, read_state, write_state

RESULT: Any = {"name": "denied", "outcome": "met", "why": "x", "began": "y", "expectations": [], "exchanges": []}
STATE: RunState = {"began": "x", "app": "App 1", "versions": "v", "devices": ["tv"], "results": {"denied": RESULT}}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    assert read_state(path) is None
    write_state(path, STATE)
    assert read_state(path) == STATE


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "passlens baseline"},
        {"schema": 2},
        {"run": None},
        {"run": {**STATE, "results": []}},
        {"run": {**STATE, "devices": None}},
        {"run": {**STATE, "app": 3}},
        {"run": {**STATE, "results": {"denied": None}}},
        {"run": {**STATE, "results": {"denied": {**RESULT, "outcome": "fine"}}}},
        {"run": {**STATE, "results": {"denied": {**RESULT, "exchanges": [3]}}}},
        {"run": {**STATE, "results": {"denied": {**RESULT, "why": None}}}},
    ],
)
def test_another_file_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "run.json"
    write_state(path, STATE)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(InputError, match=r"is no conformance run of this version: name another with --state"):
        read_state(path)


@pytest.mark.parametrize("text", ["", "[", "[]", "[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(InputError, match="is no conformance run"):
        read_state(path)


def test_places_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read .*: name another with --state\."):
        read_state(tmp_path)
    with pytest.raises(WriteError, match="cannot be written"):
        write_state(tmp_path / "none" / "run.json", STATE)
