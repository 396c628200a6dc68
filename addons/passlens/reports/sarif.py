"""SARIF 2.1.0, as code scanning reads it: findings are results, their codes rules with their help.
The place of a result is the recording, and inside it the exchange and the place of the finding."""

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from passlens import __version__
from passlens.analysis.baseline import FindingKey, key_in_journey, key_of
from passlens.analysis.entry import Entry, FindingEntry, Journey
from passlens.checks.docs import as_text, page, parts
from passlens.checks.table import BY_CODE
from passlens.reports.entry_text import is_denied, result_lines
from passlens.reports.run import Run
from passlens.util.text import escape_controls

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MAX_NAMED: Final = 1000
"""Unreadable parts that are named, the rest is counted in one notification; and exchanges with a denial."""

# In messages of SARIF "[a](b)" is a link and "{0}" a place for an argument; neither is meant here.
_MARKUP: Final = re.compile(r"\[|\]|\{(\d+)\}")


def sarif(run: Run) -> Iterator[str]:
    """One run, piece by piece; the rules are those of the results, and stand behind them."""
    yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
    yield ' "columnKind": "unicodeCodePoints",\n "results": ['
    rules: dict[str, int] = {}
    for number, (finding, about) in enumerate(_results(run)):
        rule = rules.setdefault(finding["code"], len(rules))
        result = {
            "ruleId": finding["code"],
            "ruleIndex": rule,
            "level": finding["severity"],
            "message": {"text": message(finding["message"])},
            **about,
        }
        yield (",\n  " if number else "\n  ") + json.dumps(result)
    driver = {
        "name": "passlens",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in rules],
    }
    invocation = {
        "executionSuccessful": not run.summary.unreadable and not run.summary.partial,
        "toolExecutionNotifications": _notifications(run),
    }
    properties = {"summary": run.summary.to_member(), "denials": _denials(run)}
    yield (
        f'],\n "tool": {{"driver": {json.dumps(driver)}}},\n "invocations": [{json.dumps(invocation)}],\n'
        f' "properties": {json.dumps(properties)}\n}}]}}\n'
    )


def _results(run: Run) -> Iterator[tuple[FindingEntry, dict[str, Any]]]:
    """Each finding, with what a result says of its place. An expectation that is not met stands with its exchange or
    journey."""
    for kind, value in run.items("exchange", "journey"):
        for finding in value["findings"]:
            yield finding, (_in_exchange(value, finding) if kind == "exchange" else _in_journey(value, finding))


def _in_exchange(entry: Entry, finding: FindingEntry) -> dict[str, Any]:
    return {
        "locations": [_location(entry, finding)],
        "partialFingerprints": {"passlensFinding/v1": fingerprint(entry, finding)},
        "properties": _properties(entry, finding),
    }


def _in_journey(journey: Journey, finding: FindingEntry) -> dict[str, Any]:
    """A finding that belongs to the journey as a whole."""
    name = f"journey {journey['id']}"
    logical = {"name": name, "fullyQualifiedName": name, "kind": "member"}
    return {
        "locations": [{**_artifact(journey["file"] or "input"), "logicalLocations": [logical]}],
        "partialFingerprints": {"passlensFinding/v1": _digest(key_in_journey(finding))},
        "properties": {"verdict": journey["verdict"], "side": finding["side"], "basis": finding["basis"]},
    }


def _denials(run: Run) -> list[str]:
    """What was denied, which is no finding: the first exchanges."""
    found = []
    for entry in islice(filter(is_denied, run.entries()), MAX_NAMED):
        where = f"{entry['file'] or 'input'}, exchange {entry['index']}"
        denied = (line for line in result_lines(entry) if line.startswith("deny "))
        found += [escape_controls(f"{where}: {line}") for line in denied]
    return found


def _notifications(run: Run) -> list[dict[str, Any]]:
    """What could not be read: the first parts, and how many more there are."""
    parts = list(islice(run.unreadable(), MAX_NAMED))
    found = [_notification(f"{part['file']}: {part['message']}.", part["file"], part["index"]) for part in parts]
    more = sum(1 for _ in run.unreadable()) - len(parts)
    if more:
        words = f"{more} more parts could not be read; only the first {MAX_NAMED} are named."
        found.append(_notification(words, "input", None))
    return found


def fingerprint(entry: Entry, finding: FindingEntry) -> str:
    """What is the same about a finding in every run: no codes, ids, times and positions are in it."""
    return _digest(key_of(entry, finding))


def _digest(key: FindingKey) -> str:
    return hashlib.sha256(json.dumps(key).encode("ascii")).hexdigest()[:32]


def message(text: str) -> str:
    r"""Text from traffic as the plain text of a SARIF message.

    >>> message("got [a](b) and {0}")
    'got \\[a\\](b) and {{0}}'
    """
    return _MARKUP.sub(lambda match: f"{{{{{match[1]}}}}}" if match[1] else "\\" + match[0], escape_controls(text))


def _location(entry: Entry, finding: FindingEntry) -> dict[str, Any]:
    logical = {
        "name": escape_controls(finding["at"]),
        "fullyQualifiedName": f"exchange {entry['index']}/{entry['operation']}/{escape_controls(finding['at'])}",
        "kind": "member",
    }
    return {**_artifact(entry["file"] or "input"), "logicalLocations": [logical]}


def _artifact(file: str) -> dict[str, Any]:
    """The physical location of a recording. It always has a line, though a recording has none that says anything, and
    standard input has a name: code scanning refuses the whole report for one result without."""
    if file in ("-", "input"):
        uri = "standard-input"
    else:
        path = PurePath(file)
        name = path.as_posix().encode("utf-8", "surrogateescape")
        uri = f"file://{'' if name.startswith(b'/') else '/'}{quote(name)}" if path.is_absolute() else quote(name)
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}}


def _properties(entry: Entry, finding: FindingEntry) -> dict[str, Any]:
    """What a viewer of SARIF can show beside the message."""
    found = {
        "exchange": entry["index"],
        "operation": entry["operation"],
        "outcome": entry["outcome"],
        "started": entry["started"],
        "side": finding["side"],
        "basis": finding["basis"],
        "source": finding["source"],
        "expected": escape_controls(finding["expected"]),
        "actual": escape_controls(finding["actual"]),
        "results": [escape_controls(line) for line in result_lines(entry)] or None,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _notification(text: str, file: str, index: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {"level": "error", "message": {"text": message(text)}}
    if file == "input":  # all of it, no recording
        return found
    place = _artifact(file)
    if index is not None:
        place["logicalLocations"] = [{"name": f"flow {index}", "kind": "member"}]
    return found | {"locations": [place]}


def _rule(code: str) -> dict[str, Any]:
    """A code of the table with its help."""
    check = BY_CODE[code]
    words = parts(check)
    headings = {"Why": "Why it matters", "Example": "Example", "Do": "What to do"}
    markdown = [words["What"], *(f"**{title}:** {words[name]}" for name, title in headings.items() if name in words)]
    return {
        "id": code,
        "name": check.name,
        "shortDescription": {"text": check.name.replace("-", " ").capitalize()},
        "fullDescription": {"text": words["What"]},
        "help": {"text": as_text(check), "markdown": "\n\n".join([*markdown, f"*{page(check)}*"])},
        "defaultConfiguration": {"level": check.severity},
        "properties": {"tags": [check.side, check.basis], "precision": "high" if check.basis == "prose" else "medium"},
    }
