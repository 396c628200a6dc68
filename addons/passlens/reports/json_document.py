"""The machine-readable document: ``--format json``. Members of an object have no order."""

import json
from collections.abc import Iterator, Mapping

from passlens.analysis.entry import SCHEMA, TOOL
from passlens.reports.jsonl import ENCODER
from passlens.reports.run import Run


def json_document(run: Run) -> Iterator[str]:
    """The document, piece by piece: an exchange or another member of a list stands in a line of its own."""
    summary = run.summary
    yield f'{{"schema": {SCHEMA}, "tool": {json.dumps(TOOL)},\n'
    yield f' "configuration": {json.dumps(summary.configuration)},\n "summary": {json.dumps(summary.to_member())},\n'
    yield from _list("exchanges", run.entries())
    yield from _list("journeys", run.journeys())
    yield from _list("expectations", run.expectations())
    yield from _list("unreadable", run.unreadable())
    if summary.checklist is not None:
        yield f' "checklist": {json.dumps(summary.checklist)},\n'
    yield f' "baseline": {json.dumps(summary.baseline)},\n "dry_run": {json.dumps(summary.dry_run)}}}\n'


def _list(name: str, members: Iterator[Mapping[str, object]]) -> Iterator[str]:
    yield f' "{name}": ['
    for number, member in enumerate(members):
        yield (",\n  " if number else "\n  ") + ENCODER.encode(member)
    yield "],\n"
