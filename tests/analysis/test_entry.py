"""The machine-readable form: outputs of the shipped recordings are as the JSON Schema says.
None has a member more."""

import copy
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from passlens.analysis import entry
from passlens.reports import jsonl
from passlens.runner.check import check_recordings
from passlens.runner.settings import CheckSettings
from support.schemas import closed

RECORDINGS = sorted(Path("tests/recordings").glob("*.*"))
SHIPPED = [str(path) for path in RECORDINGS if path.suffix in (".mitm", ".har")]


def output(path: str, form: str, **more: Any) -> str:
    out = io.StringIO()
    check_recordings([path], CheckSettings(form=form, fail_on="never", **more), out, io.StringIO())
    return out.getvalue()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: Path(path).name)
def test_the_document_is_as_its_schema_says(path: str) -> None:
    document = json.loads(output(path, "json"))
    jsonschema.Draft202012Validator(closed(entry.json_schema("document"))).validate(document)
    assert document["schema"] == 2
    assert len(document["exchanges"]) == document["summary"]["exchanges"] > 0


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: Path(path).name)
def test_a_line_is_an_entry_with_its_kind_in_front(path: str) -> None:
    strict = jsonschema.Draft202012Validator(closed(entry.json_schema("entry")))
    open_one = jsonschema.Draft202012Validator(entry.json_schema("entry"))
    lines = output(path, "jsonl").splitlines()
    exchanges = [text for text in lines if '"kind":"journey"' not in text]
    assert exchanges
    for text in exchanges:
        assert text.startswith('{"schema":2,"kind":"exchange","index":')
        line = json.loads(text)
        open_one.validate(line)
        del line["schema"], line["kind"]
        strict.validate(line)


def test_a_schema_refuses_what_is_no_entry() -> None:
    line = json.loads(output(SHIPPED[0], "jsonl").splitlines()[0])
    validator = jsonschema.Draft202012Validator(entry.json_schema("entry"))
    for name, value in (
        ("findings", None),
        ("status", "200"),
        ("results", [{"kind": "unknown"}]),
        ("next", "authorize"),
    ):
        assert not validator.is_valid({**line, name: value}), name
    for name in ("results", "findings", "outcome", "device"):
        assert not validator.is_valid({key: value for key, value in line.items() if key != name}), name


def test_messages_are_apart_from_what_is_written() -> None:
    bare = json.loads(output(SHIPPED[0], "json"))["exchanges"][0]
    full = entry.with_messages(copy.deepcopy(bare), {"request": {}})
    assert entry.without_messages(full) == (bare, {"request": {}})
    assert entry.without_messages(bare) == (bare, None)
    assert "messages" not in jsonl.line(full)
    assert jsonl.plain(full) == jsonl.plain(bare)
