"""What a flow says of itself once it was judged: its comment, its marker, its metadata.
A comment or marker that a person set stays."""

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

import cases
import forge
from passlens.live.annotate import INJECTED_MARKERS, MARKERS, METADATA, annotate, worst_of
from passlens.reports.text import block
from passlens.verdict import Entry, judge


def entry(name: str) -> Entry:
    return judge(cases.as_exchange(cases.case(name, forge.CLOCK), forge.CLOCK))


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


@pytest.mark.parametrize(("name", "worst"), [("C1", None), ("C2", "note"), ("R2", "warning")])
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
