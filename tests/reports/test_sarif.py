"""SARIF 2.1.0: results with places and fingerprints, codes as rules with their help, what could not be read.
``sarif-pydantic`` reads every document, and knows every member but the two named below."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from sarif_pydantic import Sarif

import forge
from cases import as_exchange, case, cases
from passlens import __version__
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.checks.table import BY_CODE
from passlens.reports.run import RunReport
from passlens.reports.sarif import fingerprint, message, sarif

NOT_MODELLED = {"$.runs.columnKind", "$.runs.invocations.toolExecutionNotifications"}
"""Members of the schema that sarif-pydantic does not know."""


def entry(name: str, index: int = 0, file: str = "tv.mitm", clock: float = forge.CLOCK) -> dict[str, Any]:
    exchange = as_exchange(case(name, clock).named("x", method="PUT"), clock)
    exchange.index, exchange.file = index, file
    return analyze(exchange)


def report(*items: Any, partial: bool = False) -> dict[str, Any]:
    out, summary = io.StringIO(), RunSummary()
    made = RunReport(out, sarif)
    for item in items:
        if isinstance(item, dict):
            summary.add(item)
            made.entry(item)
        else:
            summary.unreadable += 1
            made.read_error(*item)
    summary.partial = partial
    made.close(summary)
    document: dict[str, Any] = json.loads(out.getvalue())
    assert set(unknown(Sarif.model_validate(document))) <= NOT_MODELLED
    return document


def unknown(model: Any, path: str = "$") -> Iterator[str]:
    """Members that the models do not know."""
    if isinstance(model, BaseModel):
        yield from (f"{path}.{name}" for name in model.model_extra or {})
        for name in type(model).model_fields:
            yield from unknown(getattr(model, name), f"{path}.{name}")
    elif isinstance(model, list):
        for item in model:
            yield from unknown(item, path)


def run(*items: Any, partial: bool = False) -> dict[str, Any]:
    document = report(*items, partial=partial)
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    (only,) = document["runs"]
    return dict(only)


def test_a_finding_is_a_result_with_its_place_in_the_recording() -> None:
    result = run(entry("P3", 3))["results"][0]
    assert result == {
        "ruleId": "PL102",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "The method is PUT, this path takes POST."},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": "tv.mitm"}, "region": {"startLine": 1}},
                "logicalLocations": [
                    {
                        "name": "method",
                        "fullyQualifiedName": "exchange 3/partner-session/method",
                        "kind": "member",
                    }
                ],
            }
        ],
        "partialFingerprints": {"passlensFinding/v1": result["partialFingerprints"]["passlensFinding/v1"]},
        "properties": {
            "exchange": 3,
            "operation": "partner-session",
            "outcome": "P3",
            "started": "2026-01-02T03:04:05.000Z",
            "side": "request",
            "basis": "prose",
            "source": "Retrieve partner authentication request, doc-2025-10-30",
            "expected": "POST",
            "actual": "PUT",
        },
    }


def test_codes_are_rules_with_their_help() -> None:
    made = run(*(analyze(as_exchange(one)) for one in cases()))
    driver = made["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("passlens", __version__)
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        assert rule["name"] == BY_CODE[rule["id"]].name
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert rule["help"]["text"].startswith(rule["id"])
        assert "**" in rule["help"]["markdown"]
        assert rule["fullDescription"]["text"].endswith(".")
    for result in made["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]


def test_fingerprints_outlive_codes_ids_times_and_order() -> None:
    def prints(made: dict[str, Any]) -> list[str]:
        return sorted(result["partialFingerprints"]["passlensFinding/v1"] for result in made["results"])

    now = run(entry("P3", 0), entry("C1", 1))
    later = run(entry("C1", 5, "other.mitm", forge.CLOCK + 86400), entry("P3", 7, "other.mitm", forge.CLOCK + 86400))
    assert prints(now) == prints(later)
    assert len(set(prints(now))) > 1


def test_other_findings_have_other_fingerprints() -> None:
    made = entry("P3")
    finding = made["findings"][0]
    assert fingerprint(made, finding) == fingerprint(made, dict(finding))
    for name in ("code", "at", "expected"):
        assert fingerprint(made, {**finding, name: "another"}) != fingerprint(made, finding)


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a/tv.mitm", "a/tv.mitm"),
        ("b/tv.mitm", "b/tv.mitm"),
        ("a b#?%/tv.mitm", "a%20b%23%3F%25/tv.mitm"),
        ("/a/tv.mitm", "file:///a/tv.mitm"),
        ("\udcff☃.mitm", "%FF%E2%98%83.mitm"),
    ],
)
def test_a_recording_is_an_artifact_by_its_whole_path(file: str, uri: str) -> None:
    location = run(entry("P3", 0, file))["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("file", ["-", "tv.mitm", "", "input"])
def test_every_result_has_an_artifact_and_a_line_for_code_scanning_demands_them(file: str) -> None:
    for result in run(entry("P3", 0, file))["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == (file if file == "tv.mitm" else "standard-input")
        assert place["region"] == {"startLine": 1}


def test_what_cannot_be_read_is_a_notification() -> None:
    (invocation,) = run(("tv.mitm", 3, "flow 3 is cut off"), ("input", None, "stopped"), partial=True)["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert first["level"] == "error"
    assert first["message"]["text"] == "tv.mitm: flow 3 is cut off."
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "tv.mitm"
    assert first["locations"][0]["logicalLocations"] == [{"name": "flow 3", "kind": "member"}]
    assert "locations" not in second


def test_many_unreadable_parts_are_counted() -> None:
    (invocation,) = run(*(("tv.mitm", index, "is damaged") for index in range(1010)))["invocations"]
    assert len(invocation["toolExecutionNotifications"]) == 1001
    assert invocation["toolExecutionNotifications"][-1]["message"]["text"].startswith("10 more parts")


def test_an_empty_report_is_whole_and_says_that_it_went_well() -> None:
    made = run()
    assert made["results"] == []
    assert made["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_messages_hold_no_links_places_or_controls() -> None:
    assert message("[a](http://x) {0} {name} \x1b") == r"\[a\](http://x) {{0}} {name} \x1b"
    made = entry("P3")
    made["findings"][0] |= {"message": "\ud800[x](1)", "at": "\x00\udcff"}
    result = run(made)["results"][0]
    assert result["message"]["text"] == r"\ud800\[x\](1)"
    assert result["locations"][0]["logicalLocations"][0]["name"] == r"\x00\udcff"
