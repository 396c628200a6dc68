"""The reports of a comparison: blocks for people, a document for machines."""

import json

from analysis.test_comparison import recording
from passlens.analysis.comparison import Pair, compare
from passlens.reports.changes import as_json, as_text, summary


def pairs() -> list[Pair]:
    return compare(recording("P3", "C1"), recording("P1", "C1", "R1"))


def test_what_differs_has_a_block_and_the_rest_is_counted() -> None:
    text = as_text(pairs())
    assert "partner-session  DEMOTV Apple  sha256:" in text
    assert "flow 0 -> 0" in text
    assert "  outcome     P3 -> P1\n" in text
    assert "  attributes  + body#/authenticationRequest/" in text
    assert "flow 2, only in the newer recording\n  answer      200 R1" in text
    assert text.endswith("1 exchange alike, 1 changed, 0 only in the older, 1 only in the newer recording")
    assert "\x1b" not in text
    assert "\x1b[31m-" in as_text(pairs(), colour=True)


def test_lines_keep_to_the_width_of_a_terminal() -> None:
    whole, narrow = as_text(pairs()), as_text(pairs(), width=60)
    assert max(map(len, whole.splitlines())) > 80
    assert max(map(len, narrow.splitlines())) <= 60
    assert "".join(narrow.split()) == "".join(whole.split())
    lines = as_text(pairs(), width=60, colour=True).splitlines()
    assert "    \x1b[33mflow 2, only in the newer recording\x1b[0m" in lines
    assert any(line.startswith(" " * 14 + "\x1b[31m-\x1b[0m ") for line in lines)
    assert lines[-1].startswith("  ")


def test_nothing_that_differs_is_one_line() -> None:
    same = compare(recording("P3"), recording("P3"))
    assert as_text(same).splitlines() == [
        "1 exchange alike, 0 changed, 0 only in the older, 0 only in the newer recording"
    ]


def test_the_document_has_the_same() -> None:
    document = json.loads(as_json(pairs(), "old.mitm", "new.mitm"))
    assert document["schema"] == 1
    assert document["summary"] == summary(pairs()) == {"alike": 1, "changed": 1, "only_old": 0, "only_new": 1}
    changed, added = document["pairs"]
    assert (changed["old"]["outcome"], changed["new"]["outcome"]) == ("P3", "P1")
    assert {"what": "outcome", "old": "P3", "new": "P1"} in changed["changes"]
    assert (added["old"], added["new"]["index"], added["changes"]) == (None, 2, [])


def test_an_exchange_that_is_gone_says_what_it_was() -> None:
    text = as_text(compare(recording("P3"), []))
    assert "flow 0, only in the older recording\n  answer      200 P3" in text
