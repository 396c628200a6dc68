"""SARIF 2.1.0, as code scanning reads it: findings are results, their codes rules with their help.
Results are written as they come; rules and what could not be read stand behind them."""

import hashlib
import json
import re
from pathlib import PurePath
from typing import Any, Final, TextIO
from urllib.parse import quote

from passlens import __version__
from passlens.baseline import key_of
from passlens.checks.table import BY_CODE
from passlens.explain import as_text, page, parts
from passlens.reports.tally import Tally
from passlens.reports.words import safe
from passlens.verdict import Entry

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_TROUBLES: Final = 1000
"""Unreadable parts that are named; the rest is counted in one notification."""

# In messages of SARIF "[a](b)" is a link and "{0}" a place for an argument; neither is meant here.
_MARKUP: Final = re.compile(r"\[|\]|\{(\d+)\}")


class SarifReport:
    """One run. The place of a result is the recording, and inside it the exchange and the place of the finding."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rules: dict[str, int] = {}
        self._troubles: list[dict[str, Any]] = []
        self._more_troubles = 0
        self._first = True
        head = f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
        out.write(head + ' "columnKind": "unicodeCodePoints",\n "results": [')

    def entry(self, entry: Entry) -> None:
        """One judged exchange: a result for each of its findings."""
        for finding in entry["findings"]:
            rule = self._rules.setdefault(finding["code"], len(self._rules))
            result = {
                "ruleId": finding["code"],
                "ruleIndex": rule,
                "level": finding["severity"],
                "message": {"text": message(finding["message"])},
                "locations": [_location(entry, finding)],
                "partialFingerprints": {"passlensFinding/v1": fingerprint(entry, finding)},
                "properties": _properties(entry, finding),
            }
            self._out.write(("\n  " if self._first else ",\n  ") + json.dumps(result))
            self._first = False

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        if len(self._troubles) == _TROUBLES:
            self._more_troubles += 1
            return
        self._troubles.append(_notification(f"{file}: {message}.", file, index))

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        if self._more_troubles:
            words = f"{self._more_troubles} more parts could not be read; only the first {_TROUBLES} are named."
            self._troubles.append(_notification(words, "input", None))
        driver = {
            "name": "passlens",
            "version": __version__,
            "semanticVersion": __version__,
            "rules": [_rule(code) for code in self._rules],
        }
        invocation = {
            "executionSuccessful": not tally.unreadable and not tally.partial,
            "toolExecutionNotifications": self._troubles,
        }
        self._out.write(
            f'],\n "tool": {{"driver": {json.dumps(driver)}}},\n "invocations": [{json.dumps(invocation)}],\n'
            f' "properties": {json.dumps({"summary": tally.summary()})}\n}}]}}\n'
        )


def fingerprint(entry: Entry, finding: dict[str, Any]) -> str:
    """What is the same about a finding in every run: no codes, ids, times and positions are in it."""
    return hashlib.sha256(json.dumps(key_of(entry, finding)).encode("ascii")).hexdigest()[:32]


def message(text: str) -> str:
    r"""Text from traffic as the plain text of a SARIF message.

    >>> message("got [a](b) and {0}")
    'got \\[a\\](b) and {{0}}'
    """
    return _MARKUP.sub(lambda match: f"{{{{{match[1]}}}}}" if match[1] else "\\" + match[0], safe(text))


def _location(entry: Entry, finding: dict[str, Any]) -> dict[str, Any]:
    logical = {
        "name": safe(finding["at"]),
        "fullyQualifiedName": f"exchange {entry['index']}/{entry['operation']}/{safe(finding['at'])}",
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


def _properties(entry: Entry, finding: dict[str, Any]) -> dict[str, Any]:
    """What a viewer of SARIF can show beside the message."""
    found = {
        "exchange": entry["index"],
        "operation": entry["operation"],
        "outcome": entry["outcome"],
        "started": entry["started"],
        "side": finding["side"],
        "basis": finding["basis"],
        "source": finding["source"],
        "expected": safe(finding["expected"]),
        "actual": safe(finding["actual"]),
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
