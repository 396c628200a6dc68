"""checks/checklist.py and checks/sights.py against the facts, line by line: what it asks for, which codes decide it,
and how many sights."""

from typing import Any

import pytest

from passlens.checks.checklist import LINES, Line
from passlens.checks.sights import SIGHTS
from passlens.checks.table import BY_CODE
from support.facts import load, rows

FACTS = rows("checklist", "lines")
PROPOSED = {fact["id"]: fact["codes"] for facts in load("checks").values() for fact in facts}


def codes(named: list[str]) -> tuple[str, ...]:
    """The codes of a list, those of proposed checks in their place; a check that is not made has none."""
    found = [code for name in named for code in PROPOSED.get(name, [name])]
    return tuple(code for code in found if code in BY_CODE)


def test_all_lines_are_there_in_their_order() -> None:
    assert [line.id for line in LINES] == list(FACTS)
    assert len(LINES) == 35


@pytest.mark.parametrize("line", LINES, ids=[line.id for line in LINES])
def test_a_line_is_as_the_facts_say(line: Line) -> None:
    fact: dict[str, Any] = FACTS[line.id]
    assert (line.title, line.level, line.visible) == (fact["title"], fact["level"], fact["visible"])
    assert (line.app, line.do) == (fact["app"], fact["do"])
    assert line.not_met == codes(fact["not_met"])
    assert line.unclear == codes(fact["open"])
    assert (line.only_on, line.only_at) == (tuple(fact.get("only_on", ())), fact.get("only_at", ""))
    # What recorders leave out of headers has codes that came after the facts.
    known = tuple(code for code in line.unread if code not in ("PL907", "PL908"))
    assert known == tuple(code for code in fact["context"] if code.startswith("PL9"))


@pytest.mark.parametrize("line", LINES, ids=[line.id for line in LINES])
def test_what_has_to_be_in_a_recording_is_looked_for_case_by_case(line: Line) -> None:
    fact = FACTS[line.id]
    decided = line.visible != "no" and bool(line.not_met or line.unclear)
    sights = line.any_of or line.all_of
    assert set(sights) <= set(SIGHTS)
    assert bool(sights) is decided
    assert not (line.any_of and line.all_of)
    if decided and "cases" in fact:
        assert len(sights) == len(fact["cases"])
        assert bool(line.any_of) is (fact["needs"] == "any")


def test_every_sight_is_asked_for_by_a_line() -> None:
    assert set(SIGHTS) == {name for line in LINES for name in (*line.all_of, *line.any_of)}
