"""What a tester is told: for every shipped scenario a sentence, for one of the user's own what its rules say."""

from pathlib import Path

import pytest

from passlens.scenarios.library import Library, shipped
from passlens.scenarios.reader import read_text
from passlens.testing.conformance.steps import STEPS, step

NAMES = sorted(path.stem for path in shipped().glob("*.yaml"))
OWN = """
description: A slow logout.
rules:
  - {name: a, when: {operation: [logout, authorize]}, then: {delay: 1}}
  - {name: b, when: {operation: logout, mvpd: x}, then: {delay: 2}}
expect:
  - {name: waits, within: 2500, never: logout, say: Wait for it.}
  - {name: stays, never: create-session}
"""


def test_every_shipped_scenario_is_there() -> None:
    assert sorted(STEPS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_one_or_two_lines_for_a_person(name: str) -> None:
    one = step(Library().load(name))
    assert one.do.endswith(".")
    assert len(one.do) <= 160
    assert one.description.endswith(".")
    assert one.wanted
    assert all(said.endswith(".") for said in one.wanted)
    assert set(one.within) == set(one.expectations)


def test_a_scenario_of_ones_own() -> None:
    one = step(read_text(OWN.encode(), Path("mine.yaml")))
    assert one.do == "Use the app so that it calls logout or authorize."
    assert (one.wanted, one.expectations) == (("Wait for it.", "stays"), ("waits", "stays"))
    assert one.within == {"waits": 2.5}


def test_rules_for_every_operation() -> None:
    made = read_text(b"rules: [{name: a, then: {delay: 1}}]", Path("mine.yaml"))
    assert step(made).do == "Use the app so that it calls the API."
