"""The report of a run: every scenario with its verdict, texts escaped, nothing loaded; JUnit as CI reads it."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from passlens.testing.conformance.report import FORMATS, MAKERS, counted, html, junit, verdict
from passlens.testing.conformance.state_file import RunState
from passlens.testing.conformance.steps import ConformanceStep

HOSTILE = "</style><script>alert(1)</script>\u202e\x00&\"'"


def step(name: str) -> ConformanceStep:
    return ConformanceStep(name, "It happens.", "Do it.", ("Go on.",), ("goes on",), {})


def result(name: str, outcome: str, **more: Any) -> Any:
    expected = {"scenario": name, "rule": "r", "name": "goes on", "verdict": outcome, "why": "so", "say": "Go on.",
                "acted": 4, "at": 5, "file": None, "device": None}  # fmt: skip
    shown = {"number": 1, "index": 5, "started": "2026-01-02T03:04:05Z", "operation": "authorize", "status": 200,
             "outcome": "DA-1", "error": None, "injected": "a/b", "findings": ["PL690"]}  # fmt: skip
    made = {"name": name, "outcome": outcome, "why": "goes on: so", "began": "x", "expectations": [expected],
            "exchanges": [shown, {**shown, "index": 4, "status": None, "outcome": None, "injected": None}]}  # fmt: skip
    return made | more


def state(**outcomes: str) -> RunState:
    results = {name: result(name, outcome) for name, outcome in outcomes.items()}
    devices = ["AppleTV, tvOS"]
    began = "2026-01-02T03:04:05Z"
    return {"began": began, "app": "DemoTV 4.2", "versions": "passlens 1", "devices": devices, "results": results}


STEPS = [step("one"), step("two"), step("three")]


@pytest.mark.parametrize(
    ("outcomes", "look", "heading"),
    [
        ({"one": "met", "two": "met", "three": "met"}, "good", "The app reacts as expected"),
        ({"one": "met", "two": "not-met", "three": "met"}, "error", "Not as expected in 1 scenario"),
        ({"one": "not-met", "two": "not-met"}, "error", "Not as expected in 2 scenarios"),
        ({"one": "met", "two": "skipped", "three": "met"}, "warning", "Nothing against it, and not all was exercised"),
        ({"one": "met"}, "warning", "Nothing against it, and not all was exercised"),
        ({"one": "not-exercised"}, "warning", "Nothing was exercised"),
        ({}, "warning", "Nothing was exercised"),
    ],
)
def test_heading(outcomes: dict[str, str], look: str, heading: str) -> None:
    assert verdict(state(**outcomes), STEPS) == (look, heading)


def test_counts() -> None:
    assert counted(state(one="met", two="not-met"), STEPS) == "3 scenarios: 1 not met, 1 met, 1 to go"


def test_the_page_tells_app_device_versions_verdicts_and_evidence() -> None:
    page = html(state(one="met", two="not-met"), STEPS)
    for text in ("DemoTV 4.2", "AppleTV, tvOS", "passlens 1", "2026-01-02T03:04:05Z", "Not as expected in 1 scenario"):
        assert text in page
    assert page.count('<section id="') == 2
    assert page.count("shows it</span>") == 1
    assert page.count("acted on</span>") == 2
    assert "03:04:05" in page
    assert "no answer" in page
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"', page) == []
    assert "<script" not in page


def test_hostile_texts_are_escaped() -> None:
    run = state(one="not-met")
    run["app"] = HOSTILE
    run["devices"] = [HOSTILE]
    run["results"]["one"] = result("one", "not-met", why=HOSTILE)
    page = html(run, [step("one")])
    assert "<script" not in page
    assert "\u202e" not in page
    assert page.isascii()
    assert "<script" not in junit(run, [step("one")])


def test_junit_fails_what_is_not_met_and_skips_what_is_not_decided() -> None:
    tree = ElementTree.fromstring(junit(state(one="met", two="not-met"), STEPS))
    suite = tree[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (
        "DemoTV 4.2",
        "3",
        "1",
        "1",
    )
    kinds = {case.get("name"): [part.tag for part in case] for case in suite}
    assert kinds == {"one": ["system-out"], "two": ["failure", "system-out"], "three": ["skipped", "system-out"]}


def test_formats() -> None:
    assert set(MAKERS) == set(FORMATS) == {"html", "junit"}
