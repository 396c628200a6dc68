"""What a flow says of itself once it was judged: its comment, its marker, its metadata.
A comment or marker that a person set stays."""

import re
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.proxy import header_guard
from passlens.proxy.annotate import INJECTED_MARKERS, MARKERS, METADATA, annotate, one_line, worst_of
from passlens.reports.text import block


def entry(name: str) -> Entry:
    return analyze(cases.as_exchange(cases.case(name, forge.CLOCK), forge.CLOCK))


def mark(flow: http.HTTPFlow, made: Entry) -> None:
    annotate(flow, made, block(made))


def test_the_comment_is_the_block_and_the_metadata_is_the_entry() -> None:
    flow, made = tflow.tflow(resp=True), entry("P3")
    mark(flow, made)
    assert flow.comment.startswith("passlens: 03:04:05")
    assert "pfs_fallback" in flow.comment
    assert flow.metadata[METADATA] == made


def test_a_second_time_renews_the_first() -> None:
    flow = tflow.tflow(resp=True)
    flow.comment = "look at this"
    mark(flow, entry("P3"))
    mark(flow, entry("C1"))
    assert flow.comment.startswith("look at this\npasslens: ")
    assert flow.comment.count("passlens: ") == 1
    assert "pfs_fallback" not in flow.comment


def test_what_else_passlens_says_of_a_flow_stays() -> None:
    flow = tflow.tflow(resp=True)
    flow.request.http_version = "HTTP/2.0"
    flow.request.headers["x-a"] = "\r"
    header_guard.request_headers(flow, may_stream=False)
    undated: Entry = {**entry("P3"), "started": None}
    mark(flow, undated)
    mark(flow, entry("C1"))
    refused, first, *_ = flow.comment.split("\n")
    assert refused.startswith("passlens: refused a request")
    assert first.startswith("passlens: 03:04:05")
    assert flow.comment.count("passlens: ") == 2


@pytest.mark.parametrize(("name", "worst"), [("C1", None), ("C2", "note"), ("P3-no-status", "warning")])
def test_the_marker_is_the_worst_severity(name: str, worst: str | None) -> None:
    flow, made = tflow.tflow(resp=True), entry(name)
    mark(flow, made)
    assert worst_of(made) == worst
    assert flow.marked == (MARKERS[worst] if worst else "")


def test_an_injected_answer_has_markers_of_its_own() -> None:
    flow = tflow.tflow(resp=True)
    mark(flow, entry("C2") | {"injected": {"scenario": "a", "rule": "b", "how": "outcome"}})
    assert flow.marked == INJECTED_MARKERS["note"]


def test_a_marker_of_a_person_stays() -> None:
    flow = tflow.tflow(resp=True)
    flow.marked = ":grapes:"
    mark(flow, entry("R2"))
    assert flow.marked == ":grapes:"


def test_a_block_in_one_line_keeps_all_words_and_is_renewed_like_a_block() -> None:
    made = entry("P3")
    text = one_line(block(made))
    assert "\n" not in text
    assert " | answer P3 authenticate / interactive / pfs_fallback code HFL7S0D" in text
    assert [word.rstrip(":") for word in text.replace(" | ", " ").split()] == [
        word.rstrip(":") for word in block(made).split()
    ]
    flow = tflow.tflow(resp=True)
    flow.comment = "look at this"
    annotate(flow, made, text)
    annotate(flow, made, one_line(block(entry("C1"))))
    assert flow.comment.startswith("look at this\npasslens: ")
    assert "pfs_fallback" not in flow.comment


def test_the_message_of_a_finding_follows_its_place() -> None:
    text = one_line("x  200\n  why       late\n  note      PL906 status\n            There is no answer.")
    assert text == "x  200 | why late | note PL906 status: There is no answer."


def test_the_legend_names_every_marker() -> None:
    page = (Path(__file__).parents[2] / "docs" / "screens.md").read_text()
    rows = dict(re.findall(r"^\| \S+ `(:\w+:)` \| (.*) \|$", page, re.MULTILINE))
    assert [*rows] == [*MARKERS.values(), *INJECTED_MARKERS.values()]
    for severity, marker in MARKERS.items():
        assert rows[marker].endswith(f" {severity}")
        assert rows[INJECTED_MARKERS[severity]].endswith(f"injected, with a{'n' * (severity == 'error')} {severity}")
