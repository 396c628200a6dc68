"""Scenarios by the names in a recording's marks: the user's first, then the shipped ones, and never a path."""

from pathlib import Path

import pytest

from passlens.errors import UnknownScenarioError
from passlens.runner.known_scenarios import expected_of, known_scenarios

MINE = "rules:\n  - {name: a, then: {delay: 1}}\nexpect:\n  - {name: x, never: logout}\n"


def test_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "broken.yaml").write_text("rules: 3\n")
    find = known_scenarios(str(tmp_path))
    mine, shipped = find("mine"), find("pfs-fallback")
    assert mine is not None
    assert [expected.name for _, expected in mine.expectations()] == ["x"]
    assert shipped is not None
    assert shipped.name == "pfs-fallback"
    assert find("mine") is mine
    assert [find(name) for name in ("broken", "nobody", "", str(tmp_path / "mine.yaml"), "../mine")] == [None] * 5


def test_without_a_folder() -> None:
    assert known_scenarios("")("mine") is None
    assert known_scenarios("")("pfs-fallback") is not None


def test_those_that_were_asked_for(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE)
    assert [one.name for one in expected_of(("mine", "denied"), str(tmp_path))] == ["mine", "denied"]
    with pytest.raises(UnknownScenarioError, match="did you mean denied"):
        list(expected_of(("deneid",), ""))
