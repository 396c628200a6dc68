"""The head of a rule file: every shipped one says what the app should do."""

import pytest

from passlens.scenarios.library import shipped
from passlens.scenarios.prose import MAX_CHARS, prose


def test_a_heading_goes_on_in_indented_lines_up_to_the_next() -> None:
    text = "# x: y\n# What the app should do: one,\n#   two:\n#   three.\n# Page: four\n"
    assert prose(text) == "one, two: three."


@pytest.mark.parametrize("text", ["", "rules: []", "#", "# What the app should do", "\n" * 50 + "# Page: x"])
def test_without_a_heading_there_is_none(text: str) -> None:
    assert prose(text) is None


def test_it_is_bounded() -> None:
    assert len(prose(f"# What the app should do: {'x' * 5000}") or "") == MAX_CHARS


@pytest.mark.parametrize("path", sorted(shipped().glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_scenario_says_what_the_app_should_do(path: object) -> None:
    said = prose(path.read_text("utf-8"))  # type: ignore[attr-defined]
    assert said is not None
    assert said.endswith(".")
